"""A reply promises the next: a clock of its own, or a deadline of the escalation that runs."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput
from escalation import sweep
from escalation.enums import Audience, DeadlineKind
from escalation.models import Deadline, Escalation
from escalation.services import communicate
from notifications.models import Delivery
from sla.enums import ClockState, Metric
from sla.explain import account_of
from sla.models import Breach
from sla.publishing import create_policy
from tests.factories.sla import HOUR, same_for_all
from tickets import actions, composer, sending
from tickets.enums import Status
from tickets.models import Draft

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ticket(policy, open_ticket):
    return open_ticket()


@pytest.fixture
def promised(ticket, anna):
    """Anna replies, and promises the next update."""

    def reply(at, by, **fields):
        return actions.reply(ticket=ticket, author=anna, body="On it.", now=at, next_update_by=by, **fields)

    return reply


def the_clock(ticket):
    return ticket.clocks.filter(metric=Metric.PROMISED_UPDATE).latest("cycle")


def test_a_promise_is_due_at_its_minute_and_runs_while_everything_else_waits(ticket, promised, anna, at):
    by = at + timedelta(hours=2)

    promised(at + timedelta(microseconds=700), by, then_wait=True)
    actions.set_priority(ticket=ticket, priority="urgent", now=at + MINUTE, by=anna)

    clock = the_clock(ticket)
    ticket.refresh_from_db()
    assert (ticket.status, clock.state) == (Status.WAITING, ClockState.RUNNING)
    assert by <= clock.due_at < by + timedelta(seconds=1)
    assert ticket.next_due_at == clock.due_at
    assert account_of(clock, at + MINUTE).due_at == clock.due_at
    assert ticket.clocks.get(metric=Metric.RESOLUTION).state == ClockState.PAUSED


def test_the_next_reply_keeps_it_and_may_promise_again(ticket, promised, at):
    promised(at, at + 30 * MINUTE)
    promised(at + 20 * MINUTE, at + 90 * MINUTE)
    promised(at + 60 * MINUTE, None)

    clocks = ticket.clocks.filter(metric=Metric.PROMISED_UPDATE).order_by("cycle")
    assert [(clock.cycle, clock.state) for clock in clocks] == [(1, ClockState.MET), (2, ClockState.MET)]


def test_a_promise_that_is_missed_is_escalated(ticket, promised, mona, at, time):
    promised(at, at + 30 * MINUTE)
    time.move_to(at + 31 * MINUTE)

    sweep.run()

    assert Breach.objects.get().metric == Metric.PROMISED_UPDATE
    assert Escalation.objects.get().ticket_id == ticket.number
    assert mona.alerts.exists()


def test_a_desk_without_a_policy_promises_words_alone(open_ticket, anna, at):
    bare = open_ticket()

    said = actions.reply(ticket=bare, author=anna, body="On it.", now=at, next_update_by=at + 30 * MINUTE)

    assert said.next_update_by == at + 30 * MINUTE
    assert not bare.clocks.exists()


def test_an_escalation_that_runs_keeps_the_promise_itself(ticket, promised, time, at, policy):
    time.move_to(at + timedelta(hours=7))
    sweep.run()
    now, by = time.now, time.now + 30 * MINUTE

    promised(now, by)

    escalation = Escalation.objects.get()
    assert not ticket.clocks.filter(metric=Metric.PROMISED_UPDATE).exists()
    assert escalation.next_update_by == by
    assert escalation.deadlines.running().get(kind=DeadlineKind.UPDATE).due_at == by


def test_an_update_to_customers_that_promises_the_next_is_one_promise(ticket, rosa, time, at):
    time.move_to(at + timedelta(hours=7))
    sweep.run()
    number, by = Escalation.objects.get().number, time.now + 30 * MINUTE

    communicate(number=number, user=rosa, audience=Audience.CUSTOMERS, body="We know.", now=time.now, next_update_by=by)

    assert Deadline.objects.filter(kind=DeadlineKind.UPDATE).count() == 1
    assert ticket.messages.last().next_update_by == by


def test_the_customers_mail_says_when_by_his_own_watch(ticket, promised, cora, at):
    cora.time_zone = "America/Sao_Paulo"
    cora.save(update_fields=["time_zone"])

    promised(at, at + 30 * MINUTE)

    assert "Next update from us by 07:30." in Delivery.objects.filter(recipient=cora).latest("pk").context["body"]


def test_what_a_reply_on_its_way_promises_leaves_with_it_and_comes_back_with_it(ticket, anna, at, time):
    by = at + 30 * MINUTE
    given = {"user": anna, "number": ticket.number, "then": "", "now": at}
    draft = composer.send_reply(**given, body="The next word is at {time}.", next_update_by=by)

    composer.take_back(user=anna, number=ticket.number, pk=draft.pk, now=at)
    assert Draft.objects.get().next_update_by == by

    composer.send_reply(**given, body="At noon.", next_update_by=by)
    time.move_to(at + timedelta(seconds=10))
    sending.run()
    assert ticket.messages.last().next_update_by == by


def test_the_time_of_a_prepared_text_is_what_the_reply_promises(ticket, anna, at):
    draft = composer.send_reply(
        user=anna, number=ticket.number, body="Next word at {time}.", now=at, next_update_by=at + 30 * MINUTE
    )

    assert draft.body == "Next word at 10:30."


@pytest.mark.parametrize("after", [timedelta(), timedelta(days=61)])
def test_nobody_promises_the_past_or_some_day(ticket, promised, at, after):
    with pytest.raises(InvalidInput) as refused:
        promised(at, at + after)

    assert "next_update_by" in refused.value.errors
    assert ticket.messages.count() == 1


def test_no_policy_makes_a_promise_that_only_a_person_can_make(db, at):
    with pytest.raises(InvalidInput):
        create_policy(name="Odd", targets=same_for_all("promised_update", HOUR), now=at)
