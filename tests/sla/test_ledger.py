from datetime import UTC, date, datetime, time, timedelta

import pytest

from calendars.worktime import ALWAYS, Period, WorkCalendar
from sla.enums import EntryKind
from sla.ledger import Account, Entry, LedgerError, Moment, Segment, SegmentKind, next_moment, replay

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
OFFICE = WorkCalendar("UTC", [Period(day, time(9), time(17)) for day in range(5)], [date(2026, 12, 25)])
EARLY_SHIFT = WorkCalendar("UTC", [Period(day, time(6), time(14)) for day in range(7)])


def at(text: str) -> datetime:
    """`mon 09:00` is in the week of 23 November 2026; `next mon 09:00` in the one after it."""
    *following, day, clock = text.split()
    number = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].index(day) + 7 * len(following)
    return datetime(2026, 11, 23, *map(int, clock.split(":")), tzinfo=UTC) + timedelta(days=number)


def started(when: str = "mon 09:00", target: timedelta = 4 * HOUR, calendar=OFFICE, policy: str = "Gold 1") -> Entry:
    return Entry(at(when), EntryKind.STARTED, target, calendar, policy, "Opened", "cora")


def entry(when: str, kind: str, **values) -> Entry:
    return Entry(at(when), kind, **values)


def account(*entries: Entry, until: str) -> Account:
    return replay(entries, until=at(until))


def test_a_running_clock_is_due_when_what_remains_has_been_worked():
    clock = account(started(), until="mon 10:00")

    assert (clock.state, clock.used, clock.remaining, clock.percent) == (SegmentKind.RUNNING, HOUR, 3 * HOUR, 25)
    assert clock.due_at == at("mon 13:00")


def test_a_pause_is_measured_in_work_time():
    clock = account(
        started("fri 15:00"), entry("fri 16:00", "paused"), entry("next mon 10:00", "resumed"), until="next mon 10:00"
    )

    assert clock.used == HOUR
    assert clock.paused == 2 * HOUR
    assert clock.due_at == at("next mon 13:00")


def test_a_time_that_goes_backwards_is_that_of_the_entry_before_even_of_one_that_changed_nothing():
    clock = account(started(), entry("mon 11:00", "resumed"), entry("mon 10:00", "paused"), until="mon 12:00")

    assert clock.used == 2 * HOUR
    assert clock.paused == HOUR


def test_a_paused_clock_has_no_due_time():
    clock = account(started(), entry("mon 10:00", "paused"), until="tue 12:00")

    assert clock.state == SegmentKind.PAUSED
    assert clock.due_at is None
    assert clock.used == HOUR


def test_a_pause_survives_a_change_of_priority():
    clock = account(
        started(),
        entry("mon 10:00", "paused", reason="Waiting on the customer"),
        entry("mon 11:00", "retargeted", target=2 * HOUR),
        until="mon 12:00",
    )

    assert clock.state == SegmentKind.PAUSED
    assert (clock.used, clock.remaining) == (HOUR, HOUR)
    assert clock.segments[-1].reason == "Waiting on the customer"


def test_a_pause_survives_a_change_of_policy_and_calendar():
    clock = account(
        started(),
        entry("mon 10:00", "paused"),
        entry("mon 11:00", "retargeted", target=8 * HOUR, calendar=EARLY_SHIFT, policy="Silver 3"),
        entry("mon 12:00", "resumed"),
        until="mon 12:00",
    )

    assert (clock.used, clock.remaining) == (HOUR, 7 * HOUR)
    assert clock.due_at == at("tue 11:00")


def test_a_clock_solved_while_paused_counts_neither_the_pause_nor_the_time_solved():
    clock = account(
        started(),
        entry("mon 10:00", "paused"),
        entry("mon 12:00", "met"),
        entry("tue 10:00", "reopened"),
        until="tue 11:00",
    )

    assert clock.used == 2 * HOUR
    assert clock.due_at == at("tue 13:00")
    assert [segment.kind for segment in clock.segments if not segment.counted] == ["paused", "stopped"]


def test_reopening_a_ticket_goes_on_from_what_had_been_used():
    clock = account(started(), entry("mon 12:00", "met"), entry("wed 09:00", "reopened"), until="wed 09:00")

    assert clock.remaining == HOUR
    assert clock.due_at == at("wed 10:00")


def test_an_answer_stops_the_clock_at_once():
    clock = account(started(), entry("mon 09:20", "met"), until="fri 17:00")

    assert clock.state == SegmentKind.STOPPED
    assert clock.used == 20 * MINUTE
    assert clock.due_at is None
    assert clock.missed_at is None


def test_a_clock_closed_by_solving_does_not_run_on_when_the_customer_writes():
    clock = account(
        started(),
        entry("mon 10:00", "met"),
        entry("mon 11:00", "resumed"),
        entry("mon 12:00", "paused"),
        entry("mon 13:00", "resumed"),
        until="tue 17:00",
    )

    assert clock.state == SegmentKind.STOPPED
    assert clock.used == HOUR


def test_a_breach_is_a_fact_on_a_clock_that_runs_on():
    clock = account(started(), entry("mon 13:00", "breached"), until="mon 15:00")

    assert clock.state == SegmentKind.RUNNING
    assert clock.due_at == clock.missed_at == at("mon 13:00")
    assert (clock.used, clock.remaining, clock.percent) == (6 * HOUR, -2 * HOUR, 150)


def test_a_clock_stopped_after_its_due_time_says_when_that_was():
    clock = account(started(), entry("mon 14:00", "met"), until="mon 14:00")

    assert clock.due_at is None
    assert clock.missed_at == at("mon 13:00")


def test_a_clock_stopped_at_its_due_time_to_the_second_has_used_it_all():
    clock = account(started(), entry("mon 13:00", "met"), until="mon 13:00")

    assert clock.percent == 100
    assert clock.missed_at == at("mon 13:00")


def test_a_due_time_that_has_passed_is_still_the_same_after_a_pause():
    clock = account(started(), entry("mon 14:00", "paused"), entry("tue 10:00", "resumed"), until="tue 11:00")

    assert clock.due_at == at("mon 13:00")


def test_what_was_used_is_kept_when_the_target_changes():
    clock = account(started(), entry("mon 11:00", "retargeted", target=8 * HOUR), until="mon 12:00")

    assert clock.used == 3 * HOUR
    assert clock.due_at == at("mon 17:00")


def test_a_target_cut_below_what_is_used_is_due_at_once_and_not_in_the_past():
    clock = account(started(), entry("mon 12:00", "retargeted", target=HOUR), until="mon 12:00")
    later = account(started(), entry("mon 12:00", "retargeted", target=HOUR), until="tue 12:00")

    assert clock.due_at == later.due_at == at("mon 12:00")


def test_a_target_cut_below_what_is_used_at_night_is_due_when_the_calendar_opens():
    cut = [started("mon 14:00"), entry("mon 22:00", "retargeted", target=HOUR)]

    assert account(*cut, until="mon 22:00").due_at == at("tue 09:00")
    assert account(*cut, until="wed 12:00").due_at == at("tue 09:00")


def test_a_raised_target_takes_back_that_the_lower_one_was_missed():
    clock = account(started(), entry("mon 14:00", "retargeted", target=6 * HOUR), until="mon 14:00")

    assert clock.missed_at is None
    assert clock.due_at == at("mon 15:00")


def test_history_keeps_the_policy_under_which_it_happened():
    clock = account(started(), entry("mon 11:00", "retargeted", target=8 * HOUR, policy="Gold 2"), until="mon 12:00")

    assert [(segment.policy, segment.counted) for segment in clock.segments] == [("Gold 1", 2 * HOUR), ("Gold 2", HOUR)]
    assert clock.policy == "Gold 2"


def test_time_used_under_a_calendar_stays_measured_by_it():
    clock = account(started("mon 13:00"), entry("tue 08:00", "retargeted", calendar=EARLY_SHIFT), until="tue 10:00")

    # Monday 13:00 to 17:00 in the office, Tuesday 08:00 to 10:00 on the early shift.
    assert clock.used == 6 * HOUR


def test_an_explanation_of_a_due_time_adds_up_segment_by_segment():
    clock = account(
        started("mon 16:00", policy="Gold 1"),
        entry("tue 09:30", "paused", reason="Waiting on the customer", by="anna"),
        entry("tue 11:00", "resumed", reason="The customer answered", by="cora"),
        until="tue 12:00",
    )

    assert clock.segments == (
        Segment(at("mon 16:00"), at("mon 17:00"), SegmentKind.RUNNING, HOUR, "Opened", "cora", "Gold 1"),
        Segment(at("mon 17:00"), at("tue 09:00"), SegmentKind.CLOSED, timedelta(), "Opened", "cora", "Gold 1"),
        Segment(at("tue 09:00"), at("tue 09:30"), SegmentKind.RUNNING, 30 * MINUTE, "Opened", "cora", "Gold 1"),
        Segment(
            at("tue 09:30"),
            at("tue 11:00"),
            SegmentKind.PAUSED,
            timedelta(),
            "Waiting on the customer",
            "anna",
            "Gold 1",
            paused=1.5 * HOUR,
        ),
        Segment(at("tue 11:00"), at("tue 12:00"), SegmentKind.RUNNING, HOUR, "The customer answered", "cora", "Gold 1"),
    )
    assert clock.used == 2.5 * HOUR


def test_a_target_of_sixty_seconds_runs_out_after_sixty_seconds_of_running():
    second = timedelta(seconds=1)
    begin = datetime(2026, 11, 23, 9, 0, 0, 250_000, tzinfo=UTC)
    entries = [
        Entry(begin, "started", 60 * second, ALWAYS),
        Entry(begin + 20 * second, "paused"),
        Entry(begin + 50 * second, "resumed"),
    ]

    clock = replay(entries, until=begin + 51 * second)

    assert clock.due_at == begin + 90 * second
    assert next_moment(clock, [75]) == Moment(begin + 75 * second, "warning:75")
    assert replay(entries, until=begin + 90 * second - timedelta(microseconds=1)).percent == 99


def test_warnings_come_at_several_percentages_before_the_due_time():
    clock = account(started(), until="mon 09:00")

    assert next_moment(clock, [75, 50]) == Moment(at("mon 11:00"), "warning:50")
    assert next_moment(clock, [75, 50], ["warning:50"]) == Moment(at("mon 12:00"), "warning:75")
    assert next_moment(clock, [75, 50], ["warning:50", "warning:75"]) == Moment(at("mon 13:00"), "due")


def test_what_fired_does_not_come_again():
    clock = account(started(), until="tue 09:00")

    assert next_moment(clock, [50], ["warning:50", "due"]) is None
    assert next_moment(clock, [50], ["due"]) == Moment(at("mon 11:00"), "warning:50")


@pytest.mark.parametrize("kind", ["paused", "met", "cancelled", "set_aside"])
def test_a_clock_that_does_not_run_has_no_next_moment(kind):
    clock = account(started(), entry("mon 10:00", kind), until="mon 11:00")

    assert next_moment(clock, [50]) is None


def test_no_calendar_but_round_the_clock_counts_the_night():
    clock = account(started("fri 22:00", calendar=ALWAYS), until="fri 23:00")

    assert clock.due_at == at("sat 02:00")
    assert clock.used == HOUR


def test_a_second_reason_for_a_pause_is_told_apart_from_the_first():
    clock = account(
        started(),
        entry("mon 10:00", "paused", reason="Waiting on the customer"),
        entry("mon 11:00", "paused", reason="On hold"),
        until="mon 12:00",
    )

    assert [segment.reason for segment in clock.segments] == ["Opened", "Waiting on the customer", "On hold"]
    assert clock.paused == 2 * HOUR


def test_the_past_can_be_asked_for():
    entries = [started(), entry("mon 10:00", "paused"), entry("mon 12:00", "met")]

    assert account(*entries, until="mon 09:30").due_at == at("mon 13:00")
    assert account(*entries, until="mon 11:00").state == SegmentKind.PAUSED
    assert account(*entries, until="sun 11:00").state == SegmentKind.STOPPED


def test_a_clock_asked_about_before_it_began_has_used_nothing():
    clock = account(started("tue 09:00"), until="mon 09:00")

    assert (clock.used, clock.segments, clock.until) == (timedelta(), (), at("tue 09:00"))
    assert clock.due_at == at("tue 13:00")


def test_an_entry_written_by_a_process_whose_clock_is_behind_takes_the_time_of_the_one_before():
    clock = account(started(), entry("mon 11:00", "paused"), entry("mon 10:59", "resumed"), until="mon 12:00")

    assert clock.used == 3 * HOUR
    assert clock.state == SegmentKind.RUNNING


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [entry("mon 09:00", "paused")],
        [entry("mon 09:00", "started", target=HOUR)],
        [entry("mon 09:00", "started", calendar=ALWAYS)],
    ],
)
def test_a_ledger_without_a_proper_start_is_refused(entries):
    with pytest.raises(LedgerError, match="begins with a start"):
        replay(entries, until=at("mon 10:00"))


@pytest.mark.parametrize("target", [timedelta(), -HOUR])
def test_a_target_of_nothing_is_refused(target):
    with pytest.raises(LedgerError, match="more than nothing"):
        started(target=target)


def test_a_holiday_inside_a_running_clock_counts_nothing():
    begin = datetime(2026, 12, 24, 16, 0, tzinfo=UTC)

    clock = replay([Entry(begin, "started", 2 * HOUR, OFFICE)], until=begin)

    assert clock.due_at == datetime(2026, 12, 28, 10, 0, tzinfo=UTC)
