"""Both at once (R6), impact (R16) and the desk's own fields (R22) of an escalation by API."""

from escalation.models import Escalation
from tests.factories.people import make_team, make_user
from tickets.models import CustomField

ASKED = {"kind": "hierarchical", "severity": 3, "reason": "funding", "summary": "A refund beyond my limit"}


def test_r16_r22_impact_and_own_fields_are_given_shown_and_changed(anna, cora, calling, open_ticket):
    CustomField.objects.create(key="penalty", label="Penalty", belongs_to="escalation", type="number", is_required=True)
    agent, number = calling(anna), open_ticket().number

    missing = agent.post(f"tickets/{number}/escalate/", {**ASKED, "fields": {}})
    made = agent.post(f"tickets/{number}/escalate/", {**ASKED, "impact": "Nine", "fields": {"penalty": "12.50"}}).json()
    address = f"escalations/{made['number']}/"
    changed = agent.call("PATCH", address, {"impact": "Ten"}).json()
    wrong = agent.call("PATCH", address, {"fields": {"penalty": None}})

    assert (missing.status_code, list(missing.json()["errors"])) == (400, ["fields.penalty"])
    assert (made["impact"], made["fields"]) == ("Nine", {"penalty": "12.5"})
    assert (changed["impact"], changed["fields"]) == ("Ten", {"penalty": "12.5"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["fields.penalty"])


def test_r22_a_customer_who_escalates_gets_nothing_of_them_back(cora, calling, open_ticket):
    answer = calling(cora).post(f"tickets/{open_ticket().number}/escalate/", {**ASKED, "impact": "I wait"}).json()

    assert (answer["impact"], answer["fields"]) == ("", {})
    assert Escalation.objects.get().impact == "I wait"


def test_r6_both_at_once_answers_with_both(open_ticket, anna, mona, calling):
    body = {"kind": "both", "team": "finance", "severity": 3, "reason": "funding", "summary": "Refund beyond my limit"}
    make_team("Finance", lead=make_user("Pia Holm"), managers=[mona])
    number, caller = open_ticket().number, calling(anna)

    made = caller.post(f"tickets/{number}/escalate/", body).json()

    assert (made["kind"], made["state"], made["also"]["kind"], made["also"]["state"]) == (
        "functional",
        "initiated",
        "hierarchical",
        "requested",
    )
    assert {made["number"], made["also"]["number"]} == set(caller.get(f"tickets/{number}/").json()["escalations"])
    alone = caller.post(f"tickets/{open_ticket().number}/escalate/", {**body, "kind": "functional"}).json()
    assert alone["also"] is None
