"""Each of the four steps in the browser, as five people walk it: by the pages alone, each with what it refuses."""

from datetime import timedelta

import pytest

from escalation import sweep
from escalation.models import Escalation
from notifications.models import Alert
from tests.desk.helpers import NOWHERE, get, post, words

pytestmark = pytest.mark.once
HOUR = timedelta(hours=1)
ASKED = {"severity": "1", "reason": "technical", "summary": "Pay out by hand", "tried": "Sent the batch twice."}


def room(person) -> str:
    return words(get(person, "desk:escalation", Escalation.objects.get().number))


def does(person, verb, **data) -> int:
    """The answer's status: 302 where it is done, 409 with the checklist, 422 with what was typed."""
    return post(person, "desk:escalation_verb", Escalation.objects.get().number, verb, **data).status_code


def plan(*lines) -> dict:
    data = {"plan-TOTAL_FORMS": len(lines), "plan-INITIAL_FORMS": 0}
    for number, (title, owner) in enumerate(lines):
        data |= {f"plan-{number}-title": title, f"plan-{number}-owner": owner}
    return data


@pytest.fixture
def to_initiate(open_ticket, policy, time):
    """Severity 1: the first reply to an urgent ticket was missed."""
    ticket = open_ticket(priority="urgent")
    time.move_to(time.now + 6 * HOUR)
    sweep.run()
    return ticket


@pytest.fixture
def to_communicate(to_initiate, mona):
    assert does(mona, "acknowledge") == 302
    post(mona, "desk:escalation_details", Escalation.objects.get().number, impact="Nine merchants have no money.")
    assert does(mona, "begin-communication") == 302
    return to_initiate


@pytest.fixture
def to_resolve(to_communicate, anna, mona, time):
    promised = (time.now + HOUR).strftime("%Y-%m-%dT%H:%M")
    assert does(mona, "communicate", audience="customers", body="We know.", next_update_by=promised) == 302
    assert does(mona, "communicate", audience="stakeholders", body="The batch was rejected.") == 302
    post(mona, "desk:escalation_plan", Escalation.objects.get().number, **plan(("Resend it", anna.email)))
    assert does(mona, "begin-resolution") == 302
    return to_communicate


@pytest.fixture
def to_close(to_resolve, anna, mona):
    task = Escalation.objects.get().plan_tasks.get()
    assert does(anna, "task", task_id=task.pk, done="1") == 302
    assert does(mona, "resolve") == 302
    return to_resolve


def test_initiate_is_asked_for_decided_and_taken_in_hand(open_ticket, anna, rosa, mona, cora, stan, time):
    ticket = open_ticket(now=time.now)
    blank = post(anna, "desk:escalate", ticket.number, kind="hierarchical", **ASKED | {"summary": ""})
    assert blank.status_code == 422 and "Sent the batch twice.</textarea>" in words(blank)
    post(anna, "desk:escalate", ticket.number, kind="hierarchical", **ASKED)
    number = Escalation.objects.get().number

    assert "Pay out by hand" in words(get(mona, "desk:escalations"))
    assert post(anna, "desk:decision", number, decision="approve").status_code == 403
    post(mona, "desk:decision", number, decision="approve")
    assert does(mona, "begin-communication") == 409
    for person in (cora, stan):
        assert NOWHERE in words(get(person, "desk:escalation", number))

    assert does(mona, "acknowledge") == 302
    post(rosa, "desk:escalation_details", number, impact="Nine merchants have no money.")
    assert "Nine merchants have no money." in room(anna)
    assert does(anna, "begin-communication") == 403
    assert does(mona, "begin-communication") == 302
    assert Escalation.objects.get().state == "communicating"


def test_communicate_informs_both_audiences_within_the_hour_and_promises_the_next(
    to_communicate, anna, mona, rosa, cora, time
):
    refused = post(mona, "desk:escalation_verb", Escalation.objects.get().number, "begin-resolution")
    assert refused.status_code == 409
    time.move_to(time.now + HOUR + timedelta(minutes=1))
    sweep.run()
    assert set(Alert.objects.filter(kind="overdue").values_list("recipient__name", flat=True)) == {
        "Mona Farias",
        "Rosa Quiroga",
    }

    promised = (time.now + HOUR).strftime("%Y-%m-%dT%H:%M")
    said = {"audience": "customers", "body": "We resend the file.", "next_update_by": promised}
    assert does(mona, "communicate", **said) == 302
    assert does(mona, "communicate", audience="stakeholders", body="The bank's list was old.") == 302
    customers_page = words(get(cora, "portal:request", to_communicate.number))
    assert "We resend the file." in customers_page
    assert "The bank's list was old." not in customers_page
    assert does(mona, "begin-resolution") == 409
    post(mona, "desk:escalation_plan", Escalation.objects.get().number, **plan(("Resend it", anna.email)))
    assert does(mona, "begin-resolution") == 302
    assert "Resend it" in room(anna)


def test_resolve_is_worked_on_reviewed_and_declared_by_a_manager(to_resolve, anna, rosa, mona):
    assert does(mona, "task-force", members=[anna.email], experts=[rosa.email]) == 302
    assert does(anna, "technical-plan", body="Rebuild the file.") == 302
    assert does(mona, "resolve") == 409
    assert does(rosa, "review-plan", version=1, verdict="accept") == 302
    task = Escalation.objects.get().plan_tasks.get()
    assert does(anna, "task", task_id=task.pk, done="1") == 302

    assert does(anna, "resolve") == 403
    assert does(mona, "resolve") == 302

    assert Escalation.objects.get().resolved_by == mona
    assert "Suspended" in room(anna)


def test_close_verifies_gives_back_access_names_the_cause_and_learns(to_close, anna, rosa, mona, cora):
    number = Escalation.objects.get().number
    refused = post(mona, "desk:escalation_verb", number, "close")
    assert refused.status_code == 409
    assert does(mona, "responsible", role="architect", email=rosa.email) == 302
    assert does(rosa, "verify", customers="It works again.", stakeholders="Resent.") == 302
    assert "It works again." in words(get(cora, "portal:request", to_close.number))
    assert does(mona, "confirm-access") == 302
    assert does(mona, "cause", cause="product") == 302
    post(anna, "desk:ticket_change", to_close.number, "status", verb="solve")
    assert does(mona, "request-analysis", why="It came twice.") == 302
    assert does(mona, "close") == 409
    lines = {"actions-TOTAL_FORMS": 1, "actions-INITIAL_FORMS": 0, "actions-0-title": "Check the list"}
    whys = {f"why{n}": f"Because of reason {n}" for n in (1, 2, 3)}
    post(mona, "desk:analysis_write", number, contributing="The list was old", **lines, **whys, submit="1")

    assert does(anna, "close") == 403
    assert does(mona, "close") == 302
    assert Escalation.objects.get().state == "closed"
    assert "Reopen it" in room(mona)
