"""What one version changes in another, and a week in words."""

import pytest

from calendars.changes import difference
from calendars.parse import parse_periods
from calendars.words import week_words

pytestmark = pytest.mark.once


def week(days, *spans):
    return [{"weekday": day, "start": start, "end": end} for day in days for start, end in spans]


OFFICE = {"time_zone": "UTC", "periods": week(range(5), ("09:00", "18:00")), "holidays": [], "days": []}
NEGRA = {"date": "2026-11-20", "name": "Consciência Negra", "source": "BR"}
EVE = {"date": "2026-12-24", "name": "Eve", "periods": [{"start": "09:00", "end": "13:00"}]}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({}, {}, []),
        ({}, {"time_zone": "Asia/Kathmandu"}, ["Time zone UTC → Asia/Kathmandu"]),
        (
            {},
            {"periods": week([0], ("09:00", "17:00")) + week(range(1, 5), ("09:00", "18:00"))},
            ["Monday 09:00–18:00 → 09:00–17:00"],
        ),
        ({}, {"periods": week(range(5), ("09:00", "17:00"))}, ["Monday to Friday 09:00–18:00 → 09:00–17:00"]),
        ({}, {"periods": week(range(6), ("09:00", "18:00"))}, ["Saturday closed → 09:00–18:00"]),
        ({}, {"holidays": [NEGRA]}, ["+ Fri 20 Nov 2026 Consciência Negra"]),
        ({"holidays": [NEGRA]}, {}, ["− Fri 20 Nov 2026 Consciência Negra"]),
        (
            {"holidays": [NEGRA]},
            {"holidays": [{**NEGRA, "name": "Zumbi"}]},
            ["Fri 20 Nov 2026: “Consciência Negra” → “Zumbi”"],
        ),
        ({}, {"days": [EVE]}, ["+ Thu 24 Dec 2026 Eve, 09:00–13:00"]),
        ({"days": [EVE]}, {}, ["− Thu 24 Dec 2026 Eve, 09:00–13:00"]),
        (
            {"days": [EVE]},
            {"days": [{**EVE, "periods": [{"start": "09:00", "end": "12:00"}]}]},
            ["Thu 24 Dec 2026: Eve 09:00–13:00 → Eve 09:00–12:00"],
        ),
    ],
)
def test_a_change_is_said_in_words_an_administrator_would_use(before, after, said):
    assert [change.words for change in difference(OFFICE | before, OFFICE | after)] == said


def test_many_holidays_of_one_year_are_one_line_with_its_details():
    days = [{"date": f"2027-01-{day:02}", "name": f"Day {day}", "source": "BR-SP"} for day in range(1, 14)]

    [change] = difference(OFFICE, OFFICE | {"holidays": days})

    assert change.words == "+ 13 holidays of 2027 (Brazil, São Paulo)"
    assert change.details[0] == "+ Fri 1 Jan 2027 Day 1"
    assert len(change.details) == 13


@pytest.mark.parametrize(
    ("periods", "said"),
    [
        (week(range(5), ("09:00", "12:00"), ("13:00", "18:00")), "Mon to Fri 09:00–12:00, 13:00–18:00"),
        (week(range(5), ("09:00", "18:00")) + week([5], ("09:00", "13:00")), "Mon to Fri 09:00–18:00; Sat 09:00–13:00"),
        (week([0, 3], ("22:00", "06:00")), "Mon 22:00–06:00; Thu 22:00–06:00"),
        (week(range(7), ("00:00", "00:00")), "Round the clock"),
    ],
)
def test_a_week_is_one_line(periods, said):
    assert week_words(parse_periods(periods)) == said
