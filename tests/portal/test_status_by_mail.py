"""Status by mail, as whoever reads it presses it: one press for a customer, a link for whoever has not signed in."""

import pytest
from django.test import Client

from desk.portal.subscribing import network_of
from escalation.communicate.subscribing import stop_url
from escalation.models import Subscription
from notifications.models import Delivery
from notifications.rendering import render
from tests.desk.helpers import get, post, queries, signed_in, words
from tickets.models import Service, TicketService


@pytest.fixture
def pix(db) -> Service:
    return Service.objects.create(name="Pix payouts", slug="pix", is_public=True)


def subscribe(client, slug="pix", **said):
    return client.post(f"/help/status/{slug}/subscribe/", said)


def path_in(mail: Delivery, part: str = "action_url") -> str:
    return mail.context[part].partition("/help/")[1] + mail.context[part].partition("/help/")[2]


def reads(service, at, address="luz@elsewhere.example"):
    return Subscription.objects.create(service=service, address=address, language="en", asked_at=at, confirmed_at=at)


def test_a_stranger_is_sent_a_link_which_does_nothing_until_its_button_is_pressed(pix, client, time):
    sent = subscribe(client, address="Luz@Elsewhere.example")
    mail = Delivery.objects.get(template="status_confirm")

    page = client.get(path_in(mail))
    followed = Subscription.objects.hearing().exists()
    pressed = client.post(path_in(mail))
    again = client.post(path_in(mail))

    assert "Look into your mail" in words(sent) and "Hear of Pix payouts by mail?" in words(page)
    assert not followed
    assert all("You hear of Pix payouts by mail" in words(one) for one in (pressed, again))
    assert Subscription.objects.hearing().get().address == "luz@elsewhere.example"
    assert "do nothing" in render(mail).text.lower() and path_in(mail) in render(mail).html


def test_a_customer_hears_by_one_press_and_no_more_by_another(pix, cora):
    post(cora, "portal:subscribe", "pix", on="1")
    page = words(get(cora, "portal:service", "pix"))
    row = Subscription.objects.get()

    post(cora, "portal:subscribe", "pix", on="0")

    assert row.person == cora and row.confirmed_at is not None
    assert "No more by mail" in page
    assert not Subscription.objects.exists() and not Delivery.objects.exists()


def test_a_mail_program_stops_it_by_one_post_without_session_or_token_of_a_form(pix, time):
    """RFC 8058."""
    row = reads(pix, time.now)
    path = "/help/" + stop_url(row).partition("/help/")[2]
    program = Client(enforce_csrf_checks=True)

    looked = program.get(path)
    left = Subscription.objects.exists()
    answer = program.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    again = program.post(path, {"List-Unsubscribe": "One-Click"})

    assert left and looked.status_code == answer.status_code == again.status_code == 200
    assert "sessionid" not in answer.cookies
    assert not Subscription.objects.exists()


def test_of_what_is_not_public_a_stranger_and_who_does_not_use_it_hear_nothing(pix, client, stan, open_ticket):
    Service.objects.filter(pk=pix.pk).update(is_public=False)

    asked = subscribe(client, address="luz@elsewhere.example")
    absent = subscribe(client, "none", address="luz@elsewhere.example")
    refused = post(stan, "portal:subscribe", "pix", on="1")
    TicketService.objects.create(ticket=open_ticket(requester=stan), service=pix)
    post(stan, "portal:subscribe", "pix", on="1")

    assert asked.status_code == absent.status_code == 302 and asked.headers["Location"].startswith("/accounts/login/")
    assert refused.status_code == 404
    assert Subscription.objects.get().person == stan and not Delivery.objects.filter(template="status_confirm").exists()


@pytest.mark.parametrize("address", ["", "nobody", "luz@", "<script>alert(1)</script>@x.example"])
def test_what_is_no_address_is_asked_for_again_with_what_was_typed(pix, client, address):
    answer = subscribe(client, address=address)

    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert not Subscription.objects.exists()


def test_who_asks_too_much_is_told_so_and_loses_nothing_that_he_typed(pix, client):
    for number in range(20):
        subscribe(client, address=f"r{number}@elsewhere.example")

    answer = subscribe(client, address="luz@elsewhere.example")

    assert answer.status_code == 409
    assert "often within an hour" in words(answer) and "luz@elsewhere.example" in words(answer)


@pytest.mark.parametrize("path", ["/help/subscriptions/made-up/", "/help/subscriptions/made-up/stop/"])
def test_a_link_that_is_altered_does_nothing(db, client, path):
    assert client.get(path).status_code == client.post(path).status_code == 404


def test_a_network_is_told_from_another_and_a_home_of_ipv6_is_one():
    assert network_of("203.0.113.7") != network_of("203.0.113.8")
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:203.0.113.7") == network_of("203.0.113.7") != network_of("::ffff:203.0.113.8")
    assert network_of("") == network_of("nonsense") == ""


def test_administrators_see_who_reads_and_who_is_not_reached_and_take_somebody_off(pix, adam, time):
    row = reads(pix, time.now)
    Subscription.objects.filter(pk=row.pk).update(bounced_at=time.now, answer="5.1.1 no such user")

    page = words(get(adam, "desk:subscribers", pix.pk))
    answer = post(adam, "desk:subscriber_remove", row.pk)

    assert "luz@elsewhere.example" in page and "5.1.1 no such user" in page
    assert answer.status_code == 302 and not Subscription.objects.exists()


@pytest.mark.each
def test_the_list_of_readers_costs_the_same_at_any_length(pix, adam, time):
    browser, counted = signed_in(adam), set()
    for more in (1, 2, 47):
        for _ in range(more):
            reads(pix, time.now, f"r{Subscription.objects.count()}@elsewhere.example")
        counted.add(queries(browser, f"/settings/services/{pix.pk}/subscribers/"))

    assert len(counted) == 1
