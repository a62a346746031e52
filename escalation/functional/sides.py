"""Who held a ticket for how much of the customer's time (R42). Pure.

Nothing here is stored and nothing is measured a second time: the time that the customer's clock has counted is cut at
the moments at which the ticket changed hands. So the parts add up to the clock by construction, whatever pauses,
policies, calendars, a merge or a reopening have made of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sla.ledger import Segment

_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Move:
    """From `at` on it is with a team, named by its key; None for no team."""

    at: datetime
    team: int | None


@dataclass(frozen=True, slots=True)
class Offer:
    """From `at` to `until` a team was asked to take it and had not said; None while it has not yet."""

    at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit to a team. `counted` of the customer's clock, and how much of that went by before it was accepted."""

    team: int | None
    from_: datetime
    to: datetime
    counted: timedelta
    unaccepted: timedelta = _NOTHING


def stays(segments: Sequence[Segment], moves: Sequence[Move], offers: Sequence[Offer] = ()) -> list[Stay]:
    """The visits in their order. Their `counted` add up to that of the segments, to the microsecond.

    Of several moves at one instant the last counts. What lies before the first move is that one's; without any it is
    all nobody's. A visit during which nothing was counted is listed, as long as it lasted.
    """
    if not segments:
        return []
    begins, ends = segments[0].from_, segments[-1].to
    found = [Stay(team, from_, to, _NOTHING) for team, from_, to in _visits(moves, begins, ends)]
    return [_counted(visit, segments, offers) for visit in found]


def by_team(found: Iterable[Stay]) -> dict[int | None, timedelta]:
    """What each team had of it in all, in the order of their first visits."""
    sums: dict[int | None, timedelta] = {}
    for stay in found:
        sums[stay.team] = sums.get(stay.team, _NOTHING) + stay.counted
    return sums


def _visits(moves: Sequence[Move], begins: datetime, ends: datetime) -> Iterator[tuple[int | None, datetime, datetime]]:
    """End to end from the one instant to the other; each but an only one lasts."""
    # Sorting keeps the order of those at one instant, and of these the last stays in the table.
    teams = {move.at: move.team for move in sorted(moves, key=lambda move: move.at)}
    team, since = next(iter(teams.values()), None), begins
    for at, to in teams.items():
        if to != team and at < ends:
            if at > since:
                yield team, since, at
            team, since = to, max(at, since)
    yield team, since, ends


def _counted(visit: Stay, segments: Sequence[Segment], offers: Sequence[Offer]) -> Stay:
    unaccepted = (
        _within(segments, max(visit.from_, offer.at), min(visit.to, offer.until or visit.to)) for offer in offers
    )
    return replace(visit, counted=_within(segments, visit.from_, visit.to), unaccepted=sum(unaccepted, _NOTHING))


def _within(segments: Sequence[Segment], begins: datetime, ends: datetime) -> timedelta:
    """Of what was counted, that between the two instants: a segment counts as a whole or not at all."""
    cuts = (min(one.to, ends) - max(one.from_, begins) for one in segments if one.counted)
    return sum((cut for cut in cuts if cut > _NOTHING), _NOTHING)
