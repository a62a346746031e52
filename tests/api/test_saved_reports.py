"""Saved reports for programs: made, shared, sent by mail, changed and removed as on the pages."""

from datetime import timedelta

import pytest

from people.enums import Role
from reports.models import SavedReport
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.each

WEEKLY = {
    "name": "Each Monday",
    "report": "sample",
    "asked": {"days": "7"},
    "for_all": True,
    "mail": {"every": "week", "day": 0, "hour": 7, "to": ["mona@meridiano.example"]},
}


@pytest.fixture(autouse=True)
def _a_day_later(sample, time, at):
    time.move_to(at + timedelta(days=1))


@pytest.fixture
def manager(mona, calling):
    return calling(mona)


@pytest.fixture
def made(manager) -> str:
    answer = manager.post("reports/saved/", WEEKLY)
    assert answer.status_code == 201, answer.json()
    return f"reports/saved/{answer.json()['id']}/"


def test_one_is_made_with_its_mail_and_found_again(made, manager):
    told = manager.get(made).json()

    assert told["mail"].pop("next_at").startswith("2026-11-23T")
    assert {name: told[name] for name in WEEKLY} == WEEKLY
    assert told["url"].endswith("/api/v1/reports/sample/")
    assert manager.get("reports/saved/").json()["results"][0]["id"] == told["id"]


def test_what_is_not_given_stays_and_a_null_stops_the_mail(made, manager):
    team = make_team("Risk")

    renamed = manager.patch(made, {"name": "Mondays", "team": team.slug, "for_all": False}).json()
    silent = manager.patch(made, {"mail": None}).json()

    assert (renamed["name"], renamed["team"], renamed["mail"]["every"]) == ("Mondays", "risk", "week")
    assert (silent["name"], silent["mail"]) == ("Mondays", None)
    assert SavedReport.objects.get().next_moment is None


def test_one_whose_team_is_gone_can_still_be_renamed(made, manager):
    SavedReport.objects.update(query={"days": "7", "team": "gone"})

    answer = manager.patch(made, {"name": "Mondays"})

    assert (answer.status_code, answer.json()["asked"]) == (200, {"days": "7", "team": "gone"})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"report": "nothing"}, "report"),
        ({"asked": {"team": "gone"}}, "team"),
        ({"asked": {"since": "2026-11-09", "until": "2026-01-01"}}, "until"),
        ({"team": "gone"}, "team"),
        ({"name": " "}, "name"),
        ({"mail": {"every": "week", "day": 9, "to": ["mona@meridiano.example"]}}, "day"),
        ({"mail": {"every": "day", "to": ["anna@meridiano.example"]}}, "mail"),
        ({"mail": {"every": "now", "to": []}}, "mail.every"),
        ({"hour": 8}, "hour"),
    ],
)
def test_what_cannot_be_saved_is_said_and_changes_nothing(made, manager, anna, change, field):
    before = SavedReport.objects.values().get()

    answer = manager.patch(made, change)

    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert SavedReport.objects.values().get() == before


def test_others_read_a_shared_one_without_its_addresses_and_change_nothing(made, calling, adam):
    other = calling(make_user("paula@meridiano.example", role=Role.MANAGER))

    told = other.get(made).json()

    assert (told["may_change"], told["mail"]["to"]) == (False, [])
    assert [other.patch(made, {"name": "x"}).status_code, other.call("DELETE", made).status_code] == [403, 403]
    assert calling(adam).call("DELETE", made).json()["name"] == "Each Monday"
    assert not SavedReport.objects.exists()


def test_an_agent_has_none_of_a_report_that_is_for_managers(made, calling, anna):
    agent = calling(anna)

    assert agent.get("reports/saved/").json()["results"] == []
    assert agent.get(made).status_code == 404
