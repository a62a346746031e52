"""The status of a service by mail: asked for, confirmed, told to each once, stopped by one press (R38)."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import signing
from django.core.mail.backends.base import BaseEmailBackend

from common.errors import InvalidInput, NotAllowedNow, NotFound
from escalation import services
from escalation.communicate import broadcast, subscribers, subscribing
from escalation.initiate import affected
from escalation.models import AffectedService, Communication, Subscription
from notifications import actions as outbox
from notifications import delivery
from notifications.enums import DeliveryState
from notifications.models import Delivery
from people.enums import Role
from tests.factories.people import make_user
from tickets.models import Service, TicketService

STRANGER = "luz@elsewhere.example"


@pytest.fixture
def pix(db) -> Service:
    return Service.objects.create(name="Pix payouts", slug="pix", is_public=True)


@pytest.fixture
def outage(breached, pix, rosa, time):
    """Harms the requester and Pia."""
    escalation = breached(priority="urgent")
    AffectedService.objects.create(escalation=escalation, service=pix)
    pia = make_user("Pia Prado", Role.CUSTOMER, email="pia@shop.example")
    affected.add_all(number=escalation.number, people={pia.pk: None}, by=rosa, now=time.now, how="hand")
    return escalation


@pytest.fixture
def tell(outage, mona, time):
    def send(body="Hello {customer.first_name}, the bank is slow.", **said):
        services.communicate(user=mona, number=outage.number, audience="customers", body=body, now=time.now, **said)
        broadcast.run()
        return Communication.objects.first()

    return send


def ask(service, time, address=STRANGER, language="pt-br", network="n"):
    subscribing.ask(service=service, address=address, language=language, network=network, now=time.now)


def reads(service, time, address=STRANGER, language="en", **said):
    return Subscription.objects.create(
        service=service, address=address, language=language, asked_at=time.now, confirmed_at=time.now, **said
    )


def more_services(count: int) -> list[Service]:
    return [Service.objects.create(name=f"S{n}", slug=f"s{n}", is_public=True) for n in range(count)]


def token_in(mail: Delivery) -> str:
    return mail.context["action_url"].rstrip("/").rpartition("/")[2]


def mails():
    return Delivery.objects.filter(template="status").order_by("pk")


def test_an_address_hears_of_nothing_before_its_link_is_confirmed(pix, tell, time):
    ask(pix, time)
    tell()
    link = Delivery.objects.get(template="status_confirm")

    subscribing.confirm(token=token_in(link), now=time.now)
    before = mails().count()
    tell()

    assert link.address == STRANGER and link.context["language"] == "pt-br"
    assert before == 0
    assert list(mails().values_list("address", flat=True)) == [STRANGER]
    assert Subscription.objects.get().network == ""


def test_an_update_goes_once_to_each_reader_in_his_language_and_calls_nobody_by_name(pix, outage, tell, cora, time):
    cards = Service.objects.create(name="Cards", slug="cards", is_public=True)
    AffectedService.objects.create(escalation=outage, service=cards)
    for service in (pix, cards):
        reads(service, time)
    reads(pix, time, address="PIA@shop.example".lower())
    reads(pix, time, address=outage.ticket.requester.email.lower(), person=outage.ticket.requester)

    tell()
    broadcast.run()

    mail = mails().get()
    assert mail.address == STRANGER
    assert mail.context["body"] == "Hello, the bank is slow."
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.headers["List-Unsubscribe"] == f"<{mail.context['stop_url']}>"
    assert Communication.objects.get().subscribers_from is None


def test_of_a_service_that_is_not_public_hears_who_uses_it_and_no_stranger(pix, tell, open_ticket, stan, time):
    Service.objects.filter(pk=pix.pk).update(is_public=False)
    reads(pix, time)
    subscribing.subscribe(person=stan, service=pix, now=time.now)
    tell()
    before = mails().count()

    TicketService.objects.create(ticket=open_ticket(requester=stan), service=pix)
    tell()

    assert before == 0
    assert [one.address for one in mails()] == [stan.email]


def test_what_is_told_to_one_customer_is_not_told_to_readers(breached, pix, mona, time):
    escalation = breached()
    AffectedService.objects.create(escalation=escalation, service=pix)
    reads(pix, time)

    services.communicate(user=mona, number=escalation.number, audience="customers", body="Your refund.", now=time.now)
    broadcast.run()

    assert not mails().exists()


def test_many_are_told_by_turns_and_a_turn_that_dies_tells_nobody_twice(pix, tell, time, monkeypatch):
    monkeypatch.setattr(subscribers, "BATCH", 2)
    for number in range(5):
        reads(pix, time, address=f"r{number}@elsewhere.example")
    real = subscribers.insert
    calls = []

    def dies(*args, **said):
        calls.append(args)
        if len(calls) == 2:
            raise OSError
        real(*args, **said)

    monkeypatch.setattr(subscribers, "insert", dies)
    tell()
    after_death = mails().count()
    time.move_to(time.now + timedelta(minutes=1))
    broadcast.run()

    assert after_death == 2
    assert mails().count() == 5


def test_stopping_needs_the_link_alone_and_works_again_and_after_another_subscription(pix, tell, time):
    reads(pix, time)
    tell()
    token = mails().get().context["stop_url"].rstrip("/").split("/")[-2]

    subscribing.stop(token=token)
    subscribing.stop(token=token)
    stopped = Subscription.objects.exists()
    reads(pix, time)
    subscribing.stop(token=token)

    assert not stopped
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("altered", ["{0}AAAA", "{0}x", "{0}=", "!{0}", "{0}é"])
def test_a_link_to_stop_that_was_altered_stops_nothing(pix, time, altered):
    token = subscribing.stop_url(reads(pix, time)).rstrip("/").split("/")[-2]

    for changed in (altered.format(token), token[:-4] + "AAA="):
        with pytest.raises(NotFound):
            subscribing.stop(token=changed)

    assert Subscription.objects.exists()


def test_one_press_stops_one_service_and_another_every_one(pix, time):
    cards = Service.objects.create(name="Cards", slug="cards", is_public=True)
    first, _second = reads(pix, time), reads(cards, time)
    token = subscribing.stop_url(first).rstrip("/").split("/")[-2]

    subscribing.stop(token=token)
    left = list(Subscription.objects.values_list("service__name", flat=True))
    subscribing.stop(token=token, every=True)

    assert left == ["Cards"] and not Subscription.objects.exists()


def test_an_address_that_mail_comes_back_from_hears_nothing_more_with_a_note(pix, tell, time):
    reads(pix, time)
    tell()

    outbox.came_back(mails().get(), "5.1.1 no such user", now=time.now)
    tell()

    row = Subscription.objects.get()
    assert (row.bounced_at, row.answer) == (time.now, "5.1.1 no such user")
    assert mails().count() == 1


class Door(BaseEmailBackend):
    """A mail server that refuses its recipients."""

    answer: tuple[int, bytes] = (550, b"")

    def send_messages(self, messages):
        raise SMTPRecipientsRefused({messages[0].to[0]: self.answer})


@pytest.mark.parametrize("answer", [(550, b"5.1.1 No such user"), (553, b"no such mailbox"), (550, b"unknown")])
def test_an_address_that_is_refused_for_good_at_the_door_hears_nothing_more_and_is_not_tried_again(
    pix, tell, time, settings, monkeypatch, answer
):
    reads(pix, time)
    tell()
    settings.MAIL_TRANSPORT = f"{__name__}.Door"
    monkeypatch.setattr(Door, "answer", answer)

    delivery.run()

    row = Subscription.objects.get()
    assert (row.bounced_at, row.answer) == (time.now, f"{answer[0]} {answer[1].decode()}")
    assert mails().get().state == DeliveryState.STOPPED
    tell()
    assert mails().count() == 1


@pytest.mark.parametrize(
    "answer", [(450, b"4.2.1 try again"), (550, b"5.7.1 you are on a list"), (552, b"5.2.2 full"), (550, b"5.2.2 full")]
)
def test_a_refusal_that_may_pass_or_is_about_the_sender_drops_nobody(pix, tell, time, settings, monkeypatch, answer):
    reads(pix, time)
    tell()
    settings.MAIL_TRANSPORT = f"{__name__}.Door"
    monkeypatch.setattr(Door, "answer", answer)

    delivery.run()

    assert Subscription.objects.get().bounced_at is None
    assert mails().get().state == DeliveryState.WAITING


def test_a_link_for_an_address_that_is_none_is_not_tried_for_ever(pix, time, settings, monkeypatch):
    ask(pix, time)
    settings.MAIL_TRANSPORT = f"{__name__}.Door"
    monkeypatch.setattr(Door, "answer", (550, b"5.1.1 No such user"))

    delivery.run()

    assert Delivery.objects.get().state == DeliveryState.STOPPED


def test_a_link_that_expired_is_altered_or_was_stopped_confirms_nothing(pix, time):
    ask(pix, time)
    token = token_in(Delivery.objects.get())
    another = signing.dumps(Subscription.objects.get().pk, salt="escalation.unsubscription")

    for wrong in (token[:-2] + "xx", another, signing.dumps(10**9, salt=subscribing.TO_CONFIRM)):
        with pytest.raises(NotFound):
            subscribing.confirm(token=wrong, now=time.now)
    Subscription.objects.all().delete()
    with pytest.raises(NotFound):
        subscribing.confirm(token=token, now=time.now)


def test_a_link_is_good_for_two_days(pix, time, monkeypatch):
    ask(pix, time)
    token = token_in(Delivery.objects.get())
    monkeypatch.setattr(signing.time, "time", lambda: 4e9)

    with pytest.raises(NotFound, match="two days"):
        subscribing.confirm(token=token, now=time.now)


def test_who_reads_already_is_sent_nothing_and_the_asker_is_told_the_same(pix, time):
    reads(pix, time)

    ask(pix, time)
    ask(pix, time, address="other@elsewhere.example")
    ask(pix, time, address="other@elsewhere.example")

    assert [one.address for one in Delivery.objects.all()] == ["other@elsewhere.example"]


def test_the_pace_does_not_tell_who_reads_already(pix, time):
    others = more_services(subscribing.MOST_OF_AN_ADDRESS)
    reads(others[0], time)
    reads(pix, time, address="reader@elsewhere.example")
    time.move_to(time.now + timedelta(days=1))

    for one in others:
        ask(one, time)
    with pytest.raises(NotAllowedNow):
        ask(pix, time)
    ask(pix, time, address="reader@elsewhere.example", network="probed")
    for n in range(subscribing.MOST_OF_A_NETWORK - 1):
        ask(pix, time, address=f"a{n}@elsewhere.example", network="probed")
    with pytest.raises(NotAllowedNow):
        ask(pix, time, address="one.more@elsewhere.example", network="probed")


def test_an_address_and_a_network_ask_so_often_within_an_hour(pix, time):
    for one in more_services(subscribing.MOST_OF_AN_ADDRESS):
        ask(one, time)
    with pytest.raises(NotAllowedNow):
        ask(pix, time)
    for n in range(subscribing.MOST_OF_A_NETWORK - subscribing.MOST_OF_AN_ADDRESS):
        ask(pix, time, address=f"a{n}@elsewhere.example")

    with pytest.raises(NotAllowedNow):
        ask(pix, time, address="one.more@elsewhere.example")
    ask(pix, time, address="one.more@elsewhere.example", network="another")
    time.move_to(time.now + timedelta(hours=1, seconds=1))
    ask(pix, time)

    assert Subscription.objects.filter(service=pix, address=STRANGER).exists()


def test_what_nobody_confirmed_goes_after_its_link_has_expired(pix, time):
    ask(pix, time, address="forgotten@elsewhere.example")
    time.move_to(time.now + subscribing.VALID_FOR + timedelta(seconds=1))

    ask(pix, time)

    assert list(Subscription.objects.values_list("address", flat=True)) == [STRANGER]


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nBcc: x@y.example", "x" * 300 + "@y.example"])
def test_what_is_no_address_is_refused_and_nothing_is_kept(pix, time, address):
    with pytest.raises(InvalidInput):
        ask(pix, time, address=address)

    assert not Subscription.objects.exists() and not Delivery.objects.exists()
