import json

import pytest
from django.urls import reverse

from calendars.actions import create_calendar
from calendars.models import Calendar
from common.models import ConfigurationChange

pytestmark = pytest.mark.django_db

HOURS = [{"weekday": 0, "start": "09:00", "end": "17:00"}]
OTHER_HOURS = [{"weekday": 0, "start": "08:00", "end": "16:00"}]


@pytest.fixture
def office(at) -> Calendar:
    return create_calendar(name="Office", time_zone="UTC", periods=HOURS, holidays=[], now=at)


def form(**changes) -> dict[str, str]:
    given = {"name": "Office", "time_zone": "UTC", "periods": json.dumps(HOURS), "holidays": "[]", **changes}
    management = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "0"}
    return {**given, **{f"versions-{key}": value for key, value in management.items()}}


def test_adam_adds_a_calendar(client, adam):
    client.force_login(adam)

    answer = client.post(reverse("admin:calendars_calendar_add"), form(holidays=""))

    assert answer.status_code == 302
    version = Calendar.objects.get(name="Office").current
    assert (version.number, version.periods, version.holidays) == (1, HOURS, [])
    assert ConfigurationChange.objects.get().by == adam


def test_adam_changes_the_hours_and_the_old_version_stays(client, adam, office):
    client.force_login(adam)
    page = reverse("admin:calendars_calendar_change", args=[office.pk])

    answer = client.post(page, form(periods=json.dumps(OTHER_HOURS)))

    assert answer.status_code == 302
    assert [(version.number, version.periods) for version in office.versions.all()] == [(2, OTHER_HOURS), (1, HOURS)]
    assert "08:00" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("periods", "[]", "at least one period"),
        ("periods", "nine to five", "valid JSON"),
        ("periods", json.dumps([*HOURS, {"weekday": 0, "start": "16:00", "end": "18:00"}]), "overlap"),
        ("periods", '[{"weekday": 0, "start": "09:00", "end": "09:00"}]', "has 0 minutes"),
        ("periods", '[{"weekday": 9, "start": "09:00", "end": "17:00"}]', "the weekday must be"),
        ("holidays", '[{"date": "soon"}]', "the date must look like"),
        ("time_zone", "Mars/Olympus", "no time zone"),
        ("name", "", "required"),
    ],
)
def test_wrong_input_gets_one_sentence_and_makes_no_version(client, adam, office, field, value, words):
    client.force_login(adam)

    answer = client.post(reverse("admin:calendars_calendar_change", args=[office.pk]), form(**{field: value}))

    errors = answer.context["adminform"].form.errors
    assert list(errors) == [field]
    assert len(errors[field]) == 1
    assert words in errors[field][0]
    assert office.versions.count() == 1


def test_a_name_that_is_taken_is_refused(client, adam, office):
    client.force_login(adam)

    answer = client.post(reverse("admin:calendars_calendar_add"), form())

    assert list(answer.context["adminform"].form.errors) == ["name"]
    assert Calendar.objects.count() == 1


def test_no_calendar_is_deleted_whether_it_is_in_use_or_not(client, adam, office):
    client.force_login(adam)

    one = client.post(reverse("admin:calendars_calendar_delete", args=[office.pk]), {"post": "yes"})
    client.post(
        reverse("admin:calendars_calendar_changelist"),
        {"action": "delete_selected", "_selected_action": office.pk, "post": "yes"},
    )

    assert one.status_code == 403
    assert Calendar.objects.get() == office


def test_the_list_shows_what_is_in_force(client, adam, office):
    client.force_login(adam)

    answer = client.get(reverse("admin:calendars_calendar_changelist"))

    assert "UTC" in answer.content.decode()
