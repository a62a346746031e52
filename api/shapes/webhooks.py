"""Webhooks as the API shows them, to administrators: whom the desk calls, of what, and what became of each call."""

from typing import Annotated, TypedDict

from api.ask import instant, moment
from api.shapes.basic import Moment, Url
from notifications.enums import AlertKind, DeliveryState, HookEvent
from notifications.models import Delivery, Endpoint
from notifications.webhooks import message_id


class WebhookShape(TypedDict):
    """`teams` are short names, none of them where it hears of all; no secret is shown."""

    id: int
    name: str
    url: str
    events: list[Annotated[str, HookEvent]]
    alerts: list[Annotated[str, AlertKind]]
    teams: list[str]
    severity: int | None
    with_words: bool
    is_enabled: bool


class CallShape(TypedDict):
    """`webhook_id` is the same over all tries, so that the receiver knows a second one."""

    id: int
    webhook_id: str
    about: str
    ticket: int | None
    escalation: int | None
    state: Annotated[str, DeliveryState]
    tries: int
    next_try_at: Moment
    last_answer: str
    created_at: Moment
    sent_at: Moment | None


class WebhookPage(TypedDict):
    results: list[WebhookShape]
    next: Url | None


class CallPage(TypedDict):
    results: list[CallShape]
    next: Url | None


def webhook_shape(endpoint: Endpoint) -> WebhookShape:
    return {
        "id": endpoint.pk,
        "name": endpoint.name,
        "url": endpoint.url,
        "events": endpoint.events,
        "alerts": endpoint.kinds,
        "teams": sorted(team.slug for team in endpoint.teams.all()),
        "severity": endpoint.severity,
        "with_words": endpoint.with_words,
        "is_enabled": endpoint.is_enabled,
    }


def call_shape(call: Delivery) -> CallShape:
    return {
        "id": call.pk,
        "webhook_id": message_id(call),
        "about": call.subject,
        "ticket": call.ticket_number,
        "escalation": call.escalation_number,
        "state": call.state,
        "tries": call.attempts,
        "next_try_at": instant(call.next_try_at),
        "last_answer": call.last_error,
        "created_at": instant(call.created_at),
        "sent_at": moment(call.sent_at),
    }
