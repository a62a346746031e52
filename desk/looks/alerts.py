"""A person's alerts: the unread ones first, and which of them still want an acknowledgement."""

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Value, When

from escalation.enums import OPEN_STATES
from escalation.models import Escalation
from notifications.enums import AlertKind
from notifications.models import Alert
from people.models import User

PAGE = 50
MOST = 1000
ICONS = {
    AlertKind.WARNING: "clock-exclamation",
    AlertKind.BREACH: "alert-octagon",
    AlertKind.ESCALATION: "stairs-up",
    AlertKind.APPROVAL: "gavel",
    AlertKind.DECISION: "circle-check",
    AlertKind.OVERDUE: "clock-x",
    AlertKind.REPLY: "message-2",
    AlertKind.STATUS: "circle-half-2",
    AlertKind.MENTION: "at",
    AlertKind.HANDED: "arrows-exchange",
    AlertKind.AWAKE: "clock-play",
    AlertKind.DELIVERY: "mail-x",
}
TONES = {
    AlertKind.BREACH: "breach",
    AlertKind.OVERDUE: "breach",
    AlertKind.WARNING: "warn",
    AlertKind.DELIVERY: "breach",
}


@dataclass(frozen=True, slots=True)
class AlertLook:
    alert: Alert
    icon: str
    tone: str
    escalation: Escalation | None
    acknowledge: bool


@dataclass(frozen=True, slots=True)
class AlertsLook:
    rows: list[AlertLook]
    unread: int
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def alerts_look(user: User, *, shown: int = PAGE) -> AlertsLook:
    """Four queries: the alerts, two figures, and the escalations that they speak of."""
    mine = Alert.objects.for_person(user)
    read = Case(When(read_at=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    alerts = list(mine.order_by(read, "-created_at", "-pk")[:shown])
    numbers = {alert.escalation_number for alert in alerts if alert.escalation_number}
    found = Escalation.objects.visible_to(user).filter(number__in=numbers)
    escalations = {escalation.number: escalation for escalation in found}
    newest = {alert.escalation_number: alert.pk for alert in reversed(alerts)}
    rows = [
        _look(alert, escalations.get(alert.escalation_number or 0), newest[alert.escalation_number] == alert.pk)
        for alert in alerts
    ]
    return AlertsLook(rows, mine.unread().count(), mine.count())


def _look(alert: Alert, escalation: Escalation | None, is_newest: bool) -> AlertLook:
    """Whoever has an alert of an escalation may acknowledge it; the button stands on the first in the list."""
    waits = escalation is not None and not escalation.is_acknowledged and escalation.state in OPEN_STATES
    kind = AlertKind(alert.kind)
    return AlertLook(
        alert=alert,
        icon=ICONS.get(kind, "bell"),
        tone="" if alert.read_at else TONES.get(kind, ""),
        escalation=escalation,
        acknowledge=waits and is_newest,
    )
