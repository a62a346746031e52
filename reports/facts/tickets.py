"""What became of a ticket, from whose it was and what was done on it. Pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple


class Spell(NamedTuple):
    """From when to when it was whose; `ended_at` is None of the one that goes on."""

    owner: int | None
    team: int | None
    started_at: datetime
    ended_at: datetime | None


class Deed(NamedTuple):
    """A colleague's reply or note."""

    actor: int | None
    at: datetime
    is_reply: bool


class Course(NamedTuple):
    """A ticket's way through the desk, by the names of `TicketFact`."""

    first_team: int | None
    hand_offs: int
    bounces: int
    reopens: int
    parties: int
    replies: int
    first_reply_at: datetime | None
    unowned_seconds: int
    unowned_since: datetime | None


def course(spells: Sequence[Spell], deeds: Sequence[Deed], restored: Collection[datetime]) -> Course:
    """`spells` in their order; `restored` are the times at which it came back from the trash."""
    hand_offs, bounces = _moves(spells)
    replies = [deed.at for deed in deeds if deed.is_reply]
    people = {spell.owner for spell in spells} | {deed.actor for deed in deeds}
    nobodys = [spell for spell in spells if spell.owner is None]
    return Course(
        first_team=spells[0].team if spells else None,
        hand_offs=hand_offs,
        bounces=bounces,
        reopens=_reopens(spells, restored),
        parties=len(people - {None}),
        replies=len(replies),
        first_reply_at=min(replies, default=None),
        unowned_seconds=sum(seconds(spell.started_at, spell.ended_at) for spell in nobodys if spell.ended_at),
        unowned_since=next((spell.started_at for spell in nobodys if spell.ended_at is None), None),
    )


def owner_at(spells: Iterable[Spell], at: datetime) -> int | None:
    """Whose it was at an instant; of two that meet there the later one."""
    found = [spell for spell in spells if spell.started_at <= at and (spell.ended_at is None or at <= spell.ended_at)]
    return found[-1].owner if found else None


def seconds(since: datetime, until: datetime) -> int:
    """Whole ones; two processes' clocks may differ by more than lies between two instants."""
    return max(0, int((until - since).total_seconds()))


def _moves(spells: Sequence[Spell]) -> tuple[int, int]:
    """How often it came to another team or from one person to another, and how often back to a team that had had it."""
    hand_offs = bounces = 0
    teams: set[int | None] = set()
    team: int | None = None
    owner: int | None = None
    for number, spell in enumerate(spells):
        is_elsewhere = number > 0 and spell.team != team
        hand_offs += is_elsewhere or (spell.owner is not None and owner is not None and spell.owner != owner)
        bounces += is_elsewhere and spell.team in teams
        team, owner = spell.team, spell.owner or owner
        teams.add(team)
    return hand_offs, bounces


def _reopens(spells: Sequence[Spell], restored: Collection[datetime]) -> int:
    """It was done for a while, and was nobody's and no team's business: so it has no spell there."""
    ends = [spell.ended_at for spell in spells[:-1]]
    begins = [spell.started_at for spell in spells[1:]]
    return sum(
        ended is not None and ended < begun and begun not in restored for ended, begun in zip(ends, begins, strict=True)
    )
