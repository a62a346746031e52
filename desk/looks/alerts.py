"""A person's alerts: the unread ones first, and which of them still want an acknowledgement."""

from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, Value, When

from escalation.enums import OPEN_STATES
from escalation.models import Escalation
from notifications.enums import AlertKind
from notifications.models import Alert
from notifications.querysets import AlertQuerySet
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
class KindLook:
    """One kind of which the reader was told: how many, and how many of them are unread."""

    value: str
    words: str
    count: int
    unread: int


@dataclass(frozen=True, slots=True)
class AlertsLook:
    rows: list[AlertLook]
    kinds: list[KindLook]
    kind: str = ""

    @property
    def shown_kinds(self) -> list[KindLook]:
        return [one for one in self.kinds if self.kind in {"", one.value}]

    @property
    def unread(self) -> int:
        return sum(one.unread for one in self.shown_kinds)

    @property
    def total(self) -> int:
        return sum(one.count for one in self.shown_kinds)

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def alerts_look(user: User, *, shown: int = PAGE, kind: str = "") -> AlertsLook:
    """Three queries: the alerts, their kinds, and the escalations that they speak of. A kind that is none is all."""
    kind = kind if kind in AlertKind.values else ""
    everything = Alert.objects.for_person(user)
    mine = everything.filter(kind=kind) if kind else everything
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
    return AlertsLook(rows, _kinds(everything), kind)


def _kinds(alerts: AlertQuerySet) -> list[KindLook]:
    """In the order in which the kinds are told."""
    counted = alerts.order_by().values_list("kind").annotate(n=Count("pk"), unread=Count("pk", filter=Q(read_at=None)))
    found = {kind: (count, unread) for kind, count, unread in counted}
    return [KindLook(one.value, str(one.label), *found[one.value]) for one in AlertKind if one.value in found]


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
