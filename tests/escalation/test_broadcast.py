"""An update to many: counted exactly, each in his language on his own ticket or by mail, nobody twice (R35)."""

import pytest

from common.failpoints import Point
from escalation import services
from escalation.communicate import broadcast
from escalation.initiate import affected
from escalation.models import Communication, Notice
from escalation.parties.recipients import by_language, customers
from escalation.wording import Text
from notifications.models import Delivery
from people.enums import Role
from tests.factories.people import make_user
from tickets import actions as tickets
from tickets.models import Message

MANY = 5


@pytest.fixture
def outage(breached, open_ticket, rosa, time):
    """A severity 1 that harms five other customers too, each with a ticket; two of them read Portuguese."""
    escalation = breached(priority="urgent")
    harmed = {}
    for number in range(MANY):
        person = make_user(f"Customer {number}", Role.CUSTOMER, email=f"c{number}@shop.example")
        person.language = "pt" if number < 2 else "en"
        person.save()
        ticket = open_ticket(requester=person, subject=f"Stuck {number}", now=time.now)
        harmed[person.pk] = ticket.number
    affected.add_all(number=escalation.number, people=harmed, by=rosa, now=time.now, how="hand")
    return escalation


@pytest.fixture
def tell(outage, mona, time):
    def send(body="Hello {customer.first_name}, we know.", **said):
        services.communicate(user=mona, number=outage.number, audience="customers", body=body, now=time.now, **said)
        return Communication.objects.get()

    return send


def replies():
    return Message.objects.filter(by_customer=False)


def test_everybody_is_counted_once_and_told_on_his_own_ticket(outage, tell, time):
    assert by_language(customers(outage)) == {"en": MANY - 1, "pt": 2}

    sent = tell(texts={"pt": Text("", "Olá, {customer.first_name}.")}, expected=MANY + 1)

    assert (sent.recipients, sent.languages) == (MANY + 1, {"en": MANY - 1, "pt": 2})
    assert Notice.objects.waiting(time.now).count() == MANY
    assert broadcast.run() == MANY
    assert broadcast.run() == 0
    told = dict(replies().values_list("ticket__requester__name", "body"))
    assert told["Customer 0"] == "Olá, Customer."
    assert told["Customer 4"] == "Hello Customer, we know."
    assert replies().count() == Delivery.objects.filter(dedupe_key__startswith="reply:").count() == MANY + 1


def test_whoever_tells_many_owns_none_of_their_tickets(outage, tell):
    tell()
    broadcast.run()

    assert not outage.affected.exclude(ticket=outage.ticket).exclude(ticket__assignee=None).exists()


def test_who_has_no_address_is_named_and_not_counted(outage, tell):
    gone = outage.affected.last().person
    gone.is_active = False
    gone.save()

    sent = tell()
    broadcast.run()

    assert sent.recipients == MANY
    shown = Communication.objects.with_progress().get()
    assert (shown.told, shown.waiting, shown.nowhere) == (MANY, 0, 1)
    assert not replies().filter(ticket__requester=gone).exists()
    assert not Delivery.objects.filter(dedupe_key__startswith="notice:").exists()


def test_a_ticket_that_takes_no_reply_any_more_stops_nobody_and_its_customer_has_a_mail(outage, tell, rosa, time):
    solved = outage.affected.last().ticket
    tickets.change_status(ticket=solved, verb="solve", now=time.now, by=rosa)

    tell(subject="About your payouts")
    broadcast.run()

    mail = Delivery.objects.get(dedupe_key__startswith="notice:")
    assert (mail.address, mail.subject, mail.template) == (solved.requester.email, "About your payouts", "update")
    assert mail.context["body"] == "Hello Customer, we know."
    assert not Notice.objects.waiting(time.now).exists()


@pytest.mark.parametrize("point", [Point.AFTER_CLAIM, Point.BEFORE_COMMIT])
def test_a_sender_that_dies_is_gone_on_from_and_nobody_is_told_twice(outage, tell, crash_at, point):
    tell()

    with crash_at(point, nth=3):
        broadcast.run()
    broadcast.run()

    assert replies().count() == MANY + 1
    assert Delivery.objects.filter(dedupe_key__startswith="reply:").count() == MANY + 1
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_one_that_fails_is_tried_again_later_and_stops_nobody(outage, tell, monkeypatch, time):
    tell()
    poisoned = Notice.objects.filter(state="waiting").first()
    read = broadcast.read_by

    def fails(communication, person, now):
        if person.pk == poisoned.person_id:
            raise ValueError("no words")
        return read(communication, person, now)

    monkeypatch.setattr(broadcast, "read_by", fails)
    assert broadcast.run() == MANY - 1
    poisoned.refresh_from_db()
    assert (poisoned.state, poisoned.attempts) == ("waiting", 1)

    monkeypatch.setattr(broadcast, "read_by", read)
    time.move_to(poisoned.next_try_at)
    assert broadcast.run() == 1
