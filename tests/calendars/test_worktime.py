from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from calendars.worktime import ALWAYS, CalendarError, Interval, Period, WorkCalendar, work_calendar

HOUR = timedelta(hours=1)
WORKDAYS = range(5)


def local(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def periods(days, *spans: str) -> list[Period]:
    """`periods([0], "09:00-12:00")`: Monday morning."""
    pairs = [[time.fromisoformat(part) for part in span.split("-")] for span in spans]
    return [Period(day, start, end) for day in days for start, end in pairs]


def office(zone: str = "UTC", holidays=()) -> WorkCalendar:
    return WorkCalendar(zone, periods(WORKDAYS, "09:00-17:00"), holidays)


@pytest.mark.parametrize(
    ("zone", "shift", "asked", "due"),
    [
        # Spring: 02:00 to 03:00 does not exist.
        ("Europe/Lisbon", "00:00-08:00", "2026-03-29 00:00", "2026-03-29 05:00"),
        ("America/New_York", "00:00-08:00", "2026-03-08 00:00", "2026-03-08 05:00"),
        ("Pacific/Chatham", "00:00-08:00", "2026-09-27 00:00", "2026-09-27 05:00"),
        # Half an hour is missing on Lord Howe Island.
        ("Australia/Lord_Howe", "00:00-08:00", "2026-10-04 00:00", "2026-10-04 04:30"),
        # The day begins at 01:00.
        ("America/Sao_Paulo", "00:00-08:00", "2018-11-04 01:00", "2018-11-04 05:00"),
        # Autumn: an hour comes twice.
        ("Europe/Lisbon", "00:00-08:00", "2026-10-25 00:00", "2026-10-25 03:00"),
        ("America/New_York", "00:00-08:00", "2026-11-01 00:00", "2026-11-01 03:00"),
        ("Australia/Lord_Howe", "00:00-08:00", "2026-04-05 00:00", "2026-04-05 03:30"),
        # The zone itself moved: Moscow gave up an hour for good.
        ("Europe/Moscow", "00:00-08:00", "2014-10-26 00:00", "2014-10-26 03:00"),
    ],
)
def test_a_target_of_four_hours_takes_four_real_working_hours_on_the_day_the_clocks_change(zone, shift, asked, due):
    calendar = WorkCalendar(zone, periods(range(7), shift))

    found = calendar.due(local(asked, zone), 4 * HOUR)

    assert found == local(due, zone).astimezone(UTC)
    assert found - local(asked, zone).astimezone(UTC) == 4 * HOUR


def test_a_day_between_two_offices_days_has_eight_hours_whatever_the_clocks_did_at_night():
    calendar = office("Europe/Lisbon")

    due = calendar.due(local("2026-03-27 16:00", "Europe/Lisbon"), 2 * HOUR)

    assert due == local("2026-03-30 10:00", "Europe/Lisbon")


def test_a_period_that_starts_in_the_skipped_hour_starts_at_the_skip():
    calendar = WorkCalendar("Europe/Lisbon", periods([6], "01:30-06:00"))

    worked = calendar.worked(local("2026-03-29 00:00"), local("2026-03-30 00:00"))

    assert worked == 4 * HOUR
    assert calendar.next_open(local("2026-03-29 00:00")) == local("2026-03-29 01:00")


def test_a_period_inside_the_skipped_hour_does_not_take_place():
    calendar = WorkCalendar("Europe/Lisbon", periods([6], "01:10-01:50"))

    assert not calendar.worked(local("2026-03-29 00:00"), local("2026-03-30 00:00"))


def test_an_hour_that_comes_twice_opens_and_closes_at_its_first_coming():
    calendar = WorkCalendar("Europe/Lisbon", periods([6], "01:15-01:45"))

    found = list(calendar.intervals(local("2026-10-25 00:00"), local("2026-10-26 00:00")))

    assert found == [Interval(local("2026-10-25 00:15"), local("2026-10-25 00:45"))]


def test_a_night_shift_over_the_repeated_hour_is_an_hour_longer():
    calendar = WorkCalendar("Europe/Lisbon", periods([5], "22:00-06:00"))

    assert calendar.worked(local("2026-10-24 00:00"), local("2026-10-26 00:00")) == 9 * HOUR


def test_a_lunch_break_does_not_count():
    calendar = WorkCalendar("UTC", periods(WORKDAYS, "09:00-12:00", "13:00-18:00"))

    assert calendar.due(local("2026-11-23 11:00"), 2 * HOUR) == local("2026-11-23 14:00")


def test_a_due_time_at_closing_time_is_closing_time_and_not_the_next_morning():
    calendar = office()

    assert calendar.due(local("2026-11-23 15:00"), 2 * HOUR) == local("2026-11-23 17:00")
    assert calendar.due(local("2026-11-23 15:00"), 2 * HOUR + timedelta(seconds=1)) == local("2026-11-24 09:00:01")


def test_a_shift_past_midnight_runs_on_into_the_next_day_and_the_next_week():
    calendar = WorkCalendar("UTC", periods([6], "22:00-06:00"))

    assert calendar.due(local("2026-11-22 23:00"), 6 * HOUR) == local("2026-11-23 05:00")
    assert calendar.worked(local("2026-11-22 00:00"), local("2026-11-24 00:00")) == 8 * HOUR


def test_a_period_from_midnight_to_midnight_is_the_whole_day():
    calendar = WorkCalendar("UTC", periods(range(7), "00:00-00:00"))

    assert calendar.worked(local("2026-12-30 12:00"), local("2027-01-02 12:00")) == 72 * HOUR
    assert len(list(calendar.intervals(local("2026-12-30 12:00"), local("2027-01-02 12:00")))) == 1


def test_a_holiday_lengthens_the_wait():
    calendar = office(holidays=[date(2026, 12, 25)])

    assert calendar.due(local("2026-12-24 16:00"), 2 * HOUR) == local("2026-12-28 10:00")


def test_a_holiday_is_the_day_of_the_calendars_own_zone():
    calendar = office("Pacific/Chatham", holidays=[date(2026, 12, 25)])

    worked = calendar.worked(local("2026-12-24 00:00", "Pacific/Chatham"), local("2026-12-26 00:00", "Pacific/Chatham"))

    assert worked == 8 * HOUR


def test_a_holiday_closes_the_shifts_that_start_on_it_and_no_other():
    calendar = WorkCalendar("UTC", periods(range(7), "22:00-06:00"), [date(2026, 12, 25)])

    found = list(calendar.intervals(local("2026-12-25 00:00"), local("2026-12-26 23:00")))

    assert found == [
        Interval(local("2026-12-25 00:00"), local("2026-12-25 06:00")),
        Interval(local("2026-12-26 22:00"), local("2026-12-26 23:00")),
    ]


def test_a_day_of_its_own_opens_a_weekend_a_holiday_and_shortens_a_working_day():
    saturday, christmas, eve = date(2026, 12, 19), date(2026, 12, 25), date(2026, 12, 24)
    days = {day: tuple(periods([day.weekday()], "10:00-13:00")) for day in (saturday, christmas, eve)}
    calendar = WorkCalendar("UTC", periods(WORKDAYS, "09:00-17:00"), [christmas], days)

    found = list(calendar.intervals(local("2026-12-19 00:00"), local("2026-12-26 00:00")))

    assert [interval for interval in found if interval.to - interval.from_ == 3 * HOUR] == [
        Interval(local(f"{day} 10:00"), local(f"{day} 13:00")) for day in (saturday, eve, christmas)
    ]
    assert calendar.due(local("2026-12-24 12:00"), 2 * HOUR) == local("2026-12-25 11:00")


def test_a_day_of_its_own_may_run_past_midnight_and_leaves_the_shift_of_the_evening_before_alone():
    days = {date(2026, 12, 31): tuple(periods([3], "18:00-02:00"))}
    calendar = WorkCalendar("UTC", [*periods([2], "22:00-06:00"), *periods([3], "09:00-17:00")], (), days)

    found = list(calendar.intervals(local("2026-12-31 00:00"), local("2027-01-02 00:00")))

    assert found == [
        Interval(local("2026-12-31 00:00"), local("2026-12-31 06:00")),
        Interval(local("2026-12-31 18:00"), local("2027-01-01 02:00")),
    ]


@pytest.mark.parametrize(
    ("week", "day", "hours"),
    [
        (periods([0], "09:00-17:00"), date(2026, 12, 23), periods([2], "09:00-12:00", "11:00-13:00")),
        (periods(range(7), "22:00-06:00"), date(2026, 12, 23), periods([2], "05:00-13:00")),
        (periods(range(7), "05:00-12:00"), date(2026, 12, 23), periods([2], "20:00-06:00")),
    ],
)
def test_hours_of_a_day_that_run_into_each_other_or_into_a_neighbour_are_refused(week, day, hours):
    with pytest.raises(CalendarError, match=r"Around 2026-12-2. the hours .* overlap") as caught:
        WorkCalendar("UTC", week, (), {day: tuple(hours)})

    assert caught.value.field == "days"


def test_a_night_shift_before_a_holiday_may_meet_the_hours_of_the_day_after_it():
    nights = periods(range(7), "22:00-06:00")
    days = {date(2026, 12, 26): tuple(periods([5], "05:00-07:00"))}

    calendar = WorkCalendar("UTC", nights, [date(2026, 12, 25)], days)

    assert calendar.next_open(local("2026-12-25 12:00")) == local("2026-12-26 05:00")


def test_a_calendar_without_working_time_is_refused():
    with pytest.raises(CalendarError, match="at least one period") as caught:
        WorkCalendar("UTC", [])

    assert caught.value.field == "periods"


def test_a_calendar_closed_for_years_gives_up_instead_of_searching_for_ever():
    holidays = [date(2026, 1, 1) + timedelta(days=number) for number in range(4 * 365)]
    calendar = office(holidays=holidays)

    for ask in (lambda: calendar.due(local("2026-05-01 09:00"), HOUR), lambda: calendar.next_open(local("2026-05-01"))):
        with pytest.raises(CalendarError, match="without working time") as caught:
            ask()
        assert caught.value.field == "holidays"
    assert not list(calendar.intervals(local("2026-05-01"), local("2028-05-01")))


def test_a_target_that_would_take_a_lifetime_is_refused():
    calendar = WorkCalendar("UTC", periods([0], "09:00-09:01"))

    with pytest.raises(CalendarError, match="too little working time"):
        calendar.due(local("2026-05-01 09:00"), 1000 * HOUR)


@pytest.mark.parametrize("start", ["0001-01-01 00:00", "1899-12-31 12:00", "9999-12-31 23:00"])
@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/Sao_Paulo"])
def test_a_time_before_or_after_all_reason_is_refused(start, zone):
    with pytest.raises(CalendarError, match="outside the years") as caught:
        office().due(local(start, zone), HOUR)

    assert caught.value.field == "start"


def test_round_the_clock_refuses_to_count_past_the_end_of_time():
    with pytest.raises(CalendarError, match="outside the years"):
        ALWAYS.due(local("9999-12-31 23:00"), 2 * HOUR)


@pytest.mark.parametrize(
    "zone", ["", "Mars/Olympus", "../../etc/passwd", "America", "UTC\x00", "localtime", "x" * 9999]
)
def test_an_unknown_time_zone_is_refused(zone):
    with pytest.raises(CalendarError, match="no time zone") as caught:
        office(zone)

    assert caught.value.field == "time_zone"
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "overlapping",
    [
        periods([0], "09:00-12:00", "11:59-13:00"),
        periods([0], "09:00-12:00", "09:00-12:00"),
        [*periods([0], "22:00-06:00"), *periods([1], "05:00-09:00")],
        [*periods([6], "22:00-06:00"), *periods([0], "05:00-09:00")],
        periods([2], "00:00-00:00", "10:00-11:00"),
    ],
)
def test_periods_that_overlap_are_refused(overlapping):
    with pytest.raises(CalendarError, match="overlap") as caught:
        WorkCalendar("UTC", overlapping)

    assert caught.value.field == "periods"


def test_periods_that_touch_are_one_stretch():
    calendar = WorkCalendar("UTC", [*periods([6], "20:00-00:00"), *periods([0], "00:00-04:00")])

    found = list(calendar.intervals(local("2026-11-22 00:00"), local("2026-11-24 00:00")))

    assert found == [Interval(local("2026-11-22 20:00"), local("2026-11-23 04:00"))]


def test_a_target_of_sixty_seconds_is_kept_to_the_second():
    calendar = office()

    assert calendar.due(local("2026-11-23 16:59:30"), timedelta(seconds=60)) == local("2026-11-24 09:00:30")


def test_the_turn_of_the_year_is_no_border():
    calendar = WorkCalendar("UTC", periods(range(7), "20:00-04:00"))

    assert calendar.due(local("2026-12-31 23:00"), 2 * HOUR) == local("2027-01-01 01:00")
    assert calendar.worked(local("2026-12-31 23:00"), local("2027-01-01 01:00")) == 2 * HOUR


def test_working_time_is_open_from_its_first_instant_until_before_its_last():
    calendar = office()

    assert calendar.next_open(local("2026-11-23 09:00")) == local("2026-11-23 09:00")
    assert calendar.next_open(local("2026-11-23 16:59:59")) == local("2026-11-23 16:59:59")
    assert calendar.next_open(local("2026-11-23 17:00")) == local("2026-11-24 09:00")


def test_a_span_that_ends_before_it_begins_holds_no_working_time():
    calendar, late, early = office(), local("2026-11-23 12:00"), local("2026-11-23 10:00")

    assert not calendar.worked(late, early)
    assert not list(calendar.intervals(late, early))
    assert not ALWAYS.worked(late, early)


@pytest.mark.parametrize("calendar", [ALWAYS, office()])
def test_nothing_to_wait_for_is_due_at_once_and_less_than_nothing_is_an_error(calendar):
    night = local("2026-11-23 03:00")

    assert calendar.due(night, timedelta()) == night
    with pytest.raises(ValueError, match="negative"):
        calendar.due(night, timedelta(seconds=-1))


@pytest.mark.parametrize("calendar", [ALWAYS, office()])
def test_an_instant_without_a_zone_is_an_error(calendar):
    with pytest.raises(ValueError, match="needs a time zone"):
        calendar.due(datetime(2026, 11, 23, 12), HOUR)  # noqa: DTZ001 # the error is the point


def test_round_the_clock_counts_nights_and_weekends():
    saturday_night = local("2026-11-21 23:00", "Europe/Lisbon")

    assert ALWAYS.due(saturday_night, 4 * HOUR) == local("2026-11-22 03:00")
    assert ALWAYS.next_open(saturday_night) == saturday_night
    assert list(ALWAYS.intervals(saturday_night, saturday_night + HOUR)) == [
        Interval(local("2026-11-21 23:00"), local("2026-11-22 00:00"))
    ]


def test_the_same_content_is_prepared_once():
    week = tuple(periods(WORKDAYS, "09:00-17:00"))

    assert work_calendar("UTC", week, frozenset()) is work_calendar("UTC", week, frozenset())


def test_a_calendar_asked_about_all_times_keeps_no_more_years_than_it_needs():
    calendar = office()

    for year in range(1950, 2150):
        calendar.next_open(datetime(year, 6, 1, tzinfo=UTC))

    assert len(calendar._years) <= 128
