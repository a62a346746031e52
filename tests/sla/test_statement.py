"""A statement's lines are rounded to whole seconds, and add up all the same."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.worktime import ALWAYS, Period, WorkCalendar
from sla.ledger import Entry
from sla.statement import LineKind, Statement, even, statement
from tests.calendars.scenes import CASES, ZONES
from tests.sla.histories import histories
from tests.sla.test_ledger_oracle import in_parts

pytestmark = pytest.mark.once
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
NOTHING = timedelta()
OFFICE = WorkCalendar("UTC", [Period(day, time(9), time(17)) for day in range(5)])
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def floor(at: datetime, unit: timedelta) -> datetime:
    return at - (at - datetime.min.replace(tzinfo=UTC)) % unit


def told(*entries: Entry, until: datetime, zone: str = "UTC") -> Statement:
    return statement(entries, until=until, zone=ZoneInfo(zone))


@in_parts
def test_the_lines_add_up_to_the_second_whatever_the_fractions(part):
    for history in histories("statements", part, CASES // 10):
        chance = history.scene.chance(f"crumbs {history.until}")
        # Every entry falls somewhere inside its minute, in the same order.
        crumbs = sorted(chance.randrange(60_000_000) for _ in range(10))
        entries = [
            replace(e, at=e.at + timedelta(microseconds=crumb))
            for e, crumb in zip(history.entries, crumbs, strict=False)
        ]
        until = history.until + timedelta(microseconds=crumbs[-1])

        adds_up(statement(entries, until=until, zone=ZoneInfo(chance.choice(ZONES))))


def adds_up(found: Statement) -> None:
    assert sum((line.counted for line in found.lines), NOTHING) == found.used
    assert found.used + found.left == found.account.target
    assert abs(found.used - found.account.used) < SECOND
    assert all(abs(line.counted - (line.to - line.at)) < SECOND for line in found.lines if line.counted)
    stretches = [line for line in found.lines if line.to > line.at]
    assert all(one.to == other.at for one, other in pairwise(stretches))
    if found.ahead and found.account.remaining > NOTHING:
        assert sum((line.counted for line in found.ahead), NOTHING) == found.left
        begins, due = found.ahead[0].at, found.due_at
        shut = due - begins - found.account.remaining
        assert floor(begins, SECOND) + found.left + shut == floor(due, SECOND)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.timedeltas(NOTHING, 9 * HOUR), max_size=9), st.booleans(), st.sampled_from([SECOND, MINUTE]))
def test_rounded_amounts_have_the_sum_that_is_asked_for(amounts, up, unit):
    total = sum(amounts, NOTHING)
    asked = -(-total // unit) * unit if up else total // unit * unit

    rounded = even(amounts, asked, unit)

    assert sum(rounded, NOTHING) == asked
    assert all(abs(one - other) < unit and one % unit == NOTHING for one, other in zip(rounded, amounts, strict=True))


def test_a_clock_round_the_clock_is_told_day_by_day_of_the_reader():
    start = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)

    found = told(Entry(start, "started", 48 * HOUR, ALWAYS), until=start + 30 * HOUR, zone="America/Sao_Paulo")

    # Midnight in São Paulo is 03:00 in UTC.
    assert [line.counted for line in found.lines] == [7 * HOUR, 23 * HOUR]
    assert [line.counted for line in found.ahead] == [HOUR, 17 * HOUR]


def test_the_miss_stands_between_what_was_counted_before_it_and_after():
    found = told(Entry(MONDAY, "started", 2 * HOUR, OFFICE), until=MONDAY + 3 * HOUR)

    assert [(line.kind, line.at, line.counted) for line in found.lines] == [
        (LineKind.RUNNING, MONDAY, 2 * HOUR),
        (LineKind.MISSED, MONDAY + 2 * HOUR, NOTHING),
        (LineKind.RUNNING, MONDAY + 2 * HOUR, HOUR),
    ]
    assert (found.left, found.due_at) == (-HOUR, MONDAY + 2 * HOUR)


def test_other_terms_are_a_line_of_their_own_with_what_they_were_before():
    entries = [
        Entry(MONDAY, "started", 8 * HOUR, OFFICE, "Gold 1", hours="Office 1"),
        Entry(MONDAY + HOUR, "retargeted", 2 * HOUR, ALWAYS, "Gold 2", "priority changed to urgent", "Anna"),
        # The same once more is no change.
        Entry(MONDAY + HOUR, "retargeted", 2 * HOUR, ALWAYS, "Gold 2", "the policy changed"),
    ]

    found = told(*entries, until=MONDAY + 1.5 * HOUR)

    changes = [line for line in found.lines if line.kind == LineKind.RETARGETED]
    assert [(line.reason, line.by) for line in changes] == [("priority changed to urgent", "Anna")]
    assert (changes[0].before.target, changes[0].after.target) == (8 * HOUR, 2 * HOUR)
    assert (changes[0].before.hours, changes[0].after.hours) == ("Office 1", "")
    assert found.due_at == MONDAY + 2 * HOUR


def test_why_it_runs_is_said_once_and_not_on_every_day():
    entries = [
        Entry(MONDAY, "started", 40 * HOUR, OFFICE, reason="Opened", by="Cora"),
        Entry(MONDAY + 26 * HOUR, "paused", reason="asked for the receipt", by="Anna"),
    ]

    found = told(*entries, until=MONDAY + 27 * HOUR)

    assert [line.reason for line in found.lines] == ["Opened", "", "", "asked for the receipt"]
    assert found.lines[-1].paused == HOUR
    assert found.due_at is None and found.ahead == ()
