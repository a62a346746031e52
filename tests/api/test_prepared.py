"""Saved views, quick replies and the desk's own fields by API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.people import make_team
from tickets import actions
from tickets.bases import NARROW
from tickets.models import CustomField, QuickReply, SavedView


def names(answer) -> list[str]:
    return [row["name"] for row in answer.json()["results"]]


def test_one_sees_ones_own_views_those_of_ones_teams_and_those_for_all(anna, rosa, mona, payments, calling):
    SavedView.objects.create(owner=anna, name="Mine")
    SavedView.objects.create(owner=rosa, name="Hers")
    SavedView.objects.create(owner=rosa, name="Ours", team=payments)
    SavedView.objects.create(owner=mona, name="Legal", team=make_team("Legal", managers=[mona]))
    SavedView.objects.create(owner=mona, name="All", is_shared=True)

    found = calling(anna).get("views/")

    assert names(found) == ["Mine", "Ours", "All"]
    assert found.json()["results"][1]["team"] == "payments"


def test_a_views_tickets_are_those_of_its_search_and_base_that_the_caller_sees(
    anna, mona, payments, open_ticket, at, calling
):
    open_ticket(subject="Urgent", priority="urgent", tags=["payout"])
    taken = open_ticket(subject="Taken", priority="urgent", tags=["payout"])
    actions.assign(ticket=taken, assignee=anna, now=at, by=anna)
    open_ticket(subject="Low", tags=["payout"])
    legal = make_team("Legal", managers=[mona], restricted=True)
    open_ticket(subject="Secret", priority="urgent", tags=["payout"], team=legal)
    view = SavedView.objects.create(
        owner=mona, name="Nobody's", is_shared=True, query="tag:payout", base="urgent-unowned"
    )

    found = calling(anna).get(f"views/{view.pk}/tickets/").json()["results"]
    all_of_it = calling(mona).get(f"views/{view.pk}/tickets/").json()["results"]

    assert [ticket["subject"] for ticket in found] == ["Urgent"]
    assert [ticket["subject"] for ticket in all_of_it] == ["Secret", "Urgent"]


def test_a_view_of_somebody_else_is_not_there(anna, rosa, calling):
    view = SavedView.objects.create(owner=rosa, name="Hers")

    assert calling(anna).get(f"views/{view.pk}/tickets/").status_code == 404


def test_a_view_whose_search_means_nothing_any_more_says_so(anna, calling):
    view = SavedView.objects.create(owner=anna, name="Old", query="team:gone")

    answer = calling(anna).get(f"views/{view.pk}/tickets/")

    assert answer.status_code == 400
    assert "q" in answer.json()["errors"]


@pytest.mark.parametrize("base", NARROW)
def test_every_base_of_a_view_can_be_asked(base, anna, payments, open_ticket, calling):
    open_ticket()
    view = SavedView.objects.create(owner=anna, name="x", base=base)

    assert calling(anna).get(f"views/{view.pk}/tickets/").status_code == 200


def test_quick_replies_as_they_stand_and_filled_in_for_a_ticket(anna, cora, payments, open_ticket, calling):
    cora.language = "es"
    cora.save()
    ticket = open_ticket()
    common = {"is_enabled": True}
    QuickReply.objects.create(title="Hello", body="Hello {customer.first_name}, by {time}.", **common)
    QuickReply.objects.create(title="Hola", body="Hola {customer.first_name}", language="es", team=payments, **common)
    QuickReply.objects.create(title="Cards", body="x", team=make_team("Cards"), **common)
    QuickReply.objects.create(title="Off", body="x", is_enabled=False)
    caller = calling(anna)

    plain = caller.get("quick-replies/").json()["results"]
    filled = caller.get(f"tickets/{ticket.number}/quick-replies/").json()["results"]

    assert [row["title"] for row in plain] == ["Hello", "Hola", "Cards"]
    assert plain[0]["open"] == ["{customer.first_name}", "{time}"]
    assert [(row["title"], row["body"], row["open"]) for row in filled] == [
        ("Hola", "Hola Cora", []),
        ("Hello", "Hello Cora, by {time}.", ["{time}"]),
    ]


def test_the_desks_own_fields_are_told_in_their_order(anna, calling):
    CustomField.objects.create(key="plan", label="Plan", type="choice", choices=["Gold"], order=2)
    CustomField.objects.create(key="amount", label="Amount", type="number", order=1)
    CustomField.objects.create(key="old", label="Old", is_enabled=False)

    CustomField.objects.create(key="regulator", label="Regulator", belongs_to="escalation")
    of_tickets = {"belongs_to": "ticket", "required": False}
    assert calling(anna).get("fields/").json()["results"] == [
        {"key": "amount", "label": "Amount", "type": "number", "choices": [], **of_tickets},
        {"key": "plan", "label": "Plan", "type": "choice", "choices": ["Gold"], **of_tickets},
    ]
    theirs = calling(anna).get("fields/?belongs_to=escalation").json()["results"]
    assert [(field["key"], field["belongs_to"]) for field in theirs] == [("regulator", "escalation")]


def test_lists_cost_the_same_for_one_row_and_for_fifty(anna, payments, open_ticket, at, calling):
    ticket, caller = open_ticket(), calling(anna)
    paths = ["views/", "quick-replies/", f"tickets/{ticket.number}/quick-replies/", f"tickets/{ticket.number}/links/"]
    counts = []

    for more in (1, 49):
        for _ in range(more):
            SavedView.objects.create(owner=anna, name="x", team=payments)
            QuickReply.objects.create(title="x", body="{customer.name}", team=payments)
        others = [open_ticket() for _ in range(min(more, 3))]
        for other in others:
            ticket.links_out.create(target=other, relation="related", made_by=anna, made_at=at)
        counts.append([_queries(caller, path) for path in paths])

    assert counts[0] == counts[1]


def _queries(caller, path: str) -> int:
    caller.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert caller.get(path).status_code == 200
    return len(captured)


def test_a_lead_writes_his_teams_quick_replies_an_agent_his_own_and_nobody_anothers(anna, rosa, adam, calling):
    make_team("Cards", lead=rosa)
    text = {"title": "Thanks", "body": "Thank you, {customer.first_name}."}

    led = calling(rosa).post("quick-replies/", {**text, "team": "cards"}).json()
    own = calling(anna).post("quick-replies/", {**text, "own": True}).json()

    assert (led["team"], led["own"], own["team"], own["own"]) == ("cards", False, None, True)
    ids = {who: [row["id"] for row in calling(who).get("quick-replies/").json()["results"]] for who in (anna, rosa)}
    assert ids == {anna: [led["id"], own["id"]], rosa: [led["id"]]}
    statuses = [
        calling(anna).post("quick-replies/", {**text, "team": "cards"}).status_code,
        calling(rosa).post("quick-replies/", text).status_code,
        calling(anna).get(f"quick-replies/{led['id']}/").status_code,
        calling(anna).patch(f"quick-replies/{led['id']}/", {"body": "x"}).status_code,
        calling(anna).call("DELETE", f"quick-replies/{led['id']}/").status_code,
        calling(adam).get(f"quick-replies/{own['id']}/").status_code,
        calling(adam).call("DELETE", f"quick-replies/{own['id']}/").status_code,
        calling(anna).patch(f"quick-replies/{own['id']}/", {"body": "{customer.shoe}"}).status_code,
        calling(anna).patch(f"quick-replies/{own['id']}/", {"body": "Thanks."}).status_code,
        calling(rosa).patch(f"quick-replies/{led['id']}/", {"title": "Many thanks"}).status_code,
        calling(anna).call("DELETE", f"quick-replies/{own['id']}/").status_code,
        calling(rosa).call("DELETE", f"quick-replies/{led['id']}/").status_code,
    ]
    assert statuses == [403, 403, 200, 403, 403, 404, 404, 400, 200, 200, 200, 200]
    assert list(QuickReply.with_own.values_list("title", "is_enabled")) == [("Many thanks", False)]
