"""A calendar's history, holidays to copy into one, and clocks that follow, by the API."""

import pytest

from sla.models import Clock
from tests.api.test_sla import LISBON
from tests.factories.calendars import make_calendar
from tests.factories.sla import make_policy

LATER = [{"weekday": 2, "start": "15:00", "end": "18:00"}]


@pytest.fixture
def admin(adam, calling):
    return calling(adam)


def test_versions_say_what_they_changed_and_a_return_makes_a_new_one(admin, adam):
    number = admin.post("sla/calendars/", LISBON).json()["id"]
    admin.patch(f"sla/calendars/{number}/", {"time_zone": "UTC", "holidays": []})

    returned = admin.post(f"sla/calendars/{number}/return/", {"number": 1}).json()
    versions = admin.get(f"sla/calendars/{number}/versions/").json()["results"]

    assert (returned["version"], returned["holidays"]) == (3, LISBON["holidays"])
    assert [row["number"] for row in versions] == [3, 2, 1]
    assert versions[1]["changes"] == ["Time zone Europe/Lisbon → UTC", "− Fri 25 Dec 2026 Christmas"]
    assert (versions[2]["changes"], versions[2]["by"]) == ([], adam.name)
    assert admin.post(f"sla/calendars/{number}/return/", {"number": 9}).status_code == 404


@pytest.mark.parametrize(("applies_to", "version"), [("new", 1), ("new_and_open", 2)])
def test_open_clocks_follow_a_calendar_only_when_asked(admin, at, open_ticket, applies_to, version):
    office = make_calendar(at)
    make_policy(at, calendar=office)
    open_ticket()

    admin.patch(f"sla/calendars/{office.pk}/", {"periods": LATER, "applies_to": applies_to})

    assert {clock.calendar_version.number for clock in Clock.objects.all()} == {version}


def test_a_calendar_in_use_is_not_archived_and_one_in_the_archive_is_not_chosen(admin, at):
    office, spare = make_calendar(at), make_calendar(at, name="Spare")
    policy = make_policy(at, name="Enterprise", calendar=office)

    refused = admin.post(f"sla/calendars/{office.pk}/archive/", {})
    archived = admin.post(f"sla/calendars/{spare.pk}/archive/", {})
    chosen = admin.patch(f"sla/policies/{policy.pk}/", {"calendar": spare.pk})

    assert refused.status_code == 409
    assert refused.json()["detail"] == "“São Paulo hours” is used by the policy “Enterprise”, so it stays."
    assert archived.status_code == 200
    assert [row["id"] for row in admin.get("sla/calendars/").json()["results"]] == [office.pk]
    assert list(chosen.json()["errors"]) == ["calendar"]
    admin.post(f"sla/calendars/{spare.pk}/bring-back/", {})
    assert len(admin.get("sla/calendars/").json()["results"]) == 2


def test_holidays_of_a_region_come_as_a_calendar_takes_them(admin):
    found = admin.get("sla/holidays/?country=BR&subdivision=SP&year=2026&language=pt_BR").json()["results"]

    made = admin.post("sla/calendars/", {**LISBON, "holidays": found})

    assert {"date": "2026-07-09", "name": "Revolução Constitucionalista", "source": "BR-SP"} in found
    assert made.json()["holidays"] == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("year=2026", "country"),
        ("country=BR", "year"),
        ("country=XX&year=2026", "country"),
        ("country=BR&year=1200", "year"),
        ("country=BR&subdivision=ENG&year=2026", "subdivision"),
        ("country=BR&language=tlh&year=2026", "language"),
    ],
)
def test_holidays_that_there_are_none_of_are_400(admin, query, field):
    answer = admin.get(f"sla/holidays/?{query}")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
