from datetime import UTC, datetime, timedelta

import pytest

from calendars.actions import change_calendar, create_calendar, return_to_version, set_archived
from calendars.models import Calendar, CalendarVersion
from common.errors import InvalidInput, NotFound
from common.models import ConfigurationChange

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
MORNING = {"weekday": 0, "start": "09:00", "end": "12:00"}
AFTERNOON = {"weekday": 0, "start": "13:00", "end": "18:00"}
CHRISTMAS = {"date": "2026-12-25", "name": "Christmas"}
MORNING_OF_THE_EVE = {"date": "2026-12-24", "name": "Eve", "periods": [{"start": "09:00", "end": "12:00"}]}


def create(**changes) -> Calendar:
    given = {"name": "Office", "time_zone": "America/Sao_Paulo", "periods": [MORNING], "holidays": [CHRISTMAS]}
    return create_calendar(**{**given, "now": NOW, **changes})


def test_a_new_calendar_has_a_first_version_in_the_order_of_the_week():
    calendar = create(periods=[AFTERNOON, MORNING], holidays=[CHRISTMAS, {"date": "2026-11-20"}])

    version = calendar.current
    assert (version.number, version.time_zone, version.created_at) == (1, "America/Sao_Paulo", NOW)
    assert version.periods == [MORNING, AFTERNOON]
    assert version.holidays == [{"date": "2026-11-20", "name": ""}, CHRISTMAS]


def test_the_arithmetic_of_a_version_is_that_of_its_hours():
    calendar = create()

    due = calendar.current.work_calendar().due(NOW, timedelta(hours=1))

    assert due == datetime(2026, 11, 23, 13, 0, tzinfo=UTC)


def test_a_day_with_hours_of_its_own_is_kept_and_counts():
    calendar = create(days=[MORNING_OF_THE_EVE], holidays=[{**CHRISTMAS, "source": "BR-SP"}])

    version = calendar.current
    assert version.days == [MORNING_OF_THE_EVE]
    assert version.holidays == [{**CHRISTMAS, "source": "BR-SP"}]
    eve = datetime(2026, 12, 24, 0, 0, tzinfo=UTC)
    assert version.work_calendar().next_open(eve) == datetime(2026, 12, 24, 12, 0, tzinfo=UTC)


def test_a_whole_day_is_no_period_of_no_minutes():
    calendar = create(periods=[{"weekday": 0, "start": "00:00", "end": "00:00"}])

    assert calendar.current.work_calendar().worked(NOW, NOW + timedelta(days=7)) == timedelta(days=1)


def test_versions_of_the_same_content_share_what_has_been_prepared():
    one, same, other = create(), create(name="Same"), create(name="Other", periods=[AFTERNOON])

    prepared = one.current.work_calendar()

    assert same.current.work_calendar() is prepared
    assert other.current.work_calendar() is not prepared


def test_a_return_makes_a_new_version_with_the_hours_of_the_old_one(adam):
    calendar = create(days=[MORNING_OF_THE_EVE])
    change_calendar(calendar=calendar, periods=[AFTERNOON], days=[], now=LATER)

    version = return_to_version(calendar=calendar, number=1, now=LATER, by=adam)

    assert (version.number, version.periods, version.days) == (3, [MORNING], [MORNING_OF_THE_EVE])
    assert (version.created_by, version.created_at) == (adam, LATER)
    with pytest.raises(NotFound):
        return_to_version(calendar=calendar, number=9, now=LATER)


def test_an_archived_calendar_keeps_its_name_and_its_history_and_can_come_back(adam):
    calendar = create()

    set_archived(calendar=calendar, archived=True, now=LATER, by=adam)

    assert not Calendar.objects.active().exists()
    with pytest.raises(InvalidInput, match="of this name in the archive"):
        create()
    assert set_archived(calendar=calendar, archived=False, now=LATER, by=adam).current.number == 1
    assert [change.after for change in ConfigurationChange.objects.filter(by=adam)] == [
        {"archived": False},
        {"archived": True},
    ]


def test_a_change_makes_a_new_version_and_history_keeps_the_old_one():
    calendar = create()
    old = calendar.current

    new = change_calendar(calendar=calendar, periods=[AFTERNOON], now=LATER)

    old.refresh_from_db()
    assert (old.number, old.periods) == (1, [MORNING])
    assert (new.number, new.periods, new.created_at) == (2, [AFTERNOON], LATER)
    assert (new.time_zone, new.holidays) == (old.time_zone, old.holidays)
    assert Calendar.objects.get().current == new
    assert old.work_calendar().due(NOW, timedelta(hours=1)) != new.work_calendar().due(NOW, timedelta(hours=1))


def test_another_name_is_no_other_version():
    calendar = create()

    version = change_calendar(calendar=calendar, name="São Paulo", periods=[MORNING], now=LATER)

    assert version.number == 1
    assert Calendar.objects.get().name == "São Paulo"


def test_every_change_is_in_the_audit_trail():
    calendar = create()

    change_calendar(calendar=calendar, periods=[AFTERNOON], now=LATER)
    change_calendar(calendar=calendar, now=LATER)

    changes = ConfigurationChange.objects.order_by("pk")
    assert [sorted(change.after) for change in changes] == [
        ["days", "holidays", "name", "periods", "time_zone", "version"],
        ["periods", "version"],
    ]


def test_a_version_is_never_edited_and_never_deleted():
    version = create().current
    version.time_zone = "UTC"

    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(TypeError):
        version.delete()

    version.refresh_from_db()
    assert version.time_zone == "America/Sao_Paulo"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "not be empty"),
        ("name", "x" * 101, "too long"),
        ("name", "two\nlines", "one line"),
        ("name", "nul\x00", "control characters"),
        ("name", 7, "must be a text"),
        ("time_zone", "Mars/Olympus", "no time zone"),
        ("time_zone", None, "must be a text"),
        ("periods", [], "at least one period"),
        ("periods", None, "list of objects"),
        ("periods", "09:00", "list of objects"),
        ("periods", [[0, "09:00", "12:00"]], "list of objects"),
        ("periods", [{**MORNING, "weekday": 7}], "Period 1: the weekday"),
        ("periods", [{**MORNING, "weekday": True}], "Period 1: the weekday"),
        ("periods", [MORNING, {**AFTERNOON, "end": "25:00"}], "Period 2: start and end"),
        ("periods", [{**MORNING, "start": "09:00+02:00"}], "start and end"),
        ("periods", [{**MORNING, "start": 9}], "start and end"),
        ("periods", [{"weekday": 0, "start": "09:00"}], "start and end"),
        ("periods", [MORNING, {**MORNING, "end": "10:00"}], "Monday 09:00–12:00 overlap"),
        ("periods", [MORNING] * 201, "too many"),
        ("holidays", [{"date": "25.12.2026"}], "Holiday 1: the date"),
        ("holidays", [{"date": "2026-02-30"}], "Holiday 1: the date"),
        ("holidays", [{"date": None}], "Holiday 1: the date"),
        ("holidays", [{**CHRISTMAS, "name": "x" * 101}], "Holiday 1: the name"),
        ("holidays", [{**CHRISTMAS, "name": "nul\x00"}], "Holiday 1: the name"),
        ("holidays", [CHRISTMAS, CHRISTMAS], "listed twice"),
        ("holidays", None, "list of objects"),
        ("holidays", [{**CHRISTMAS, "source": "x" * 41}], "Holiday 1: the source"),
        ("holidays", [{**CHRISTMAS, "source": 7}], "Holiday 1: the source"),
        ("periods", [{**MORNING, "end": "09:00"}], "Monday 09:00–09:00 has 0 minutes"),
        ("days", None, "list of objects"),
        ("days", [{**MORNING_OF_THE_EVE, "date": "soon"}], "Day 1: the date"),
        ("days", [{**MORNING_OF_THE_EVE, "date": "9999-12-31"}], "Day 1: the date"),
        ("days", [{**MORNING_OF_THE_EVE, "periods": []}], "Day 1 has no hours: a day that is closed is a holiday"),
        ("days", [{**MORNING_OF_THE_EVE, "periods": None}], "Day 1: the periods must be a list"),
        ("days", [{**MORNING_OF_THE_EVE, "periods": [{"start": "9"}]}], "Day 1: start and end"),
        ("days", [{**MORNING_OF_THE_EVE, "periods": [{"start": "09:00", "end": "12:00"}] * 21}], "too many periods"),
        ("days", [{**MORNING_OF_THE_EVE, "periods": [{"start": "12:00", "end": "12:00"}]}], "has 0 minutes"),
        ("days", [{**MORNING_OF_THE_EVE, "periods": [{"start": "09:00", "end": "12:00"}] * 2}], "overlap"),
        ("days", [MORNING_OF_THE_EVE, MORNING_OF_THE_EVE], "listed twice"),
        ("days", [{**MORNING_OF_THE_EVE, "name": "x" * 101}], "Day 1: the name"),
    ],
)
def test_wrong_input_gets_one_clear_sentence_and_nothing_is_stored(field, value, words):
    with pytest.raises(InvalidInput) as caught:
        create(**{field: value})

    assert list(caught.value.errors) == [field]
    assert words in " ".join(caught.value.errors[field])
    assert len(caught.value.errors[field]) == 1
    assert not CalendarVersion.objects.exists()


def test_all_wrong_fields_are_named_at_once():
    with pytest.raises(InvalidInput) as caught:
        create(name="", time_zone="", periods=[{}], holidays=[{}], days=[{}])

    assert set(caught.value.errors) == {"name", "time_zone", "periods", "holidays", "days"}


@pytest.mark.parametrize(("weeks", "words"), [(54, "closed for more than a year"), (60, "All of 2027")])
def test_holidays_that_leave_no_working_time_for_a_year_are_refused(weeks, words):
    mondays = [NOW.date() + timedelta(weeks=number) for number in range(weeks)]

    with pytest.raises(InvalidInput, match=words) as caught:
        create(holidays=[{"date": day.isoformat()} for day in mondays])

    assert list(caught.value.errors) == ["holidays"]


def test_a_name_is_given_once():
    create()
    other = create(name="Night")

    for attempt in (lambda: create(), lambda: change_calendar(calendar=other, name="Office", now=LATER)):
        with pytest.raises(InvalidInput, match="already a calendar of this name"):
            attempt()
    assert set(Calendar.objects.values_list("name", flat=True)) == {"Office", "Night"}


def test_a_refused_change_leaves_the_calendar_as_it_was():
    calendar = create()

    with pytest.raises(InvalidInput):
        change_calendar(calendar=calendar, name="Other", time_zone="Nowhere", now=LATER)

    calendar.refresh_from_db()
    assert (calendar.name, calendar.current.number) == ("Office", 1)


def test_a_list_of_calendars_with_their_versions_costs_two_queries(django_assert_num_queries):
    for name in ("Office", "Night", "Weekend"):
        change_calendar(calendar=create(name=name), periods=[AFTERNOON], now=LATER)

    with django_assert_num_queries(2):
        numbers = [calendar.current.number for calendar in Calendar.objects.with_current()]

    assert numbers == [2, 2, 2]
