"""A harmed customer's own request shows how far the escalation is, whose it is, and the next update (R38)."""

from datetime import timedelta

import pytest

from escalation import services
from escalation.initiate import affected
from escalation.models import Escalation
from people.enums import Role
from tests.desk.helpers import queries
from tests.factories.people import make_team, make_user
from tickets.models import Ticket

HOUR = timedelta(hours=1)
SECRET = "The acquirer mixed up our keys"


@pytest.fixture
def pia(db):
    return make_user("Pia Prado", Role.CUSTOMER, email="pia@shop.example")


@pytest.fixture
def own(open_ticket, pia):
    """What Pia herself wrote about it."""
    return open_ticket(requester=pia, subject="Cards are refused")


@pytest.fixture
def outage(open_ticket, own, anna, mona, pia, rosa, time) -> Escalation:
    """Of Cora's ticket, at Cards; harms Pia too."""
    make_team("Cards", lead=mona, managers=[mona])
    common = {"severity": 1, "reason": "technical", "summary": SECRET, "tried": SECRET, "team_slug": "cards"}
    ticket = open_ticket(subject=SECRET)
    found = services.escalate(user=anna, ticket_number=ticket.number, kind="functional", now=time.now, **common)
    affected.add_all(number=found.number, people={pia.pk: own.number}, by=rosa, now=time.now, how="hand")
    return found


def page_of(client, person, number="") -> str:
    client.force_login(person)
    path = f"/help/{number}/" if number else "/help/"
    return " ".join(client.get(path).content.decode().split())


def test_r38_the_own_request_shows_stage_team_and_next_update_and_nothing_internal(
    client, outage, own, pia, mona, time
):
    services.begin_communication(
        user=mona, number=outage.number, now=time.now, override_reason="Everybody knows it, go on at once."
    )
    services.communicate(
        user=mona, number=outage.number, audience="stakeholders", body=SECRET, now=time.now,
        next_update_by=time.now + HOUR / 2,
    )  # fmt: skip
    services.communicate(
        user=mona, number=outage.number, audience="customers", body="We know.", now=time.now,
        next_update_by=time.now + HOUR,
    )  # fmt: skip

    page = page_of(client, pia, own.number)

    stage = page[page.index('aria-current="step"') :]
    assert stage.index("Everybody informed") < stage.index("Being solved")
    assert "Cards team" in page
    assert "Next update from us" in page
    assert "11:00" in page
    assert "10:30" not in page
    assert "It is part of a larger matter" in page
    assert f"{mona.name} sees to it" in page
    for inside in (SECRET, outage.reference, f"#{outage.ticket_id}"):
        assert inside not in page
    row = page_of(client, pia)
    assert "Escalated" in row
    assert "Cards team" in row


def test_r38_what_another_customer_asked_of_a_manager_is_his(client, open_ticket, own, pia, cora, rosa, time):
    ticket = open_ticket()
    asked = services.escalate(
        user=cora, ticket_number=ticket.number, kind="hierarchical", severity=2, reason="staff", summary=SECRET,
        now=time.now,
    )  # fmt: skip
    affected.add_all(number=asked.number, people={pia.pk: own.number}, by=rosa, now=time.now, how="hand")

    page = page_of(client, pia, own.number)

    assert "A manager has been asked" not in page
    assert "Escalated" not in page_of(client, pia)


def test_r38_a_request_that_is_not_about_it_shows_nothing_of_it(client, outage, open_ticket, pia):
    other = open_ticket(requester=pia, subject="An invoice")

    assert "A manager watches this" not in page_of(client, pia, other.number)


@pytest.mark.once
def test_r38_the_list_asks_as_often_for_many_as_for_one(client, outage, open_ticket, anna, pia, rosa, time):
    client.force_login(pia)
    queries(client, "/help/")
    one = queries(client, "/help/")
    common = {"kind": "functional", "severity": 2, "reason": "technical", "summary": "x", "team_slug": "cards"}
    for n in range(3):
        number = open_ticket().number
        found = services.escalate(user=anna, ticket_number=number, now=time.now, **common)
        mine = open_ticket(requester=pia, subject=f"Another {n}").number
        affected.add_all(number=found.number, people={pia.pk: mine}, by=rosa, now=time.now, how="hand")

    assert queries(client, "/help/") == one


def test_r50_who_is_harmed_by_a_larger_matter_asks_what_went_wrong_on_his_own_request(
    client, outage, own, pia, mona, time
):
    ask = f"/help/{own.number}/analysis/"
    assert "Ask what went wrong" not in page_of(client, pia, own.number)
    assert client.post(ask, {"why": "Our board asks."}).status_code == 409
    for verb in (services.begin_communication, services.begin_resolution, services.resolve):
        verb(user=mona, number=outage.number, now=time.now, override_reason="Everybody knows it, go on at once.")
    assert "Ask what went wrong" in page_of(client, pia, own.number)

    client.post(ask, {"why": "Our board asks."})

    analysis = Escalation.objects.get(pk=outage.pk).analysis
    assert (analysis.requested_by, analysis.why_asked) == (pia, "Our board asks.")
    page = page_of(client, pia, own.number)
    assert "You hear from us by" in page and "Ask what went wrong" not in page


def test_r50_who_was_left_out_of_it_does_not(client, outage, own, pia, mona, time):
    outage.affected.filter(person=pia).update(left_out="Has a line of his own.")
    for verb in (services.begin_communication, services.begin_resolution, services.resolve):
        verb(user=mona, number=outage.number, now=time.now, override_reason="Everybody knows it, go on at once.")

    assert "Ask what went wrong" not in page_of(client, pia, own.number)
    assert client.post(f"/help/{own.number}/analysis/", {"why": "Tell me."}).status_code == 404


def test_r38_what_lies_in_the_trash_stands_on_no_harmed_customers_request(client, outage, own, pia, mona, time):
    for verb in (services.begin_communication, services.begin_resolution, services.resolve):
        verb(user=mona, number=outage.number, now=time.now, override_reason="Everybody knows it, go on at once.")
    shown = page_of(client, pia, own.number)

    Ticket.objects.filter(pk=outage.ticket_id).update(trashed_at=time.now)

    assert "Ask what went wrong" in shown
    page = page_of(client, pia, own.number)
    assert "Ask what went wrong" not in page and "Resolved" not in page.partition("<main")[2]
    assert client.post(f"/help/{own.number}/analysis/", {"why": "Tell me."}).status_code == 409
