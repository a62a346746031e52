"""How the live board reads: each number with the search that finds its tickets, each mark with its sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus

from django.utils.translation import gettext as _

from desk.looks.addresses import address
from people.models import User
from reports.live import Board, Load, PersonNow, TeamNow
from reports.unusual import Usual

# What the search calls each column.
_TERMS = {
    "open": "",
    "unowned": "is:unowned",
    "past": "due:<0m",
    "hour": "due:<1h",
    "four_hours": "due:<4h",
    "day": "due:<24h",
}
_TONES = {"past": "breach", "hour": "warn"}


@dataclass(frozen=True, slots=True)
class Number:
    name: str
    count: int
    url: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class TeamRow:
    name: str
    there: str
    numbers: list[Number]
    arrived: Number
    marks: list[str]


@dataclass(frozen=True, slots=True)
class PersonRow:
    person: User
    note: str
    numbers: list[Number]


@dataclass(frozen=True, slots=True)
class BoardLook:
    heads: list[Number]
    columns: list[str]
    teams: list[TeamRow]
    people: list[PersonRow]
    unusual: int


def board_look(board: Board) -> BoardLook:
    names = _names()
    rows = [_team_row(one, names) for one in board.teams]
    return BoardLook(
        heads=_heads(board, names),
        columns=list(names.values()),
        teams=rows,
        people=[_person_row(one, names) for one in board.people],
        unusual=sum(bool(row.marks) for row in rows),
    )


def _heads(board: Board, names: Mapping[str, str]) -> list[Number]:
    everywhere = _numbers(board.load, "", names)
    urgent = _search("is:open", "is:unowned", "priority:urgent")
    waiting, owing = address("desk:decisions"), f"{address('desk:escalations')}?look=list&due=1"
    return [
        *everywhere,
        Number(_("Urgent and unowned"), board.urgent_unowned, urgent, "breach" if board.urgent_unowned else ""),
        Number(_("Promises due"), board.promises, owing, "warn" if board.promises else ""),
        Number(_("Decisions waiting"), board.decisions, waiting),
    ]


def _names() -> dict[str, str]:
    return {
        "open": _("Open"),
        "unowned": _("Unowned"),
        "past": _("Past due"),
        "hour": _("Within 1 h"),
        "four_hours": _("Within 4 h"),
        "day": _("Within 24 h"),
    }


def _numbers(load: Load, whose: str, names: Mapping[str, str]) -> list[Number]:
    counts = [(key, name, getattr(load, key)) for key, name in names.items()]
    return [
        Number(name, count, _search("is:open", whose, _TERMS[key]), _TONES.get(key, "") if count else "")
        for key, name, count in counts
    ]


def _search(*terms: str) -> str:
    words = " ".join(term for term in terms if term)
    return f"{address('desk:inbox')}?q={quote_plus(words)}"


def _team_row(one: TeamNow, names: Mapping[str, str]) -> TeamRow:
    whose = f"team:{one.team.slug}" if one.team is not None else "team:none"
    name = one.team.name if one.team is not None else _("No team")
    there = _("%(there)d of %(all)d there") % {"there": one.there, "all": one.people} if one.team is not None else ""
    came = Number(_("Came in 1 h"), one.arrived, _search("created:<1h", whose, "-is:merged"))
    return TeamRow(name, there, _numbers(one.load, whose, names), came, _marks(one))


def _marks(one: TeamNow) -> list[str]:
    """Only what is unusual is said."""
    said: Sequence[tuple[Usual | None, str, str]] = (
        (
            one.usual_open,
            _("More open than the usual %(usual)d of this hour."),
            _("Less open than the usual %(usual)d of this hour."),
        ),
        (
            one.usual_arrived,
            _("More came than the usual %(usual)d an hour."),
            _("Less came than the usual %(usual)d an hour."),
        ),
    )
    return [
        (more if known.mark > 0 else less) % {"usual": round(known.value)}
        for known, more, less in said
        if known is not None and known.mark
    ]


def _person_row(one: PersonNow, names: Mapping[str, str]) -> PersonRow:
    note = _("away") if one.is_away else _("full") if one.is_full else ""
    owned = {key: name for key, name in names.items() if key != "unowned"}
    return PersonRow(one.person, note, _numbers(one.load, f"assignee:{one.person.email}", owned))
