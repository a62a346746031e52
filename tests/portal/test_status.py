"""How a service is: for those whom it concerns, and in no words but those that were for customers."""

from datetime import timedelta

import pytest

from escalation import services
from escalation.initiate import affected
from escalation.models import AffectedService, Communication, Escalation
from people.enums import Role
from tests.desk.helpers import get, queries, signed_in, words
from tests.factories.people import make_team, make_user
from tickets.models import Service, TicketService

HOUR = timedelta(hours=1)
SECRET = "The acquirer mixed up our keys"


@pytest.fixture
def pix(db) -> Service:
    return Service.objects.create(name="Pix payouts", slug="pix", description="Money to your bank.")


@pytest.fixture
def make_matter(open_ticket, pix, anna, time):
    """Of Cora's ticket, about Pix, told to customers."""
    make_team("Cards")

    def make(body: str = "We know, {customer.first_name}.") -> Escalation:
        ticket = open_ticket(subject=SECRET)
        found = services.escalate(
            user=anna, ticket_number=ticket.number, kind="functional", severity=2, reason="technical", summary=SECRET,
            tried=SECRET, team_slug="cards", now=time.now,
        )  # fmt: skip
        AffectedService.objects.create(escalation=found, service=pix)
        common = {"escalation": found, "at": time.now, "by": anna}
        Communication.objects.create(audience="stakeholders", body=SECRET, **common)
        Communication.objects.create(audience="customers", body=body, next_update_by=time.now + HOUR, **common)
        return found

    return make


def test_r38_a_harmed_customer_reads_what_was_told_since_when_and_by_when_more(make_matter, cora):
    make_matter()

    every, one = words(get(cora, "portal:status")), words(get(cora, "portal:service", "pix"))

    assert "Pix payouts" in every and "1 problem that we work on" in every
    assert "We know, Cora." in one
    assert "10:00" in one.partition("A problem since")[2][:120] and "11:00" in one.partition("Next update by")[2][:120]
    for inside in (SECRET, "E-", "Anna Lindqvist"):
        assert inside not in one and inside not in every


def test_whom_it_does_not_concern_finds_no_service_at_all(make_matter, stan, open_ticket):
    make_matter()
    open_ticket(requester=stan)

    assert "Pix payouts" not in words(get(stan, "portal:status"))
    assert get(stan, "portal:service", "pix").status_code == get(stan, "portal:service", "none").status_code == 404


def test_who_uses_the_service_reads_of_what_harms_several_and_not_what_was_said_to_one(
    make_matter, pix, stan, rosa, open_ticket, time
):
    found = make_matter("Your refund is on its way.")
    TicketService.objects.create(ticket=open_ticket(requester=stan), service=pix)
    alone = words(get(stan, "portal:service", "pix"))
    pia = make_user("Pia Prado", Role.CUSTOMER, email="pia@shop.example")

    affected.add_all(number=found.number, people={pia.pk: None}, by=rosa, now=time.now, how="hand")
    several = words(get(stan, "portal:service", "pix"))

    assert "No problem in the last 90 days" in alone and "Your refund" not in alone
    assert "Your refund is on its way." in several


def test_what_was_told_longer_ago_is_not_shown_and_what_is_over_says_so(make_matter, cora, time, at):
    Escalation.objects.filter(pk=make_matter().pk).update(state="closed")

    ended = words(get(cora, "portal:service", "pix"))
    time.move_to(at + timedelta(days=91))

    assert ", over" in ended and "Next update by" not in ended
    assert get(cora, "portal:service", "pix").status_code == 404


@pytest.mark.each
def test_the_pages_ask_the_same_for_one_three_and_fifty(make_matter, cora):
    browser, counted = signed_in(cora), set()
    make_matter()
    queries(browser, "/help/status/")
    for more in (0, 2, 47):
        for _ in range(more):
            make_matter()
        counted.add((queries(browser, "/help/status/"), queries(browser, "/help/status/pix/")))

    assert len(counted) == 1
    assert "Older" in words(browser.get("/help/status/pix/"))
