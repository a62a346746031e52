"""Criteria and proposals by the API (R9, R11)."""

import pytest

from escalation import sweep
from escalation.models import Escalation, Proposal

NEW = {"name": "Money", "kind": "funding", "conditions": {"keywords": ["refund*"], "waiting": {"from": 0}}}


@pytest.fixture
def admin(adam, calling):
    return calling(adam)


@pytest.fixture
def proposed(admin, open_ticket) -> Proposal:
    admin.post("escalation/criteria/", {**NEW, "conditions": {"keywords": ["refund*"]}})
    open_ticket(body="A refund")
    sweep.run()
    return Proposal.objects.get()


def test_r9_a_criterion_is_made_changed_and_switched_off(admin):
    wrong = admin.post("escalation/criteria/", NEW)
    assert wrong.status_code == 400
    assert "whole number" in wrong.json()["errors"]["conditions"][0]

    conditions = {"keywords": ["refund*"], "waiting": {"from": 30}}
    made = admin.post("escalation/criteria/", {**NEW, "conditions": conditions}).json()
    changed = admin.call("PATCH", f"escalation/criteria/{made['id']}/", {"is_enabled": False, "severity": 1}).json()

    assert made["conditions"] == conditions
    assert (made["reason"], made["escalate_as"], made["mode"], made["team"]) == (
        "funding",
        "hierarchical",
        "propose",
        None,
    )
    assert (changed["is_enabled"], changed["severity"], changed["conditions"]) == (False, 1, conditions)
    assert [one["name"] for one in admin.get("escalation/criteria/").json()["results"]] == ["Money"]


def test_a_functional_one_names_its_team_and_may_be_turned_into_a_hierarchical_one(admin, payments):
    given = {**NEW, "conditions": {"channel": ["email"]}, "escalate_as": "functional"}
    assert admin.post("escalation/criteria/", given).json()["errors"]["team"] == [
        "A functional escalation needs a team."
    ]

    made = admin.post("escalation/criteria/", {**given, "team": "payments"}).json()
    changed = admin.call("PATCH", f"escalation/criteria/{made['id']}/", {"escalate_as": "hierarchical"}).json()

    assert (made["team"], changed["team"]) == ("payments", None)


def test_r11_a_proposal_says_what_fired_and_is_accepted_once(proposed, calling, anna):
    caller = calling(anna)

    [shown] = caller.get("proposals/").json()["results"]
    made = caller.post(f"proposals/{proposed.pk}/accept/", {"summary": "May we refund?"})
    again = caller.post(f"proposals/{proposed.pk}/accept/")

    assert shown["fired"]["parts"] == [{"key": "keywords", "words": "text has “refund*”", "found": "“refund…”"}]
    assert (made.status_code, again.status_code) == (201, 409)
    escalation = made.json()
    assert (escalation["origin"], escalation["kind"], escalation["summary"]) == (
        "rule",
        "hierarchical",
        "May we refund?",
    )
    assert escalation["cause"]["criterion"]["criterion"] == "Money"
    assert Escalation.objects.count() == 1
    assert caller.get("proposals/").json()["results"] == []
    assert caller.get("proposals/?state=all").json()["results"][0]["end"] == "accepted"


def test_r11_a_proposal_is_dismissed_with_a_reason(proposed, calling, anna):
    answer = calling(anna).post(f"proposals/{proposed.pk}/dismiss/", {"reason": "Refunded."})

    assert (answer.json()["end"], answer.json()["why"], answer.json()["by"]) == ("dismissed", "Refunded.", anna.email)
