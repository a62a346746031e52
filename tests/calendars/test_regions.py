"""Holidays from the library, and what a calendar lacks: pure, so asked of one database only."""

from datetime import date

import pytest

from calendars.parse import Holiday
from calendars.periods import CalendarError, Period
from calendars.regions import (
    compare,
    countries,
    holidays_of,
    languages,
    source_of,
    source_words,
    subdivisions,
)
from calendars.upcoming import missing_year, next_closed
from calendars.worktime import WorkCalendar
from tests.calendars.test_worktime import WORKDAYS, office, periods

pytestmark = pytest.mark.once


def test_a_country_has_regions_and_languages_by_name():
    assert ("BR", "Brazil") in countries()
    assert ("SP", "São Paulo") in subdivisions("BR")
    assert languages("BR")[0] == "pt_BR"
    assert (source_words("BR-SP"), source_words("US"), source_words("old")) == (
        "Brazil, São Paulo",
        "United States",
        "old",
    )


def test_a_regions_holidays_come_with_their_names_in_a_language_and_with_their_source():
    found = {holiday.date: holiday for holiday in holidays_of("BR", "SP", [2026], "en_US")}

    assert found[date(2026, 7, 9)].source == "BR-SP"
    assert found[date(2026, 12, 25)].name == "Christmas Day"
    assert holidays_of("PT", "", [2026])[0].name == "Ano Novo"
    assert date(2026, 7, 9) not in {holiday.date for holiday in holidays_of("BR", "", [2026])}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (("XX", "", [2026], ""), "country"),
        (("", "", [2026], ""), "country"),
        (("BR", "ENG", [2026], ""), "subdivision"),
        (("BR", "SP", [], ""), "years"),
        (("BR", "SP", [1492], ""), "years"),
        (("BR", "SP", range(2000, 2011), ""), "years"),
        (("BR", "SP", [2026], "tlh"), "language"),
    ],
)
def test_what_the_library_does_not_know_gets_one_sentence(asked, field):
    with pytest.raises(CalendarError) as caught:
        holidays_of(*asked)

    assert caught.value.field == field


def test_a_renewal_is_a_difference_that_leaves_our_own_days_and_other_sources_alone():
    source = source_of("BR", "SP")
    kept, renamed, gone, ours = (Holiday(date(2027, 1, day), "Day", source) for day in range(1, 5))
    ours = Holiday(ours.date, "Fair")
    foreign = Holiday(date(2027, 1, 9), "Elsewhere", "PT")
    fresh = [kept, Holiday(renamed.date, "New name", source), Holiday(ours.date, "Day", source)]
    added = Holiday(date(2027, 1, 8), "Day", source)

    renewal = compare([kept, renamed, gone, ours, foreign], [*fresh, added], source, [2027])

    assert renewal.added == (added,)
    assert renewal.gone == (gone,)
    assert renewal.renamed == ((renamed, fresh[1]),)
    assert renewal.same == 2


@pytest.mark.parametrize(
    ("today", "years", "missing"),
    [
        (date(2026, 9, 30), [2026], None),
        (date(2026, 10, 1), [2026], 2027),
        (date(2026, 12, 31), [2026, 2027], None),
        (date(2026, 12, 31), [2025], None),
        (date(2026, 12, 31), [], None),
    ],
)
def test_next_years_holidays_are_missed_from_october_on(today, years, missing):
    assert missing_year([Holiday(date(year, 5, 1)) for year in years], today) == missing


def test_the_next_closed_day_is_one_on_which_somebody_would_have_worked():
    sunday, christmas, past = date(2026, 11, 22), date(2026, 12, 25), date(2026, 11, 17)
    worked = date(2026, 11, 20)
    holidays = [Holiday(day) for day in (past, worked, sunday, christmas)]
    calendar = WorkCalendar(
        "UTC", periods(WORKDAYS, "09:00-17:00"), [one.date for one in holidays], {worked: (Period(4, *_nine_to_one()),)}
    )

    assert next_closed(calendar, holidays, date(2026, 11, 18)) == Holiday(christmas)
    assert next_closed(office(), [Holiday(date(2029, 1, 1))], date(2026, 11, 18)) is None


def _nine_to_one():
    [period] = periods([0], "09:00-13:00")
    return period.start, period.end
