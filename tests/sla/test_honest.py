"""Pauses held against what was said before them and against their clock."""

from datetime import UTC, datetime, time, timedelta

import pytest

from calendars.worktime import ALWAYS, Period, WorkCalendar
from sla.honest import Judged, Sign, Word, judge
from sla.ledger import Entry

pytestmark = pytest.mark.once
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OFFICE = WorkCalendar("UTC", [Period(day, time(9), time(17)) for day in range(5)])
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TUESDAY, WEDNESDAY = MONDAY + 24 * HOUR, MONDAY + 48 * HOUR
OPENING = Word(MONDAY, by_customer=True, asks=True)


def ours(at: datetime, *, asks: bool) -> Word:
    return Word(at, by_customer=False, asks=asks)


def theirs(at: datetime) -> Word:
    return Word(at, by_customer=True, asks=False)


def clock(paused: datetime, resumed: datetime | None, target: timedelta = 8 * HOUR, calendar=OFFICE) -> list[Entry]:
    entries = [Entry(MONDAY, "started", target, calendar), Entry(paused, "paused", reason="waiting", by="Anna")]
    return [*entries, Entry(resumed, "resumed")] if resumed else entries


def judged(entries: list[Entry], *words: Word, until: datetime = TUESDAY + 8 * HOUR) -> Judged:
    return judge(entries, [OPENING, *words], until=until)


def signs(*given) -> set[Sign]:
    return {sign for pause in judged(*given).pauses for sign in pause.signs}


def test_a_pause_after_a_question_is_justified():
    found = judged(clock(MONDAY + HOUR, MONDAY + 3 * HOUR), ours(MONDAY + HOUR, asks=True))

    assert [pause.signs for pause in found.pauses] == [()]
    assert found.unjustified == ()
    assert found.honest is found.reported


def test_a_pause_after_a_message_that_asked_nothing_looks_unjustified():
    found = judged(clock(MONDAY + HOUR, MONDAY + 3 * HOUR), ours(MONDAY + 30 * MINUTE, asks=False))

    assert found.unjustified[0].signs == (Sign.NOTHING_ASKED,)
    assert found.unjustified[0].worked == 2 * HOUR


def test_a_pause_minutes_after_the_customer_wrote_looks_unjustified_though_something_was_asked_before():
    paused = MONDAY + 2 * HOUR
    found = judged(clock(paused, paused + HOUR), ours(MONDAY + HOUR, asks=True), theirs(paused - 3 * MINUTE))

    assert found.unjustified[0].signs == (Sign.CUSTOMER_WAITED,)
    assert found.unjustified[0].word_at == paused - 3 * MINUTE


def test_what_is_said_afterwards_justifies_nothing():
    found = judged(clock(MONDAY + HOUR, MONDAY + 3 * HOUR), ours(MONDAY + 2 * HOUR, asks=True))

    assert found.unjustified[0].signs == (Sign.CUSTOMER_WAITED,)


def test_where_nobody_said_anything_nothing_was_asked():
    assert judge(clock(MONDAY + HOUR, None), [], until=MONDAY + 2 * HOUR).pauses[0].signs == (Sign.NOTHING_ASKED,)


def test_a_question_that_goes_out_with_the_pause_counts():
    assert (
        signs(clock(MONDAY + HOUR, MONDAY + 2 * HOUR), ours(MONDAY + HOUR + timedelta(seconds=1), asks=True)) == set()
    )


def test_at_the_end_of_the_day_is_a_sign_when_it_is_kept_beyond_the_opening():
    asked = ours(MONDAY + 7 * HOUR, asks=True)
    late = MONDAY + 7 * HOUR + 40 * MINUTE

    assert signs(clock(late, TUESDAY + HOUR, 20 * HOUR), asked) == {Sign.END_OF_DAY}
    assert signs(clock(late, TUESDAY - HOUR, 20 * HOUR), asked) == set()
    assert signs(clock(late - HOUR, TUESDAY + HOUR, 20 * HOUR), ours(MONDAY + 6 * HOUR, asks=True)) == set()


def test_before_lunch_is_no_end_of_the_day_and_round_the_clock_there_is_none():
    lunch = WorkCalendar(
        "UTC", [Period(day, *hours) for day in range(5) for hours in ((time(9), time(12)), (time(13), time(17)))]
    )
    asked = ours(MONDAY + HOUR, asks=True)

    assert signs(clock(MONDAY + 2 * HOUR + 50 * MINUTE, MONDAY + 5 * HOUR, 20 * HOUR, lunch), asked) == set()
    assert signs(clock(MONDAY + 7 * HOUR + 50 * MINUTE, TUESDAY, 40 * HOUR, ALWAYS), asked) == set()


def test_just_before_it_was_due_is_a_sign_and_two_weak_signs_are_enough():
    asked = ours(MONDAY + HOUR, asks=True)
    almost = clock(MONDAY + 3 * HOUR + 40 * MINUTE, MONDAY + 5 * HOUR, 4 * HOUR)
    longer = clock(MONDAY + 3 * HOUR + 40 * MINUTE, WEDNESDAY, 4 * HOUR)

    assert not judged(almost, asked).unjustified
    assert judged(almost, asked).pauses[0].signs == (Sign.JUST_BEFORE_DUE,)
    assert judged(longer, asked, until=WEDNESDAY + HOUR).unjustified[0].signs == (
        Sign.JUST_BEFORE_DUE,
        Sign.LONGER_THAN_PROMISE,
    )


def test_a_pause_that_let_no_working_time_go_by_gained_nothing():
    found = judged(clock(MONDAY + 9 * HOUR, MONDAY + 12 * HOUR, 20 * HOUR), ours(MONDAY + HOUR, asks=False))

    assert found.pauses[0].signs == (Sign.NOTHING_ASKED,)
    assert found.unjustified == ()


def test_without_the_pause_the_promise_was_missed_and_only_that_pause_is_left_out():
    entries = [
        *clock(MONDAY + HOUR, MONDAY + 2 * HOUR, 4 * HOUR),
        Entry(MONDAY + 3 * HOUR, "paused"),
        Entry(TUESDAY, "resumed"),
        Entry(TUESDAY + HOUR, "met"),
    ]

    found = judged(entries, ours(MONDAY + HOUR, asks=True), theirs(MONDAY + 2.5 * HOUR))

    assert (found.reported.used, found.reported.missed_at) == (3 * HOUR, None)
    assert (found.honest.used, found.honest.missed_at) == (8 * HOUR, MONDAY + 5 * HOUR)
    assert found.honest.paused == HOUR
    assert found.turns
    assert [pause.at for pause in found.unjustified] == [MONDAY + 3 * HOUR]


def test_a_clock_that_is_paused_still_is_judged_up_to_now():
    found = judged(clock(MONDAY + HOUR, None), ours(MONDAY + HOUR, asks=False), until=MONDAY + 4 * HOUR)

    assert found.unjustified[0].to == MONDAY + 4 * HOUR
    assert found.honest.used == 4 * HOUR
