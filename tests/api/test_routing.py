"""Routing rules by the API: read, changed against a version, put in order, judged and tried (R56-R59)."""

from datetime import timedelta

import pytest

from common.models import ConfigurationChange
from tests.factories.people import make_team
from tickets import tasks
from tickets.models import RoutingDryRun, RoutingRule, Ticket
from tickets.routing import dry_runs

TO_RISK = [{"do": "team", "value": "risk"}]
PAYOUTS = {"name": "Payouts", "conditions": {"keywords": ["payout*"]}, "actions": TO_RISK}


@pytest.fixture
def admin(adam, calling):
    return calling(adam)


@pytest.fixture
def risk(db):
    return make_team("Risk")


@pytest.fixture
def rule(admin, risk):
    return admin.post("routing/rules/", PAYOUTS).json()


def test_r56_a_rule_is_made_changed_switched_off_and_removed_and_the_trail_tells(admin, rule, adam):
    at = f"routing/rules/{rule['id']}/"

    changed = admin.call("PATCH", at, {"version": 1, "goes_on": True}).json()
    off = admin.post(f"{at}switch/", {"on": False}).json()
    gone = admin.call("DELETE", at).json()

    assert (rule["place"], rule["version"], rule["is_enabled"], rule["event"]) == (1, 1, True, "arrival")
    assert (changed["version"], changed["goes_on"], changed["conditions"]) == (2, True, PAYOUTS["conditions"])
    assert not off["is_enabled"]
    assert gone["name"] == "Payouts"
    assert admin.get(at).status_code == 404
    told = ConfigurationChange.objects.filter(subject="routing rule Payouts", by=adam)
    assert told.count() == 4


def test_the_second_of_two_is_told_what_the_first_has_changed(admin, rule):
    at = f"routing/rules/{rule['id']}/"
    admin.call("PATCH", at, {"version": 1, "name": "Money out"})

    late = admin.call("PATCH", at, {"version": 1, "goes_on": True})

    assert late.status_code == 409
    assert late.json()["differences"] == ["Name: Payouts → Money out"]
    assert admin.get(at).json()["goes_on"] is False


def test_what_cannot_be_asked_is_a_sentence_and_nothing_is_kept(admin, risk):
    wrong = {**PAYOUTS, "conditions": {"subject": {"matches": "a(?=b)"}}, "actions": [{"do": "team", "value": "gone"}]}

    answer = admin.post("routing/rules/", wrong)

    assert answer.status_code == 400
    assert answer.json()["errors"] == {
        "conditions": ["“(?=” looks ahead or behind, which patterns here do not support."],
        "actions": ["There is no team “gone”."],
    }
    assert not RoutingRule.objects.exists()


def test_the_order_is_changed_and_an_earlier_version_comes_back(admin, rule):
    second = admin.post("routing/rules/", {**PAYOUTS, "name": "Second"}).json()
    last = admin.post("routing/rules/", {"name": "Rest", "catch_all": True, "actions": TO_RISK}).json()
    at = f"routing/rules/{second['id']}/"

    moved = admin.post(f"{at}move/", {"above": rule["id"]}).json()
    nowhere = admin.post(f"{at}move/", {})
    stays = admin.post(f"routing/rules/{last['id']}/move/", {"to": "up"})
    admin.call("PATCH", at, {"version": 1, "name": "Other"})
    back = admin.post(f"{at}return/", {"number": 1}).json()

    assert (moved["place"], last["place"], stays.status_code, nowhere.status_code) == (1, 3, 409, 400)
    assert [one["place"] for one in admin.get("routing/rules/").json()["results"]] == [2, 1, 3]
    assert (back["name"], back["version"]) == ("Second", 3)
    assert [one["number"] for one in admin.get(f"{at}versions/").json()["results"]] == [3, 2, 1]


def test_what_is_wrong_with_the_rules_is_told(admin, rule):
    shaded = admin.post("routing/rules/", {**PAYOUTS, "conditions": {"keywords": ["payouts"]}}).json()
    narrow = {"keywords": ["payout*"], "priority": ["urgent"]}
    other = admin.post("routing/rules/", {"name": "Never", "conditions": narrow, "actions": []}).json()

    found = admin.get("routing/analysis/").json()["results"]

    codes = [{name: one[name] for name in ("rule", "fault", "others", "about")} for one in found]
    assert {"rule": shaded["id"], "fault": "shadowed", "others": [rule["id"]], "about": []} in codes
    assert {"rule": other["id"], "fault": "idle", "others": [], "about": []} in codes
    said = {one["fault"]: one for one in found}
    assert said["shadowed"]["sentence"].endswith("is in the shadow of rule 1.")
    assert "Move it above rule 1" in said["shadowed"]["advice"]


def test_rules_are_tried_on_a_ticket_and_on_a_text_with_a_draft_among_them(admin, rule, open_ticket, cora):
    ticket = open_ticket(subject="Payout")
    draft = {"name": "Cards", "conditions": {"keywords": ["card"]}, "actions": [{"do": "priority", "value": "high"}]}

    by_ticket = admin.post("routing/try/", {"ticket": ticket.number}).json()
    by_text = admin.post("routing/try/", {"subject": "A card", "customer": cora.email, "rule": draft}).json()
    instead = admin.post("routing/try/", {"ticket": ticket.number, "rule": draft, "instead_of": rule["id"]}).json()
    wrong = [
        admin.post("routing/try/", given).status_code
        for given in ({}, {"ticket": 1, "subject": "x"}, {"subject": "x", "customer": "nobody@x.example"})
    ]
    nowhere = admin.post("routing/try/", {"ticket": 999_999})
    gone = admin.post("routing/try/", {"subject": "x", "rule": draft, "instead_of": 999_999})

    assert (by_ticket["team"], by_ticket["sentence"]) == ("risk", "“Payouts” takes it: Risk.")
    assert by_ticket["rules"][0]["asked"] == [{"words": "text has “payout*”", "found": "“payout…”", "holds": True}]
    assert (by_text["priority"], by_text["team"]) == ("high", "payments")
    assert [one["name"] for one in instead["rules"]][:1] == ["Cards"]
    assert instead["team"] == "payments"
    assert wrong == [400, 400, 400]
    assert (nowhere.status_code, gone.status_code) == (404, 400)
    assert RoutingRule.objects.count() == 1


def test_a_dry_run_is_a_job_that_says_how_far_it_has_come(admin, rule, open_ticket, adam):
    ticket = open_ticket(subject="A card")
    draft = {"name": "Cards", "conditions": {"subject": {"matches": "card"}}, "actions": TO_RISK}

    asked = admin.post("routing/dry-runs/", {"days": 7, "rule": draft})
    waiting = admin.get(f"routing/dry-runs/{asked.json()['id']}/").json()
    tasks.try_rules()
    done = admin.get(f"routing/dry-runs/{asked.json()['id']}/").json()

    assert asked.status_code == 202
    assert (waiting["found"], waiting["finished_at"]) == (None, None)
    assert (done["done"], done["of"], done["found"]["touched"]) == (1, 1, 1)
    assert done["found"]["changes"] == [
        {
            "what": "team",
            "count": 1,
            "ways": [{"was": "payments", "would": "risk", "tickets": 1}],
            "examples": [{"ticket": ticket.number, "was": "payments", "would": "risk", "rule": None}],
        }
    ]
    assert Ticket.objects.get().team.slug == "payments"


def test_a_worker_that_dies_is_followed_by_another_and_three_that_fail_end_it(admin, time, monkeypatch):
    asked = admin.post("routing/dry-runs/", {"days": 7}).json()
    monkeypatch.setattr(dry_runs, "numbers_since", lambda since: 1 / 0)
    for _attempt in range(3):
        assert dry_runs.run() == 0
        assert dry_runs.run() == 0, "it is held for a while"
        time.move_to(time.now + timedelta(minutes=3))

    found = admin.get(f"routing/dry-runs/{asked['id']}/").json()

    assert RoutingDryRun.objects.get().attempts == 3
    assert found["finished_at"]
    assert found["found"] is None


def test_a_dry_run_that_kills_whoever_takes_it_is_taken_three_times_and_has_failed(admin, monkeypatch, time):
    class Killed(BaseException):
        """No error that a round could catch."""

    def killed(since):
        raise Killed

    monkeypatch.setattr(dry_runs, "numbers_since", killed)
    asked = admin.post("routing/dry-runs/", {"days": 7}).json()
    for _attempt in range(3):
        with pytest.raises(Killed):
            dry_runs.run()
        time.move_to(time.now + timedelta(minutes=3))

    assert dry_runs.run() == 0

    found = admin.get(f"routing/dry-runs/{asked['id']}/").json()
    assert found["finished_at"]
    assert found["found"] is None


def test_nobody_asks_for_more_dry_runs_than_are_made(admin):
    for _number in range(3):
        assert admin.post("routing/dry-runs/", {"days": 1}).status_code == 202

    assert admin.post("routing/dry-runs/", {"days": 1}).status_code == 409
    assert admin.post("routing/dry-runs/", {"days": 91}).status_code == 400
