"""Whose turn comes too late, at the pace of the team."""

from datetime import UTC, datetime, timedelta

from calendars.worktime import ALWAYS
from reports.forecast.reach import InLine, turns

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_each_takes_its_turn_in_the_order_of_due_times() -> None:
    line = [InLine(number, NOW + HOUR * number) for number in (1, 2, 3)]

    found = list(turns(line, pace=2.0, hours=ALWAYS, now=NOW))

    assert [one.turn_at for one in found] == [NOW + HOUR / 2, NOW + HOUR, NOW + HOUR * 1.5]
    assert not any(one.is_too_late for one in found)


def test_whoever_is_due_before_his_turn_is_too_late() -> None:
    line = [InLine(1, NOW + HOUR), InLine(2, NOW + HOUR)]

    found = list(turns(line, pace=1.0, hours=ALWAYS, now=NOW))

    assert [one.is_too_late for one in found] == [False, True]


def test_what_is_late_already_takes_its_turn_and_is_told_elsewhere() -> None:
    line = [InLine(1, NOW - HOUR), InLine(2, NOW + HOUR)]

    found = list(turns(line, pace=1.0, hours=ALWAYS, now=NOW))

    assert [(one.ticket, one.ahead, one.is_too_late) for one in found] == [(2, 1, True)]


def test_with_nobody_there_no_turn_comes() -> None:
    [found] = turns([InLine(1, NOW + HOUR)], pace=0.0, hours=ALWAYS, now=NOW)

    assert (found.turn_at, found.is_too_late) == (None, True)
