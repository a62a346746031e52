"""`ledger.replay` against a clock that is wound on minute by minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, pairwise

from hypothesis import given
from hypothesis import strategies as st

from calendars.worktime import ALWAYS, WorkTime
from sla.enums import EntryKind
from sla.ledger import Entry, SegmentKind, next_moment, replay
from tests.calendars.oracle import DAY_MINUTES, MINUTE, MinuteByMinute
from tests.calendars.strategies import ZONES, invariant_settings, oracle_settings, scenes, twins

_COMMON = [EntryKind.PAUSED, EntryKind.RESUMED, EntryKind.RETARGETED, EntryKind.MET, EntryKind.REOPENED]
KINDS = st.sampled_from([*EntryKind, *_COMMON, EntryKind.PAUSED, EntryKind.RETARGETED])
ROUND_THE_CLOCK = MinuteByMinute("UTC", [(weekday, 0, DAY_MINUTES) for weekday in range(7)], set())


@dataclass(frozen=True)
class Case:
    entries: Sequence[Entry]
    until: datetime
    oracles: dict[WorkTime, MinuteByMinute]


class WoundByHand:
    """A clock in plain steps: what an entry does is spelled out, and every minute is looked at."""

    def __init__(self, oracles: dict[WorkTime, MinuteByMinute]) -> None:
        self.oracles = oracles
        self.state, self.used, self.paused, self.target = "new", 0, 0, 0
        self.calendar: WorkTime = ALWAYS
        self.reached: datetime | None = None

    def take(self, entry: Entry) -> None:
        kind, old = entry.kind, self.state
        if kind == "started" and old == "new":
            self.state = "running"
        if kind == "paused" and old == "running":
            self.state = "paused"
        if kind == "resumed" and old == "paused":
            self.state = "running"
        if kind in ("met", "cancelled", "set_aside"):
            self.state = "stopped"
        if kind == "reopened" and old == "stopped":
            self.state = "running"
        self.calendar = entry.calendar or self.calendar
        if entry.target is not None and entry.target != self.target * MINUTE:
            self.target, self.reached = entry.target // MINUTE, None

    def wind(self, start: datetime, end: datetime | None) -> None:
        """Up to `end`, or until the target is used up."""
        for at, works in self.oracles[self.calendar].minutes(start):
            if at == end or (end is None and self.reached):
                return
            if works:
                self._work(at)

    def _work(self, at: datetime) -> None:
        if self.state == "paused":
            self.paused += 1
        if self.state == "running":
            self.reached = self.reached or (at if self.used >= self.target else None)
            self.used += 1
            self.reached = self.reached or (at + MINUTE if self.used >= self.target else None)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    scene = draw(scenes())
    start = scene.start
    both = [scene.twin, draw(twins(draw(st.sampled_from(ZONES)), start))]
    oracles: dict[WorkTime, MinuteByMinute] = {ALWAYS: ROUND_THE_CLOCK} | {t.calendar: t.oracle for t in both}
    longest = min(DAY_MINUTES // 2, *(twin.weekly for twin in both))
    some = (st.integers(1, longest) | st.integers(1, min(longest, 60))).map(lambda number: number * MINUTE)
    targets = st.sampled_from(draw(st.lists(some, min_size=1, max_size=3)))
    calendars = st.sampled_from([ALWAYS, *oracles])
    entries = [Entry(start, "started", draw(targets), draw(calendars))]
    for _ in range(draw(st.integers(0, 8))):
        at = entries[-1].at + draw(st.integers(0, 60) | st.integers(0, 600)) * MINUTE
        kind = draw(KINDS)
        if kind == "retargeted":
            entries.append(Entry(at, kind, draw(st.none() | targets), draw(st.none() | calendars)))
        else:
            entries.append(Entry(at, kind))
    until = draw(st.sampled_from(entries)).at + draw(st.just(0) | st.integers(0, 300) | st.integers(0, 4000)) * MINUTE
    return Case(entries, until, oracles)


@oracle_settings
@given(cases())
def test_an_account_is_what_a_clock_wound_by_hand_shows(case: Case) -> None:
    hand = WoundByHand(case.oracles)
    happened = [entry for entry in case.entries if entry.at <= case.until]
    for entry, end in zip(happened, chain((e.at for e in happened[1:]), [case.until]), strict=True):
        hand.take(entry)
        hand.wind(entry.at, end)

    account = replay(case.entries, until=case.until)

    assert account.state == hand.state
    assert account.used == hand.used * MINUTE
    assert account.paused == hand.paused * MINUTE
    assert account.missed_at == hand.reached
    if hand.state == "running":
        hand.wind(case.until, None)
        assert account.due_at == hand.reached
    else:
        assert account.due_at is None


@invariant_settings
@given(cases())
def test_the_segments_of_an_account_lie_end_to_end_and_add_up(case: Case) -> None:
    account = replay(case.entries, until=case.until)

    segments = account.segments
    assert sum((segment.counted for segment in segments), timedelta()) == account.used
    assert account.used + account.remaining == account.target
    assert all(segment.from_ < segment.to for segment in segments)
    assert all(earlier.to == later.from_ for earlier, later in pairwise(segments))
    assert not segments or (segments[0].from_, segments[-1].to) == (case.entries[0].at, case.until)
    assert all(bool(segment.counted) == (segment.kind == SegmentKind.RUNNING) for segment in segments)


@invariant_settings
@given(cases(), st.integers(1, 5000))
def test_a_due_time_stays_where_it_is_until_something_happens(case: Case, later: int) -> None:
    entries = [entry for entry in case.entries if entry.at <= case.until]

    account = replay(entries, until=case.until)

    assert replay(entries, until=case.until + later * MINUTE).due_at == account.due_at


@invariant_settings
@given(cases(), st.sets(st.integers(1, 150), max_size=4))
def test_every_moment_comes_once_in_order_and_then_no_more(case: Case, thresholds: set[int]) -> None:
    account = replay(case.entries, until=case.until)
    fired: list[str] = []
    times: list[datetime] = []

    while (moment := next_moment(account, thresholds, fired)) is not None:
        fired.append(moment.kind)
        times.append(moment.at)

    expected = {f"warning:{percent}" for percent in thresholds} | {"due"}
    assert set(fired) == (expected if account.state == SegmentKind.RUNNING else set())
    assert len(fired) == len(set(fired))
    assert times == sorted(times)
