"""The caller's alerts. Ticket and escalation are numbers, or null where the alert is about none."""

from typing import Annotated, TypedDict

from api.ask import instant, moment
from api.shapes.basic import Moment, Url
from notifications.enums import AlertKind
from notifications.models import Alert, Preferences


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


class UnreadShape(TypedDict):
    unread: int


class PreferencesShape(TypedDict):
    """`off` names kinds and channels that are not wanted, as `mention:email`; times are of the caller's zone."""

    off: list[str]
    calendar: int | None
    quiet_from: str | None
    quiet_until: str | None
    breaks_through: int
    digest_above: int
    digest_minutes: int


def preferences_shape(kept: Preferences) -> PreferencesShape:
    return {
        "off": kept.off,
        "calendar": kept.calendar_id,
        "quiet_from": f"{kept.quiet_from:%H:%M}" if kept.quiet_from else None,
        "quiet_until": f"{kept.quiet_until:%H:%M}" if kept.quiet_until else None,
        "breaks_through": kept.breaks_through,
        "digest_above": kept.digest_above,
        "digest_minutes": kept.digest_minutes,
    }


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
