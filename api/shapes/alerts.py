"""The caller's alerts. Ticket and escalation are numbers, or null where the alert is about none."""

from typing import Annotated, TypedDict

from api.ask import instant, moment
from api.shapes.basic import Moment, Url
from notifications.enums import AlertKind
from notifications.models import Alert


class AlertShape(TypedDict):
    id: int
    kind: Annotated[str, AlertKind]
    title: str
    body: str
    ticket: int | None
    escalation: int | None
    created_at: Moment
    read_at: Moment | None


class AlertPage(TypedDict):
    results: list[AlertShape]
    next: Url | None


def alert_shape(alert: Alert) -> AlertShape:
    return {
        "id": alert.pk,
        "kind": alert.kind,
        "title": alert.title,
        "body": alert.body,
        "ticket": alert.ticket_number,
        "escalation": alert.escalation_number,
        "created_at": instant(alert.created_at),
        "read_at": moment(alert.read_at),
    }
