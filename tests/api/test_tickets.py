from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import User
from sla.publishing import create_policy
from tests.factories.people import make_team, make_user
from tests.factories.sla import same_for_all
from tickets import actions
from tickets.models import Event, Ticket

pytestmark = pytest.mark.each

CANARY = "canary-in-a-note-7731"


def test_an_agents_program_opens_a_ticket_for_a_customer_who_is_not_known_yet(anna, calling, payments, policy, at):
    body = {
        "subject": "Payout stuck",
        "body": "Since noon.",
        "requester": {"email": "New@Somewhere.example", "name": "Nadia New"},
        "priority": "high",
        "team": "payments",
        "channel": "chat",
        "tags": ["VIP", "payout"],
    }

    answer = calling(anna).post("tickets/", body)

    ticket = answer.json()
    assert answer.status_code == 201
    assert ticket["requester"] == {"name": "Nadia New", "email": "new@somewhere.example"}
    assert (ticket["subject"], ticket["priority"], ticket["team"]) == ("Payout stuck", "high", "payments")
    assert (ticket["channel"], ticket["status"], sorted(ticket["tags"])) == ("chat", "new", ["payout", "vip"])
    assert [message["body"] for message in ticket["messages"]] == ["Since noon."]
    assert {clock["metric"]: clock["state"] for clock in ticket["clocks"]} == {
        "first_response": "running",
        "resolution": "running",
    }
    assert datetime.fromisoformat(ticket["next_due_at"]) == at + timedelta(hours=6)
    assert Ticket.objects.get().number == ticket["number"]


def test_what_opening_answers_is_what_reading_answers_and_costs_few_queries(anna, cora, calling, payments, policy):
    agent, customer = calling(anna), calling(cora)
    plain = {"subject": "a", "body": "b", "requester": {"email": cora.email}}
    full = {**plain, "tags": ["vip", "a"], "attachments": [{"name": "a.txt", "content": "YQ=="}]}
    agent.post("tickets/", plain)

    with CaptureQueriesContext(connection) as asked:
        opened = agent.post("tickets/", plain).json()
    by_agent = agent.post("tickets/", full).json()
    by_customer = customer.post("tickets/", {"subject": "a", "body": "b"}).json()

    assert agent.get(f"tickets/{opened['number']}/").json() == opened
    assert agent.get(f"tickets/{by_agent['number']}/").json() == by_agent
    assert customer.get(f"tickets/{by_customer['number']}/").json() == by_customer
    assert len(asked) <= 18, [query["sql"][:80] for query in asked]


def test_an_agent_has_to_name_a_requester(anna, calling, payments):
    answer = calling(anna).post("tickets/", {"subject": "a", "body": "b"})

    assert answer.status_code == 400
    assert "requester" in answer.json()["errors"]


def test_a_customers_token_needs_no_requester(cora, calling, payments):
    answer = calling(cora).post("tickets/", {"subject": "Payout stuck", "body": "Since noon."})

    assert answer.status_code == 201
    assert answer.json()["requester"]["email"] == cora.email
    assert Ticket.objects.get().channel == "api"


@pytest.mark.parametrize(
    "more", [{"team": "payments"}, {"tags": ["vip"]}, {"requester": {"email": "stan@elsewhere.example"}}]
)
def test_a_customer_may_not_set_what_is_the_desks(more, cora, calling, payments):
    answer = calling(cora).post("tickets/", {"subject": "a", "body": "b", **more})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == list(more)
    assert not Ticket.objects.exists()


def test_a_customer_sees_public_words_only_and_nothing_internal(anna, cora, calling, open_ticket, policy, at):
    number = open_ticket().number
    agent = calling(anna)
    agent.post(f"tickets/{number}/note/", {"body": CANARY})
    agent.post(f"tickets/{number}/reply/", {"body": "We are on it."})
    agent.post(f"tickets/{number}/hold/", {"reason": CANARY})
    asked = {"kind": "hierarchical", "severity": 2, "reason": "funding", "summary": CANARY}
    assert agent.post(f"tickets/{number}/escalate/", asked).status_code == 201
    customer = calling(cora)

    shown = customer.get(f"tickets/{number}/").json()
    everything = [
        customer.get(path).content.decode()
        for path in (
            "tickets/",
            f"tickets/{number}/",
            f"tickets/?q={CANARY}",
            f"tickets/{number}/clocks/resolution/ledger/",
            "escalations/",
            "escalations/1/",
            "notifications/",
        )
    ]

    assert [message["body"] for message in shown["messages"]] == ["Since yesterday.", "We are on it."]
    assert (shown["severity"], shown["escalations"], shown["tags"], shown["team"], shown["assignee"]) == (
        None,
        [],
        [],
        None,
        None,
    )
    assert shown["escalation_state"] == "requested"
    assert not any(CANARY in text for text in everything)
    assert not any(person.email in text for text in everything for person in User.objects.exclude(pk=cora.pk))


def test_a_reply_of_an_agent_and_one_of_the_customer(anna, cora, calling, open_ticket):
    number = open_ticket().number

    first = calling(anna).post(f"tickets/{number}/reply/", {"body": "Which payout?"})
    second = calling(cora).post(f"tickets/{number}/reply/", {"body": "The one of Friday."})

    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.json()["by_customer"], second.json()["by_customer"]) == (False, True)
    assert first.json()["author"] == {"name": anna.name, "email": anna.email}
    assert second.json()["channel"] == "api"
    assert Ticket.objects.get().assignee == anna


def test_a_note_is_not_public_and_not_for_customers_to_write(anna, cora, calling, open_ticket):
    number = open_ticket().number

    note = calling(anna).post(f"tickets/{number}/note/", {"body": "He sounds upset."})
    refused = calling(cora).post(f"tickets/{number}/note/", {"body": "Am I?"})

    assert (note.status_code, note.json()["public"]) == (201, False)
    assert refused.status_code == 403


def test_assigning_to_a_team_a_person_or_both(anna, calling, open_ticket):
    number = open_ticket().number
    make_team("Billing")
    agent = calling(anna)

    to_person = agent.post(f"tickets/{number}/assign/", {"assignee": "ANNA@meridiano.example"}).json()
    to_team = agent.post(f"tickets/{number}/assign/", {"team": "billing"}).json()
    both = agent.post(f"tickets/{number}/assign/", {"team": "payments", "assignee": anna.email}).json()

    assert (to_person["team"], to_person["assignee"]) == ("payments", anna.email)
    assert (to_team["team"], to_team["assignee"]) == ("billing", None)
    assert (both["team"], both["assignee"]) == ("payments", anna.email)


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "team"), ({"team": "nowhere"}, "team"), ({"assignee": "cora@livraria-aurora.example"}, "assignee")],
)
def test_assigning_to_nobody_is_400(body, field, anna, calling, open_ticket):
    answer = calling(anna).post(f"tickets/{open_ticket().number}/assign/", body)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_the_status_moves_by_verbs_and_an_illegal_one_is_409(anna, calling, open_ticket):
    number = open_ticket().number
    agent = calling(anna)

    steps = [
        (agent.post(f"tickets/{number}/{verb}/", {"reason": "as agreed"}).json()["status"])
        for verb in ("wait", "resume", "hold", "solve", "reopen", "solve", "close")
    ]
    illegal = agent.post(f"tickets/{number}/wait/")

    assert steps == ["waiting", "open", "on_hold", "solved", "open", "solved", "closed"]
    assert illegal.status_code == 409
    assert illegal.json()["conditions"] == []
    assert "Closed" in illegal.json()["detail"]
    assert Event.objects.filter(kind="ticket.status", data__reason="as agreed").count() == 7


def test_a_verb_needs_no_body_at_all(anna, calling, open_ticket):
    number = open_ticket().number

    answer = calling(anna).call("POST", f"tickets/{number}/solve/")

    assert answer.status_code == 200


def test_the_priority_can_be_changed(anna, calling, open_ticket):
    answer = calling(anna).post(f"tickets/{open_ticket().number}/priority/", {"priority": "urgent"})

    assert answer.json()["priority"] == "urgent"


def test_giving_a_ticket_to_a_restricted_team_shows_it_once_more_and_then_no_more(anna, calling, open_ticket):
    number = open_ticket().number
    make_team("Legal", restricted=True)
    agent = calling(anna)

    answer = agent.post(f"tickets/{number}/assign/", {"team": "legal"})

    assert answer.status_code == 200
    assert agent.get(f"tickets/{number}/").status_code == 404


def test_pages_follow_each_other_without_gap_or_repeat_while_rows_are_added(anna, calling, open_ticket):
    numbers = [open_ticket(subject=f"Ticket {count}").number for count in range(7)]
    agent = calling(anna)
    seen = []

    answer = agent.get("tickets/?limit=3").json()
    open_ticket(subject="Came in between")
    while True:
        seen += [ticket["number"] for ticket in answer["results"]]
        if answer["next"] is None:
            break
        answer = agent.get(answer["next"]).json()

    assert seen == sorted(numbers, reverse=True)


def test_the_next_page_keeps_the_search(anna, calling, open_ticket):
    for count in range(3):
        open_ticket(subject=f"Payout {count}")
        open_ticket(subject=f"Login {count}")
    agent = calling(anna)

    first = agent.get("tickets/?q=payout&limit=2").json()
    second = agent.get(first["next"]).json()

    found = [ticket["subject"] for ticket in first["results"] + second["results"]]
    assert found == ["Payout 2", "Payout 1", "Payout 0"]


@pytest.mark.parametrize(
    "parameters", ["cursor=nonsense", "cursor=é", "cursor=YQ", "limit=0", "limit=101", "limit=x", "limit=-1"]
)
def test_a_bad_cursor_or_limit_is_400(parameters, anna, calling):
    answer = calling(anna).get(f"tickets/?{parameters}")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [parameters.split("=")[0]]


def test_the_ledger_adds_up_and_names_the_pause(anna, calling, open_ticket, policy, time, at):
    ticket = open_ticket()
    agent = calling(anna)
    time.move_to(at + timedelta(minutes=30))
    agent.post(f"tickets/{ticket.number}/wait/", {"reason": "asked for the receipt"})
    time.move_to(at + timedelta(minutes=50))
    agent.post(f"tickets/{ticket.number}/resume/")
    time.move_to(at + timedelta(minutes=60))

    clocks = agent.get(f"tickets/{ticket.number}/").json()["clocks"]
    ledger = agent.get(next(clock["ledger"] for clock in clocks if clock["metric"] == "resolution")).json()

    assert ledger["used_seconds"] == sum(segment["counted_seconds"] for segment in ledger["segments"]) == 40 * 60
    assert ledger["used_seconds"] + ledger["remaining_seconds"] == ledger["target_seconds"] == 24 * 3600
    assert [(segment["kind"], segment["reason"], segment["by"]) for segment in ledger["segments"]][1] == (
        "paused",
        "asked for the receipt",
        anna.name,
    )
    assert [entry["kind"] for entry in ledger["entries"]] == ["started", "paused", "resumed"]
    assert datetime.fromisoformat(ledger["due_at"]) == at + timedelta(hours=24, minutes=20)
    assert ledger["policy"] == "Standard, version 1"


def test_a_recurring_promise_has_a_ledger_for_each_round(anna, cora, calling, payments, at, time):
    create_policy(name="Replies", targets=same_for_all("next_response", 3600), now=at)
    ticket = actions.open_ticket(subject="a", body="b", requester=cora, now=at)
    for minutes in (1, 2):
        actions.customer_wrote(ticket=ticket, author=cora, body="And?", now=at + timedelta(minutes=minutes))
        actions.reply(ticket=ticket, author=anna, body="Soon.", now=at + timedelta(minutes=minutes, seconds=30))
    time.move_to(at + timedelta(minutes=5))
    agent = calling(anna)

    clocks = agent.get(f"tickets/{ticket.number}/").json()["clocks"]

    assert [(clock["cycle"], clock["state"]) for clock in clocks] == [(1, "met"), (2, "met")]
    starts = [agent.get(clock["ledger"]).json()["segments"][0]["from"] for clock in clocks]
    assert len(set(starts)) == 2
    # Without a round, the newest.
    assert agent.get(f"tickets/{ticket.number}/clocks/next_response/ledger/").json()["segments"][0]["from"] == starts[1]


def test_a_clock_that_a_ticket_has_not_is_404(anna, calling, open_ticket):
    agent = calling(anna)
    number = open_ticket().number

    assert agent.get(f"tickets/{number}/clocks/resolution/ledger/").status_code == 404
    assert agent.get(f"tickets/{number}/clocks/nonsense/ledger/").status_code == 404


def test_a_retired_colleague_cannot_be_given_a_ticket(anna, calling, open_ticket):
    make_user("Gone Away", is_active=False)

    answer = calling(anna).post(f"tickets/{open_ticket().number}/assign/", {"assignee": "gone@meridiano.example"})

    assert answer.status_code == 400
