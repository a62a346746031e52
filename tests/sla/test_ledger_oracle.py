"""`ledger.replay` against a clock that is wound by hand; `make oracle` compares 100,000 ledgers with pauses."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from sla import ledger
from sla.enums import EntryKind
from sla.ledger import SegmentKind, next_moment, replay
from tests.calendars.mutants import FOUND, mutant
from tests.calendars.oracle import MINUTE
from tests.calendars.scenes import CASES, FULL, PARTS
from tests.sla.by_hand import WoundByHand
from tests.sla.histories import KINDS, History, histories

in_parts = pytest.mark.parametrize("part", range(PARTS))


def compare(history: History, replay=replay) -> WoundByHand:
    hand = WoundByHand()
    hand.live(history.lines, history.until_minute)
    due = hand.due(history.until_minute)

    account = replay(history.entries, until=history.until)

    assert account.state == hand.state, history
    assert account.used == hand.used * MINUTE, history
    assert account.paused == hand.paused * MINUTE, history
    assert account.missed_at == _instant(history, hand.reached), history
    assert account.due_at == _instant(history, due), history
    return hand


def _instant(history: History, minute: int | None) -> datetime | None:
    return None if minute is None else history.scene.origin + minute * MINUTE


@in_parts
def test_an_account_is_what_a_clock_wound_by_hand_shows(part):
    drawn = 2 * CASES if FULL else CASES

    with_pauses = [compare(history).was_paused for history in histories("accounts", part, drawn)]

    # Of the full size, as many have a pause in them as there are questions of another kind.
    assert sum(with_pauses) >= drawn * 2 // 5 // PARTS
    assert not FULL or sum(with_pauses) >= CASES // PARTS


@in_parts
def test_the_segments_of_an_account_lie_end_to_end_and_add_up(part):
    for history in histories("segments", part, CASES // 3):
        account = replay(history.entries, until=history.until)
        segments = account.segments

        assert sum((segment.counted for segment in segments), timedelta()) == account.used, history
        assert account.used + account.remaining == account.target, history
        assert all(segment.from_ < segment.to for segment in segments), history
        assert all(earlier.to == later.from_ for earlier, later in pairwise(segments)), history
        assert not segments or (segments[0].from_, segments[-1].to) == (history.entries[0].at, history.until), history
        assert all(bool(segment.counted) == (segment.kind == SegmentKind.RUNNING) for segment in segments), history


@in_parts
def test_a_due_time_stays_where_it_is_until_something_happens(part):
    for history in histories("staying", part, CASES // 3):
        entries = [entry for entry in history.entries if entry.at <= history.until]
        later = history.until + history.scene.chance("later").randint(1, 5000) * MINUTE

        assert replay(entries, until=later).due_at == replay(entries, until=history.until).due_at, history


@in_parts
def test_every_moment_comes_once_in_order_and_then_no_more(part):
    for history in histories("moments", part, CASES // 3):
        chance = history.scene.chance("thresholds")
        thresholds = chance.sample(range(1, 151), chance.randint(0, 4))
        account = replay(history.entries, until=history.until)
        fired: list[str] = []
        times: list[datetime] = []

        while (moment := next_moment(account, thresholds, fired)) is not None:
            fired.append(moment.kind)
            times.append(moment.at)

        expected = {f"warning:{percent}" for percent in thresholds} | {"due"}
        assert set(fired) == (expected if account.state == SegmentKind.RUNNING else set()), history
        assert len(fired) == len(set(fired)), history
        assert times == sorted(times), history


_AHEAD = "self.calendar.due(self.until, amount - self.used)"
# What the field got wrong, and what this code could: a line each.
SLIPS = {
    "a pause does not stop the clock": (
        "(SegmentKind.RUNNING, EntryKind.PAUSED): SegmentKind.PAUSED",
        "(SegmentKind.RUNNING, EntryKind.PAUSED): SegmentKind.RUNNING",
    ),
    "a pause is measured on the wall": ("self.calendar.worked(from_, to) if", "(to - from_) if"),
    "a pause moves the due time by its length": (
        _AHEAD,
        "self.calendar.due(self.until, amount - self.used) + self.paused",
    ),
    "what was used before a pause is lost": (_AHEAD, "self.calendar.due(self.until, amount)"),
    "an answer does not stop a paused clock": (
        "(SegmentKind.PAUSED, EntryKind.MET): SegmentKind.STOPPED",
        "(SegmentKind.PAUSED, EntryKind.MET): SegmentKind.PAUSED",
    ),
    "a solved clock runs on when the customer writes": (
        "(SegmentKind.STOPPED, EntryKind.REOPENED): SegmentKind.RUNNING",
        "(SegmentKind.STOPPED, EntryKind.RESUMED): SegmentKind.RUNNING",
    ),
    "closed hours are counted": (
        "for opened, closed in self.calendar.intervals(self.at, to):",
        "for opened, closed in [(self.at, to)]:",
    ),
    "another calendar is not heard of": ("if entry.calendar is not None:", "if False:"),
    "another target is not heard of": ("if entry.target is not None and entry.target != self.target:", "if False:"),
    "the same target again begins anew": ("entry.target is not None and entry.target != self.target", "entry.target"),
    "a target cut short was missed before it was set": ("segment.from_ >= self.target_since and ", ""),
    "a target cut short is due at night": ("return self.calendar.next_open(self.until)", "return self.until"),
    "a time that goes backwards is believed": (
        "at = max(entry.at.astimezone(UTC), at)",
        "at = entry.at.astimezone(UTC)",
    ),
    "what is written later is known before": ("        if at > until:\n            break\n", ""),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_the_hand_finds_the_slip(slip, monkeypatch):
    changed = mutant(monkeypatch, ledger, *SLIPS[slip])

    with pytest.raises(FOUND):
        for history in histories("slips", count=15_000, parts=1):
            compare(history, changed.replay)


def test_the_hand_knows_every_kind_of_entry():
    assert set(EntryKind) == set(KINDS)
