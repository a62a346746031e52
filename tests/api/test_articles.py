"""Procedures by the API: written, approved by another, and ticked on an escalation (R70)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escalation.models import Procedure
from escalation.procedures.procedures import install_procedures
from knowledge import services
from knowledge.actions import Draft
from knowledge.models import Article
from tests.factories.articles import make_article

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


def test_a_customers_program_reads_and_finds_what_is_for_customers(agreed, calling, cora, anna, at):
    make_article("fees", at, title="Fees", readers="customers", review_on=at.date())
    make_article("taxas", at, title="Taxas", language="pt-br", translates=Article.objects.get(slug="fees"))
    services.write(user=anna, slug="fees", draft=Draft("Fees", "SECRET", reason="SECRET"), now=at)

    listed = calling(cora).get("articles/").json()["results"]
    found = calling(cora).get("articles/?q=FEES").json()["results"]
    read = calling(cora).get("articles/taxas/").json()

    assert [(one["slug"], one["review_on"]) for one in listed] == [("fees", None), ("taxas", None)]
    assert [one["slug"] for one in found] == ["fees"]
    assert (read["language"], read["translates"], read["versions"][0]["approved_by"]) == ("pt-br", "fees", None)
    fees = calling(cora).get("articles/fees/")
    assert len(fees.json()["versions"]) == 1 and "SECRET" not in fees.content.decode()
    assert calling(cora).get("articles/refunds/").status_code == 404
    assert len(calling(anna).get("articles/?q=fees").json()["results"]) == 1


def test_the_list_asks_as_often_for_fifty_as_for_one(calling, cora, at):
    counted = []
    for many in (1, 3, 50):
        for n in range(Article.objects.count(), many):
            make_article(f"a{n}", at)
        with CaptureQueriesContext(connection) as caught:
            assert len(calling(cora).get("articles/?limit=50").json()["results"]) == many
        counted.append(len(caught))

    assert counted[1] == counted[2]
