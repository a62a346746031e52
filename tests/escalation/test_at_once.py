"""Several processes at once, on a database with row locks; SQLite's writers follow one another by themselves."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from common.errors import NotAllowedNow
from escalation import services, sweep
from escalation.actions import lock_escalation
from escalation.enums import DeadlineKind
from escalation.models import Approval, Deadline, Escalation, TrackedAction
from escalation.services import resolving
from notifications import delivery
from notifications.enums import DeliveryState
from notifications.models import Alert, Delivery, Preferences
from tests.escalation.conftest import asked
from tickets import actions
from tickets import services as tickets
from tickets.models import Ticket

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


@pytest.fixture
def task(resolved_one, mona, anna, time) -> Ticket:
    """Of an analysis that is written and not submitted: Anna's, for tomorrow, and she has solved it."""
    known = asked(mona, resolved_one, time)
    services.choose_cause(**known, cause="product")
    resolving.request_analysis(**known)
    line = {"title": "Check codes", "owner": anna.email, "due_at": time.now + timedelta(days=1)}
    resolving.write_analysis(**known, whys=["One", "Two", "Three"], findings="A code.", actions=[line])
    (made,) = resolving.prevent(**known)
    return actions.change_status(ticket=made, verb="solve", now=time.now, by=anna)


def while_open(first: Callable[[], object], then: Callable[[], object]) -> list[BaseException]:
    """`then` runs while what `first` did is not committed yet, unless it waits for that."""
    is_under_way, is_over = threading.Event(), threading.Event()

    def begin() -> None:
        with transaction.atomic():
            first()
            is_under_way.set()
            is_over.wait(0.5)

    def follow() -> None:
        is_under_way.wait(5)
        then()
        is_over.set()

    turns = iter([begin, follow])
    return at_once(2, lambda: next(turns)())


@pytest.mark.parametrize("first", ["reopen", "submit"])
def test_r92_a_task_reopened_while_its_analysis_is_submitted_has_a_clock(task, resolved_one, mona, anna, time, first):
    known = asked(mona, resolved_one, time)
    acts = {
        "reopen": lambda: actions.change_status(ticket=task, verb="reopen", now=time.now, by=anna),
        "submit": lambda: resolving.submit_analysis(**known),
    }
    (then,) = acts.keys() - {first}

    assert while_open(acts[first], acts[then]) == []

    assert Deadline.objects.filter(kind=DeadlineKind.ACTION, next_moment__isnull=False).count() == 1
    assert TrackedAction.objects.open().get().deadline is not None


@pytest.mark.parametrize("first", ["reopen", "rewrite"])
def test_r92_a_task_reopened_while_its_analysis_is_rewritten_opens_its_action(
    task, resolved_one, mona, anna, time, first
):
    known = asked(mona, resolved_one, time)
    acts = {
        "reopen": lambda: actions.change_status(ticket=task, verb="reopen", now=time.now, by=anna),
        "rewrite": lambda: resolving.write_analysis(**known, actions=[{"title": "Train"}, {"title": "Check codes"}]),
    }
    (then,) = acts.keys() - {first}

    assert while_open(acts[first], acts[then]) == []

    assert TrackedAction.objects.get(task=task).done_at is None


def test_what_names_an_escalation_is_written_while_somebody_holds_it(policy, breached, anna):
    escalation = breached()

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            TrackedAction.objects.create(escalation=escalation, learned_in="analysis", title="Check", owner=anna)

    with transaction.atomic():
        lock_escalation(escalation.number)
        assert at_once(1, write) == []
