"""A person's alerts: the unread ones first, and which of them still want an acknowledgement."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.core import signing
from django.db.models import Count, Q
from django.utils.dateparse import parse_datetime

from escalation.enums import OPEN_STATES
from escalation.models import Escalation
from notifications.enums import AlertKind
from notifications.models import Alert
from notifications.querysets import AlertQuerySet
from people.models import User

PAGE = 50
SALT = "alerts"
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


class Place(NamedTuple):
    """Where a page begins: behind this alert, as it stood in the order when the page before was shown."""

    is_read: bool
    at: datetime
    pk: int

    def __str__(self) -> str:
        return signing.dumps([self.is_read, self.at.isoformat(), self.pk], salt=SALT)

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """None, which is the first page, for what is not ours."""
        try:
            is_read, at, pk = signing.loads(text, salt=SALT)
        except (signing.BadSignature, ValueError):
            return None
        moment = parse_datetime(at)
        return cls(is_read, moment, pk) if moment else None


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
    after: str = ""
    next: str = ""

    @property
    def shown_kinds(self) -> list[KindLook]:
        return [one for one in self.kinds if self.kind in {"", one.value}]

    @property
    def unread(self) -> int:
        return sum(one.unread for one in self.shown_kinds)

    @property
    def total(self) -> int:
        return sum(one.count for one in self.shown_kinds)


def alerts_look(user: User, *, after: str = "", kind: str = "") -> AlertsLook:
    """Four queries: the alerts, unread and read, their kinds, and the escalations that they speak of.

    A kind that is none is all; a page begins behind a place, however deep that is.
    """
    kind = kind if kind in AlertKind.values else ""
    everything = Alert.objects.for_person(user)
    mine = everything.filter(kind=kind) if kind else everything
    place = Place.read(after) if after else None
    found_alerts = _page(mine, place)
    alerts = found_alerts[:PAGE]
    numbers = {alert.escalation_number for alert in alerts if alert.escalation_number}
    found = Escalation.objects.visible_to(user).filter(number__in=numbers)
    escalations = {escalation.number: escalation for escalation in found}
    newest = {alert.escalation_number: alert.pk for alert in reversed(alerts)}
    rows = [
        _look(alert, escalations.get(alert.escalation_number or 0), newest[alert.escalation_number] == alert.pk)
        for alert in alerts
    ]
    last = alerts[-1] if len(found_alerts) > PAGE else None
    onward = str(Place(last.read_at is not None, last.created_at, last.pk)) if last else ""
    return AlertsLook(rows, _kinds(everything), kind, after if place else "", onward)


def _page(mine: AlertQuerySet, place: Place | None) -> list[Alert]:
    """One more than a page holds; each part is one walk along an index."""
    parts = [(False, mine.unread()), (True, mine.filter(read_at__isnull=False))]
    found: list[Alert] = []
    for is_read, part in parts[place.is_read if place else 0 :]:
        if place is not None and place.is_read is is_read:
            part = part.filter(Q(created_at__lt=place.at) | Q(created_at=place.at, pk__lt=place.pk))
        found += part.order_by("-created_at", "-pk")[: PAGE + 1 - len(found)]
    return found


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
