"""The rail: its lines with their figures, as its component draws them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk.looks.addresses import address
from desk.looks.inbox.counts import TeamLine
from desk.looks.inbox.views import VIEWS


@dataclass(frozen=True, slots=True)
class RailLine:
    """`item` is its name, by which a page says where it belongs; `step` draws the ladder instead of an icon."""

    item: str
    url: str
    title: str
    count: int | None = None
    icon: str = ""
    step: str = ""
    tone: str = ""
    key: str = ""
    # Words in place of the figure.
    note: str = ""


class _Room(NamedTuple):
    item: str
    address: str
    title: Promise
    icon: str = ""
    step: str = ""
    tone: str = ""
    key: str = ""


_ROOMS = (
    _Room("inbox", "desk:inbox", _("Inbox"), icon="inbox", key="g i"),
    _Room("escalations", "desk:escalations", _("Escalations"), step="3", tone="esc", key="g e"),
    _Room("decisions", "desk:decisions", _("Decisions"), icon="gavel", tone="esc", key="g d"),
    _Room("reviews", "desk:reviews", _("Reviews"), icon="clipboard-check", tone="breach"),
    _Room("alerts", "desk:alerts", _("Alerts"), icon="bell", tone="breach", key="g a"),
    _Room("rooms", "desk:chat", _("Rooms"), icon="message-circle", tone="warn", key="g r"),
    _Room("customers", "desk:customers", _("Customers"), icon="building-store", key="g c"),
    _Room("reports", "desk:reports", _("Reports"), icon="chart-line"),
)
_VIEW_ICONS = {
    "do-next": "list-check",
    "past-due": "alert-octagon",
    "due-hour": "clock-exclamation",
    "urgent-unowned": "user-off",
    "mentions": "at",
    "snoozed": "clock-pause",
    "waiting": "player-pause",
}
_VIEW_TONES = {"past-due": "breach", "due-hour": "warn"}


def rooms(counts: Mapping[str, int]) -> list[RailLine]:
    return [
        RailLine(
            item=room.item,
            url=address(room.address),
            title=str(room.title),
            count=counts.get(room.item),
            icon=room.icon,
            step=room.step,
            tone=room.tone,
            key=room.key,
        )
        for room in _ROOMS
    ]


def views(counts: Mapping[str, int]) -> list[RailLine]:
    inbox = address("desk:inbox")
    return [
        RailLine(
            item=name,
            url=f"{inbox}?view={name}",
            title=str(VIEWS[name].words),
            count=counts[name.replace("-", "_")],
            icon=icon,
            tone=_VIEW_TONES.get(name, ""),
        )
        for name, icon in _VIEW_ICONS.items()
    ]


def teams(found: Sequence[TeamLine]) -> list[RailLine]:
    inbox = address("desk:inbox")
    return [
        RailLine(f"team:{team.slug}", f"{inbox}?team={team.slug}", team.name, team.count, team.icon) for team in found
    ]
