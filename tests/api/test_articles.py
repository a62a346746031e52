"""Procedures by the API: written, approved by another, and ticked on an escalation (R70)."""

import pytest

from escalation.models import Procedure
from escalation.procedures.procedures import install_procedures

REFUNDS = {
    "title": "Refunds",
    "body": "Ask.",
    "steps": [{"sentence": "Say the sum", "required": True}, {"sentence": "Say until when"}],
}


@pytest.fixture
def agreed(calling, anna, mona, payments):
    install_procedures()
    Procedure.objects.update(guide="refunds")
    assert calling(anna).post("articles/refunds/", REFUNDS).status_code == 201
    return calling(mona).post("articles/refunds/versions/1/approve/").json()


def test_r70_a_version_is_written_and_approved(agreed, calling, anna, mona):
    assert (agreed["author"], agreed["approved_by"]) == (anna.email, mona.email)
    assert [step["required"] for step in agreed["steps"]] == [True, False]
    (line,) = calling(anna).get("articles/").json()["results"]
    assert (line["slug"], line["version"]) == ("refunds", 1)

    again = calling(anna).post("articles/refunds/", {**REFUNDS, "reason": "Shorter", "based_on": 1})

    assert again.json()["number"] == 2
    shown = calling(anna).get("articles/refunds/").json()
    assert (shown["version"], [one["number"] for one in shown["versions"]]) == (1, [2, 1])
    stale = calling(mona).post("articles/refunds/", {**REFUNDS, "reason": "Longer", "based_on": 1})
    assert stale.status_code == 409


def test_r70_steps_are_taken_on_an_escalation(agreed, calling, anna, open_ticket):
    asked = {"kind": "hierarchical", "severity": 3, "reason": "funding", "summary": "A refund", "steps": [2]}
    raised = calling(anna).post(f"tickets/{open_ticket().number}/escalate/", asked).json()
    assert (raised["guide"]["article"], raised["guide"]["version"]) == ("refunds", 1)
    assert [step["ticked_by"] for step in raised["guide"]["steps"]] == [None, anna.email]

    place = f"escalations/{raised['number']}/take-step/"
    assert calling(anna).post(place, {"step": 1}).json()["guide"]["steps"][0]["ticked_by"] == anna.email
    assert calling(anna).post(place, {"step": 1, "done": False}).json()["guide"]["steps"][0]["ticked_by"] is None
    assert calling(anna).post(place, {"step": 3}).status_code == 400
