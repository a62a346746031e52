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

    def make(body: str = "We know, {customer.first_name}.", recipients: int = 1) -> Escalation:
        ticket = open_ticket(subject=SECRET)
        found = services.escalate(
            user=anna, ticket_number=ticket.number, kind="functional", severity=2, reason="technical", summary=SECRET,
            tried=SECRET, team_slug="cards", now=time.now,
        )  # fmt: skip
        AffectedService.objects.create(escalation=found, service=pix)
        common = {"escalation": found, "at": time.now, "by": anna}
        Communication.objects.create(audience="stakeholders", body=SECRET, **common)
        told = {"audience": "customers", "body": body, "recipients": recipients, "next_update_by": time.now + HOUR}
        Communication.objects.create(**told, **common)
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


def test_who_uses_the_service_reads_what_was_told_to_several_and_not_what_was_said_to_one(
    make_matter, pix, stan, rosa, open_ticket, time
):
    found = make_matter("Your refund is on its way.")
    TicketService.objects.create(ticket=open_ticket(requester=stan), service=pix)
    pia = make_user("Pia Prado", Role.CUSTOMER, email="pia@shop.example")
    affected.add_all(number=found.number, people={pia.pk: None}, by=rosa, now=time.now, how="hand")

    alone = words(get(stan, "portal:service", "pix"))
    make_matter("The bank is slow.", recipients=2)
    several = words(get(stan, "portal:service", "pix"))

    assert "No problem reported in the last 90 days" in alone and "Your refund" not in alone
    assert "The bank is slow." in several and "Your refund" not in several


def test_what_was_told_longer_ago_is_not_shown_and_what_is_over_says_so(make_matter, cora, time, at):
    Escalation.objects.filter(pk=make_matter().pk).update(state="closed")

    ended = words(get(cora, "portal:service", "pix"))
    time.move_to(at + timedelta(days=91))

    assert ", over" in ended and "Next update by" not in ended
    assert get(cora, "portal:service", "pix").status_code == 404


def test_what_is_not_public_is_to_a_stranger_as_if_it_were_not_there(make_matter, client):
    make_matter(recipients=2)

    answers = [client.get(f"/help/status/{slug}") for slug in ("", "pix/", "none/")]

    assert [one.status_code for one in answers] == [302, 302, 302]
    assert [one.headers["Location"].partition("?")[0] for one in answers] == ["/accounts/login/"] * 3


def test_of_a_public_service_whoever_comes_reads_what_was_told_to_several_and_is_called_by_no_name(
    make_matter, pix, client, anna
):
    make_matter("Hello {customer.first_name}, the bank is slow.", recipients=2)
    make_matter("Your refund, {customer.first_name}.")
    Service.objects.filter(pk=pix.pk).update(is_public=True)
    Service.objects.create(name="Vault", slug="vault")

    every, one = words(client.get("/help/status/")), words(client.get("/help/status/pix/"))

    assert "Pix payouts" in every and "1 problem that we work on" in every and "Vault" not in every
    assert "Hello, the bank is slow." in one and "Next update by" in one
    for inside in (SECRET, "Your refund", "E-", "Anna Lindqvist", "Cora", "Pia"):
        assert inside not in one and inside not in every
    assert "Hello, the bank is slow." in words(get(anna, "portal:service", "pix"))
    assert client.get("/help/status/vault/").status_code == 302


def test_a_service_that_is_retired_is_public_no_more(make_matter, pix, client):
    make_matter(recipients=2)

    Service.objects.filter(pk=pix.pk).update(is_public=True, is_active=False)

    assert client.get("/help/status/").status_code == client.get("/help/status/pix/").status_code == 302


@pytest.mark.each
def test_the_public_pages_ask_the_same_for_one_three_and_fifty(make_matter, pix, client):
    Service.objects.filter(pk=pix.pk).update(is_public=True)
    counted = set()
    for more in (1, 2, 47):
        for _ in range(more):
            make_matter(recipients=2)
        counted.add((queries(client, "/help/status/"), queries(client, "/help/status/pix/")))

    assert len(counted) == 1
    assert max(*counted) <= 6


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
