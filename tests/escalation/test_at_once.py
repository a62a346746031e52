"""Several processes at once, on a database with row locks; SQLite's writers follow one another by themselves."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections

from common.errors import NotAllowedNow
from escalation import services, sweep
from escalation.models import Approval, Escalation
from notifications import delivery
from notifications.enums import DeliveryState
from notifications.models import Alert, Delivery, Preferences
from tickets import services as tickets

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="SQLite admits one writer at a time: nothing to race for (PostgreSQL runs it)",
    ),
]


def at_once(count: int, act: Callable[[], object]) -> list[BaseException]:
    """Run the same thing in several threads, each with a connection of its own; what they raised."""
    raised: list[BaseException] = []
    gate = threading.Barrier(count)

    def run() -> None:
        gate.wait()
        try:
            act()
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_four_sweeps_at_once_open_one_escalation_per_breach_and_alert_once(policy, open_ticket, mona, time, at):
    numbers = [open_ticket().number for _ in range(40)]
    time.move_to(at + timedelta(hours=6))

    assert at_once(4, sweep.run) == []
    sweep.run()

    assert sorted(Escalation.objects.values_list("ticket", flat=True)) == numbers
    assert Alert.objects.filter(kind="breach", recipient=mona).count() == 40


def test_fifty_parallel_decisions_give_one(open_ticket, anna, mona, at):
    ticket = open_ticket()
    escalation = services.escalate(
        user=anna, ticket_number=ticket.number, kind="hierarchical", severity=3, reason="funding", summary="R$", now=at
    )

    raised = at_once(10, lambda: services.decide(user=mona, number=escalation.number, decision="approve", now=at))

    assert [type(error) for error in raised] == [NotAllowedNow] * 9
    assert Approval.objects.count() == 1


def test_an_answer_and_the_sweep_in_the_same_second_do_not_deadlock(policy, open_ticket, anna, time, at):
    numbers = [open_ticket().number for _ in range(20)]
    time.move_to(at + timedelta(hours=6))

    def answer() -> None:
        for number in numbers:
            tickets.reply(user=anna, number=number, body="On it.", now=time.now)

    turns = iter([answer, sweep.run, sweep.run])
    lock = threading.Lock()

    def next_act() -> None:
        with lock:
            act = next(turns)
        act()

    assert at_once(3, next_act) == []
    sweep.run()

    assert Escalation.objects.values("ticket").distinct().count() == Escalation.objects.count() == 20


def test_two_deliverers_never_send_the_same_row_twice(policy, open_ticket, mona, rosa, time, at, mailoutbox):
    for person in (mona, rosa):
        Preferences.objects.create(person=person, digest_above=0)
    for _ in range(30):
        open_ticket()
    time.move_to(at + timedelta(hours=6))
    sweep.run()
    waiting = Delivery.objects.count()

    assert at_once(3, delivery.run) == []

    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == waiting
    assert len(mailoutbox) == waiting
