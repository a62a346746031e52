from datetime import datetime, timedelta

import pytest

from escalation.models import Escalation, Override
from people.models import Skill, UserSkill
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.each

ASKED = {"kind": "hierarchical", "severity": 3, "reason": "funding", "summary": "A refund beyond my limit"}
LONG_REASON = "The customer is on the phone and waits for it."


@pytest.fixture
def finance(mona):
    return make_team("Finance", lead=make_user("Pia Holm"), managers=[make_user("Viktor Sandell", "manager")])


def test_a_breach_is_shown_with_its_cause_its_ladder_and_its_open_conditions(breached, mona, calling, time):
    escalation = breached()

    shown = calling(mona).get(f"escalations/{escalation.number}/").json()

    assert (shown["kind"], shown["origin"], shown["state"], shown["stage"], shown["severity"]) == (
        "automatic",
        "sla",
        "initiated",
        "initiate",
        3,
    )
    assert shown["cause"]["breach"]["metric"] == "first_response"
    assert datetime.fromisoformat(shown["cause"]["breach"]["due_at"]) == time.now
    assert shown["ticket"] == escalation.ticket_id
    assert [(rung["level"], rung["state"]) for rung in shown["ladder"]] == [(1, "sent"), (2, "waiting"), (3, "waiting")]
    assert mona.name in shown["ladder"][0]["who"]
    turns = [datetime.fromisoformat(rung["at"]) - time.now for rung in shown["ladder"]]
    assert turns == [timedelta(), timedelta(minutes=15), timedelta(minutes=45)]
    assert shown["acknowledged_at"] is None
    assert [(item["name"], item["met"]) for item in shown["conditions"]] == [("acknowledged", False)]
    assert shown["conditions"][0]["sentence"]
    assert shown["conditions"][0]["by_role"]


def test_an_escalation_is_walked_through_its_four_steps(breached, anna, mona, calling, time):
    number = breached().number
    manager = calling(mona)

    def step(verb, body=None):
        answer = manager.post(f"escalations/{number}/{verb}/", body)
        return answer.status_code, answer.json().get("state"), answer.json().get("stage")

    assert step("begin-communication")[0] == 409
    assert step("acknowledge") == (200, "initiated", "initiate")
    assert step("begin-communication") == (200, "communicating", "communicate")
    promise = (time.now + timedelta(hours=1)).isoformat()
    assert step("communicate", {"audience": "stakeholders", "body": "We know.", "next_update_by": promise})[0] == 200
    assert step("plan", {"tasks": [{"title": "Resend", "owner": anna.email, "due_at": promise}]})[0] == 200
    assert step("begin-resolution") == (200, "resolving", "resolve")
    assert step("resolve")[0] == 409
    assert step("communicate", {"audience": "customers", "body": "It is paid."})[0] == 200
    assert step("resolve") == (200, "resolved", "close")
    assert step("close")[0] == 409
    assert step("verify", {"note": "Seen on the account."})[0] == 200
    assert step("confirm-access")[0] == 200
    assert step("choose-cause", {"cause": "load"})[0] == 200
    assert step("close") == (200, "closed", "close")
    assert step("reopen", {"reason": "It came back."}) == (200, "resolving", "resolve")

    shown = manager.get(f"escalations/{number}/").json()
    assert shown["root_cause"] == "load"
    assert [task["title"] for task in shown["plan"]] == ["Resend"]
    assert {sent["audience"] for sent in shown["communications"]} == {"customers", "stakeholders"}


def test_an_unmet_condition_is_409_with_the_list_and_an_override_goes_on_record(breached, mona, calling):
    number = breached().number
    manager = calling(mona)

    refused = manager.post(f"escalations/{number}/begin-communication/", {"reason": "Now."})
    short = manager.post(f"escalations/{number}/begin-communication/", {"override_reason": "Hurry."})
    passed = manager.post(f"escalations/{number}/begin-communication/", {"override_reason": LONG_REASON})

    assert refused.status_code == 409
    assert refused["Content-Type"] == "application/problem+json"
    assert [(item["name"], item["met"]) for item in refused.json()["conditions"]] == [("acknowledged", False)]
    assert set(refused.json()["conditions"][0]) == {"name", "sentence", "met", "by_role"}
    assert (short.status_code, list(short.json()["errors"])) == (400, ["override_reason"])
    assert passed.json()["state"] == "communicating"
    assert Override.objects.get().reason == LONG_REASON


def test_an_agent_without_the_right_cannot_override(breached, anna, calling):
    number = breached().number

    answer = calling(anna).post(f"escalations/{number}/begin-communication/", {"override_reason": LONG_REASON})

    assert answer.status_code == 403
    assert Escalation.objects.get().state == "initiated"


def test_an_agent_asks_and_a_manager_grants_an_exception(anna, mona, calling, open_ticket):
    number = open_ticket().number
    asked = calling(anna).post(f"tickets/{number}/escalate/", {**ASKED, "wanted_by": "2026-11-18T12:00:00+01:00"})
    escalation = asked.json()
    granted = {
        "decision": "exception",
        "note": "This once.",
        "amount": "R$ 18.400",
        "valid_until": "2026-12-31",
    }

    own = calling(anna).post(f"escalations/{escalation['number']}/approve/", {})
    decided = calling(mona).post(f"escalations/{escalation['number']}/approve/", granted)
    again = calling(mona).post(f"escalations/{escalation['number']}/decline/", {"reason": "No."})

    assert asked.status_code == 201
    assert (escalation["state"], escalation["stage"], escalation["decider"]) == ("requested", None, mona.email)
    assert escalation["wanted_by"] == "2026-11-18T11:00:00Z"
    assert own.status_code == 403
    assert (decided.status_code, decided.json()["state"]) == (200, "initiated")
    assert {**decided.json()["approval"], "at": ""} == {
        **granted,
        "resources": "",
        "by": mona.email,
        "at": "",
    }
    assert again.status_code == 409


def test_a_manager_declines_with_a_reason(anna, mona, calling, open_ticket):
    number = calling(anna).post(f"tickets/{open_ticket().number}/escalate/", ASKED).json()["number"]

    without = calling(mona).post(f"escalations/{number}/decline/")
    given = {"reason": "Not within our contract."}
    unknown = calling(mona).post(f"escalations/{number}/decline/", {**given, "cause": "fate"})
    declined = calling(mona).post(f"escalations/{number}/decline/", {**given, "cause": "authority"})

    assert (without.status_code, unknown.status_code) == (400, 400)
    assert (declined.json()["state"], declined.json()["end_reason"]) == ("declined", "Not within our contract.")
    assert Escalation.objects.get(number=number).cause == "authority"


def test_a_functional_escalation_goes_to_its_team_and_comes_back(anna, finance, calling, open_ticket):
    ticket = open_ticket()
    asked = {**ASKED, "kind": "functional", "reason": "technical", "team": "finance", "tried": "Read the log."}

    number = calling(anna).post(f"tickets/{ticket.number}/escalate/", asked).json()["number"]
    at_finance = calling(anna).get(f"tickets/{ticket.number}/").json()
    returned = calling(finance.lead).post(
        f"escalations/{number}/return/", {"reason": "It is not ours.", "cause": "ownership"}
    )
    back = calling(anna).get(f"tickets/{ticket.number}/").json()

    assert (at_finance["team"], at_finance["escalations"], at_finance["escalation_state"]) == (
        "finance",
        [number],
        "initiated",
    )
    assert returned.json()["state"] == "withdrawn"
    assert Escalation.objects.get(number=number).cause == "ownership"
    assert back["team"] == "payments"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "automatic"}, "kind"),
        ({"kind": "functional"}, "team"),
        ({"kind": "functional", "team": "nowhere"}, "team"),
        ({"reason": "boredom"}, "reason"),
        ({"summary": ""}, "summary"),
        ({"summary": None}, "summary"),
    ],
)
def test_an_escalation_that_makes_no_sense_is_400(changes, field, anna, calling, open_ticket):
    answer = calling(anna).post(f"tickets/{open_ticket().number}/escalate/", {**ASKED, **changes})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not Escalation.objects.exists()


def test_a_customer_escalates_his_own_ticket_and_learns_nothing_internal(cora, mona, calling, open_ticket, payments):
    number = open_ticket().number

    answer = calling(cora).post(f"tickets/{number}/escalate/", ASKED)

    shown = answer.json()
    assert answer.status_code == 201
    assert (shown["origin"], shown["state"], shown["summary"]) == ("customer", "requested", ASKED["summary"])
    assert shown["requester"] == {"name": cora.name, "email": cora.email}
    assert mona.email not in answer.content.decode()
    assert (shown["decider"], shown["manager"], shown["ladder"], shown["conditions"]) == (None, None, [], [])
    assert calling(cora).get(f"escalations/{shown['number']}/").status_code == 404
    assert calling(cora).post(f"escalations/{shown['number']}/withdraw/", {"reason": "Never mind."}).status_code == 404
    assert calling(cora).get("escalations/").json() == {"results": [], "next": None}


def test_whoever_asked_withdraws_and_a_manager_deescalates(anna, mona, calling, open_ticket, breached):
    asked = calling(anna).post(f"tickets/{open_ticket().number}/escalate/", ASKED).json()["number"]

    withdrawn = calling(anna).post(f"escalations/{asked}/withdraw/", {"reason": "It is settled."})
    opened = breached(subject="Another").number
    by_agent = calling(anna).post(f"escalations/{opened}/deescalate/", {"reason": "Calm again."})
    by_manager = calling(mona).post(f"escalations/{opened}/deescalate/", {"reason": "Calm again."})

    assert withdrawn.json()["state"] == "withdrawn"
    assert (by_agent.status_code, by_manager.status_code) == (403, 200)
    assert by_manager.json()["state"] == "withdrawn"


def test_a_task_is_ticked_and_unticked(breached, anna, mona, calling):
    number = breached().number
    manager = calling(mona)
    plan = manager.post(f"escalations/{number}/plan/", {"tasks": [{"title": "Resend"}, {"title": "Call"}]}).json()[
        "plan"
    ]

    done = manager.post(f"escalations/{number}/finish-task/", {"task": plan[0]["id"]}).json()["plan"]
    undone = manager.post(f"escalations/{number}/finish-task/", {"task": plan[0]["id"], "done": False}).json()["plan"]
    foreign = manager.post(f"escalations/{number}/finish-task/", {"task": 999})

    assert [task["done_at"] is not None for task in done] == [True, False]
    assert [task["done_at"] is not None for task in undone] == [False, False]
    assert foreign.status_code == 400


def test_r44_the_versions_of_a_plan_say_who_why_and_what(breached, mona, anna, calling):
    number, manager = breached().number, calling(mona)
    path = f"escalations/{number}/plan/"
    manager.post(path, {"tasks": [{"title": "Call"}]})

    unsaid = manager.post(path, {"tasks": [{"title": "Call", "owner": anna.email}]})
    manager.post(path, {"tasks": [{"title": "Call", "owner": anna.email}], "reason": "She knows them.", "based_on": 1})
    stale = manager.post(path, {"tasks": [{"title": "x"}], "reason": "y", "based_on": 1})
    shown = manager.get(f"{path}versions/").json()["results"]

    assert (unsaid.status_code, stale.status_code) == (400, 409)
    assert [(one["number"], one["reason"], one["by"]) for one in shown] == [
        (2, "She knows them.", mona.email),
        (1, "", mona.email),
    ]
    assert shown[0]["changes"] == [{"sort": "owner", "task": "Call", "before": None, "after": anna.email}]


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("communicate", {"audience": "press", "body": "x"}, "audience"),
        ("communicate", {"audience": "customers", "body": ""}, "body"),
        (
            "communicate",
            {"audience": "customers", "body": "x", "next_update_by": "2026-11-18T10:00:00"},
            "next_update_by",
        ),
        (
            "communicate",
            {"audience": "customers", "body": "x", "next_update_by": "2020-01-01T00:00:00Z"},
            "next_update_by",
        ),
        ("plan", {"tasks": []}, "tasks"),
        ("plan", {"tasks": [{"title": ""}]}, "tasks.0.title"),
        ("plan", {"tasks": [{"title": "a", "owner": "cora@livraria-aurora.example"}]}, "tasks"),
        ("plan", {"tasks": [{"title": "a", "due_at": "soon"}]}, "tasks.0.due_at"),
        ("choose-cause", {"cause": "the moon"}, "cause"),
        ("acknowledge", {"loudly": True}, "loudly"),
    ],
)
def test_a_verb_with_a_wrong_body_is_400_and_changes_nothing(verb, body, field, breached, mona, calling):
    number = breached().number
    before = Escalation.objects.values().get()

    answer = calling(mona).post(f"escalations/{number}/{verb}/", body)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert Escalation.objects.values().get() == before


def test_the_list_can_be_narrowed(breached, anna, mona, calling, open_ticket):
    automatic = breached()
    asked = calling(anna).post(f"tickets/{open_ticket(subject='B').number}/escalate/", ASKED).json()["number"]
    manager = calling(mona)

    def found(query):
        return [row["number"] for row in manager.get(f"escalations/?{query}").json()["results"]]

    assert found("") == [asked, automatic.number]
    assert found(f"ticket={automatic.ticket_id}") == [automatic.number]
    assert found("state=requested") == found("kind=hierarchical") == [asked]
    assert found("severity=1") == []
    assert manager.get("escalations/?state=lost").status_code == 400


def test_the_ladder_stops_when_somebody_acknowledges(breached, anna, calling):
    escalation = breached()

    shown = calling(anna).post(f"escalations/{escalation.number}/acknowledge/").json()

    assert shown["acknowledged_by"] == anna.email
    assert [rung["state"] for rung in shown["ladder"]] == ["sent", "stopped", "stopped"]
    assert [rung["at"] for rung in shown["ladder"]][1:] == [None, None]
    assert shown["conditions"][0]["met"] is True


def test_r36_an_update_by_the_api_counts_its_readers_and_its_promises(calling, mona, breached, time):
    number = breached().number
    when = (time.now + timedelta(hours=1)).isoformat()
    said = {
        "audience": "customers",
        "body": "Hello {customer.first_name}.",
        "next_update_by": when,
        "expected": 1,
        "trend": "improving",
    }

    body = calling(mona).post(f"escalations/{number}/communicate/", said).json()

    (sent,) = body["communications"]
    assert (sent["purpose"], sent["recipients"], sent["sent"], sent["waiting"]) == ("first_notice", 1, 1, 0)
    assert body["promises"] == {"kept": 0, "broken": 0, "running": 1}
    assert (sent["trend"], body["trend"]) == ("improving", "improving")


def test_r42_a_hand_over_is_listed_with_its_note_and_its_answer(breached, mona, rosa, calling):
    place = f"escalations/{breached().number}"
    given = calling(rosa).post(f"{place}/hand-over/", {"to": mona.email, "note": "Two banks wait."})
    assert given.status_code == 200

    taken = calling(mona).post(f"{place}/acknowledge-hand-over/").json()

    assert taken["manager"] == mona.email
    (row,) = calling(rosa).get(f"{place}/hand-overs/").json()["results"]
    assert (row["giver"], row["receiver"], row["note"]) == (rosa.email, mona.email, "Two banks wait.")
    assert row["acknowledged_at"] is not None


@pytest.fixture
def handed(open_ticket, policy, finance, anna, calling, time):
    """Half an hour with Payments, then to Finance with its one message as evidence."""
    ticket = open_ticket(now=time.now)
    time.move_to(time.now + timedelta(minutes=30))
    body = {"kind": "functional", "team": "finance", "severity": 3, "reason": "technical", "summary": "Check it"}
    body["messages"] = [ticket.messages.get().pk]
    made = calling(anna).post(f"tickets/{ticket.number}/escalate/", body)
    assert made.status_code == 201, made.json()
    return made.json()["number"]


def test_r42_a_hand_off_is_accepted_by_the_receiving_team_alone(handed, anna, finance, calling, time):
    assert calling(anna).post(f"escalations/{handed}/accept/").status_code == 403

    answer = calling(finance.lead).post(f"escalations/{handed}/accept/")

    contract = answer.json()["hand_off"]
    assert answer.status_code == 200
    assert (contract["from_team"], contract["to_team"]) == ("payments", "finance")
    assert (contract["sent_by"], contract["accepted_by"]) == (anna.email, finance.lead.email)
    assert calling(finance.lead).post(f"escalations/{handed}/accept/").status_code == 409


def test_r42_the_times_of_the_teams_add_up_to_the_customers_clock(handed, anna, finance, calling, time):
    time.move_to(time.now + timedelta(minutes=10))
    calling(finance.lead).post(f"escalations/{handed}/accept/")
    time.move_to(time.now + timedelta(minutes=50))

    found = calling(anna).get(f"escalations/{handed}/hand-offs/").json()

    assert found["bounces"] == 0
    assert [len(one["evidence"]["messages"]) for one in found["results"]] == [1]
    stays = [(stay["team"], stay["seconds"], stay["unaccepted"]) for stay in found["held"]["stays"]]
    assert stays == [("payments", 1800, 0), ("finance", 3600, 600)]
    assert (found["held"]["metric"], found["held"]["seconds"]) == ("resolution", 5400)


def test_r1_a_sender_who_loses_sight_is_answered_all_the_same(open_ticket, anna, rosa, mona, calling):
    make_team("Fraud", restricted=True, lead=mona, members=[rosa])
    body = {"kind": "functional", "team": "fraud", "severity": 3, "reason": "technical", "summary": "Check it"}

    made = calling(anna).post(f"tickets/{open_ticket().number}/escalate/", body)

    assert (made.status_code, made.json()["hand_off"]["to_team"]) == (201, "fraud")
    assert calling(anna).get(f"escalations/{made.json()['number']}/").status_code == 404
    taken = calling(anna).post(f"escalations/{made.json()['number']}/withdraw/", {"reason": "I have found it."})
    assert (taken.status_code, taken.json()["state"], taken.json()["ladder"]) == (200, "withdrawn", [])
    wrong = calling(anna).post(f"tickets/{open_ticket().number}/escalate/", body | {"messages": [987_654]})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["evidence"])


def test_r1_teams_are_suggested_with_their_reasons(open_ticket, anna, finance, calling):
    ticket = open_ticket(tags=["refund"])
    UserSkill.objects.create(user=finance.lead, skill=Skill.objects.create(name="Refunds"), level=5)
    finance.members.add(finance.lead)

    found = calling(anna).get(f"tickets/{ticket.number}/escalate/teams/").json()["results"]

    assert [(one["team"], one["fit"], one["present"], one["members"]) for one in found] == [("finance", "best", 1, 1)]
    assert (found[0]["reasons"], found[0]["lacks"], found[0]["skills"]) == (["has Refunds (1 person)"], [], ["Refunds"])
