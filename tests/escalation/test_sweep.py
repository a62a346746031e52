"""The crucial promise: a breach leads to exactly one escalation, and its managers are alerted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common import heartbeat
from common.rows import like
from escalation import sweep
from escalation.enums import Kind, Origin, RungState, State
from escalation.models import Escalation, Rung
from notifications.models import Alert, Delivery
from people.models import Absence
from sla import sweep as sla_sweep
from sla.enums import ClockState, Metric
from sla.models import Breach, Clock
from tests.factories.people import make_team, make_user
from tickets import actions as tickets
from tickets.models import Ticket

SIX_HOURS = timedelta(hours=6)
SECOND = timedelta(seconds=1)


def test_r4_six_hours_and_one_second_without_a_reply_is_one_automatic_escalation_that_names_the_target(
    policy, open_ticket, time, at
):
    ticket = open_ticket()

    time.move_to(at + SIX_HOURS + SECOND)
    sweep.run()
    sweep.run()

    escalation = Escalation.objects.get()
    assert (escalation.kind, escalation.origin, escalation.state) == (Kind.AUTOMATIC, Origin.SLA, State.INITIATED)
    assert escalation.breach.metric == Metric.FIRST_RESPONSE
    assert escalation.breach.due_at == at + SIX_HOURS
    ticket.refresh_from_db()
    assert ticket.escalation_number == escalation.number
    assert ticket.tags.filter(name="escalated").exists()


def test_nothing_happens_a_second_before_the_due_time_but_the_warning_at_75_per_cent(
    policy, open_ticket, rosa, time, at
):
    open_ticket()

    time.move_to(at + SIX_HOURS - SECOND)
    sweep.run()

    assert not Escalation.objects.exists()
    assert list(Alert.objects.values_list("kind", "recipient")) == [("warning", rosa.pk)]


def test_r5_each_manager_of_the_responsible_team_gets_one_alert_and_one_mail_and_no_other_team_s_manager_any(
    policy, open_ticket, payments, mona, rosa, time, at
):
    second = make_user("Marta Kowal", "manager")
    payments.managers.add(second)
    stranger = make_user("Viktor Sandell", "manager")
    make_team("Settlement", managers=[stranger])
    open_ticket()

    time.move_to(at + SIX_HOURS)
    sweep.run()

    breach_alerts = Alert.objects.filter(kind="breach")
    assert {alert.recipient for alert in breach_alerts} == {mona, second, rosa}
    assert breach_alerts.count() == 3
    assert Delivery.objects.filter(template="alert").count() == 3
    assert not Alert.objects.filter(recipient=stranger).exists()


def test_a_team_without_a_manager_falls_back_to_the_fallback_team_and_then_to_the_admins(
    policy, payments, mona, adam, open_ticket, time, at
):
    orphan = make_team("Integrations")
    open_ticket(team=orphan)
    payments.managers.clear()
    open_ticket(team=orphan)

    time.move_to(at + SIX_HOURS)
    sweep.run()

    assert set(Alert.objects.filter(kind="breach").values_list("recipient__name", flat=True)) == {"Adam Berg"}


def test_an_absent_manager_is_replaced_by_the_deputy(policy, payments, mona, open_ticket, time, at):
    viktor = make_user("Viktor Sandell", "manager")
    mona.deputy = viktor
    mona.save()
    Absence.objects.create(user=mona, starts_at=at, ends_at=at + timedelta(days=3))
    open_ticket()

    time.move_to(at + SIX_HOURS)
    sweep.run()

    assert Alert.objects.filter(kind="breach", recipient=viktor).count() == 1
    assert not Alert.objects.filter(recipient=mona).exists()


def test_a_late_answer_before_a_late_sweep_is_a_breach_all_the_same(policy, open_ticket, anna, time, at):
    ticket = open_ticket()

    time.move_to(at + SIX_HOURS + timedelta(minutes=5))
    tickets.reply(ticket=ticket, author=anna, body="On it.", now=time.now)
    sweep.run()

    escalation = Escalation.objects.get()
    assert escalation.breach.due_at == at + SIX_HOURS
    first = Clock.objects.get(ticket=ticket, metric=Metric.FIRST_RESPONSE)
    assert (first.state, first.met_at) == (ClockState.BREACHED, time.now)


def test_an_answer_in_time_stops_the_first_reply_clock_at_once(policy, open_ticket, anna, time, at):
    ticket = open_ticket()

    tickets.reply(ticket=ticket, author=anna, body="On it.", now=at + timedelta(hours=1))
    time.move_to(at + SIX_HOURS + SECOND)
    sweep.run()

    assert not Escalation.objects.exists()


def test_the_database_itself_refuses_a_second_escalation_for_a_breach(policy, open_ticket, time, at):
    open_ticket()
    time.move_to(at + SIX_HOURS)
    sweep.run()
    first = Escalation.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.create(
            kind=Kind.AUTOMATIC,
            origin=Origin.SLA,
            severity=3,
            ticket=first.ticket,
            breach=first.breach,
            reason="promise",
            summary="again",
            procedure=first.procedure,
            opened_at=at,
            step_since=at,
        )


def test_six_hours_of_outage_are_caught_up_oldest_first_without_a_cap(policy, open_ticket, time, at, monkeypatch):
    monkeypatch.setattr(sla_sweep, "BATCH", 3)
    monkeypatch.setattr(sweep, "BATCH", 3)
    for minute in (7, 2, 9, 0, 4, 1, 8, 3, 6, 5):
        open_ticket(now=at + timedelta(minutes=minute))

    time.move_to(at + SIX_HOURS + timedelta(hours=6))
    done = sweep.run()

    assert done["breaches"] == 10
    due_times = list(Escalation.objects.order_by("number").values_list("breach__due_at", flat=True))
    assert due_times == sorted(due_times)


def test_one_bad_row_stops_nobody_and_is_set_aside_in_the_end(policy, open_ticket, time, at, monkeypatch):
    poison = open_ticket(subject="poison")
    for _ in range(3):
        open_ticket()
    real = sweep.answer_breaches

    def fails_on_poison(breaches, *, now):
        if any(breach.ticket_id == poison.number for breach in breaches):
            raise RuntimeError("poison")
        return real(breaches, now=now)

    monkeypatch.setattr(sweep, "answer_breaches", fails_on_poison)
    time.move_to(at + SIX_HOURS)
    for _ in range(12):
        sweep.run()
        time.move_to(time.now + timedelta(minutes=10))

    assert Escalation.objects.count() == 3
    bad = Breach.objects.get(ticket=poison)
    assert bad.answered_at is None
    assert bad.quarantined_at is not None


def test_the_next_rung_counts_from_when_this_one_was_sent(policy, open_ticket, payments, time, at):
    """FIELD-BUGS: a backlog never fires three levels at once."""
    operations = make_team("Operations", managers=[make_user("Ana Prieto", "manager")])
    payments.parent = operations
    payments.save()
    make_user("Adam Berg", "admin")
    open_ticket()

    time.move_to(at + timedelta(hours=20))
    sweep.run()
    sweep.run()

    states = list(Rung.objects.values_list("level", "state"))
    assert (1, RungState.SENT) in states
    assert (2, RungState.WAITING) in states
    time.move_to(time.now + timedelta(minutes=15))
    sweep.run()
    assert Rung.objects.get(level=2).who == "Ana Prieto"
    assert Rung.objects.get(level=3).state == RungState.WAITING


def test_a_level_with_nobody_on_it_is_skipped_at_once(policy, open_ticket, adam, time, at):
    open_ticket()

    time.move_to(at + SIX_HOURS)
    sweep.run()
    time.move_to(time.now + timedelta(minutes=15))
    sweep.run()

    assert list(Rung.objects.values_list("state", flat=True)) == [RungState.SENT, RungState.SKIPPED, RungState.SENT]


def test_the_round_leaves_a_heartbeat(db, time, at):
    sweep.run()

    assert heartbeat.last("sweep") == at


def _multiply(ticket: Ticket, number: int) -> None:
    """So many in all, each with the first reply's clock; quicker than opening them."""
    Clock.every.exclude(metric=Metric.FIRST_RESPONSE).delete()
    clock = Clock.every.get()
    copies = Ticket.objects.bulk_create([like(ticket, number=None) for _ in range(number - 1)])
    Clock.every.bulk_create([like(clock, id=None, ticket=copy) for copy in copies])


@pytest.mark.parametrize("later", [SIX_HOURS - SECOND, SIX_HOURS + SECOND], ids=["warned", "breached"])
def test_a_round_asks_as_often_for_many_as_for_one(later, policy, open_ticket, time, at):
    ticket = open_ticket()

    def asked(number: int) -> int:
        time.move_to(at)
        with transaction.atomic():
            _multiply(ticket, number)
            time.move_to(at + later)
            with CaptureQueriesContext(connection) as queries:
                assert sweep.run()["clocks"] == number
            assert Alert.objects.values("ticket_number").distinct().count() == number
            transaction.set_rollback(True)
        return len(queries)

    asked(1)

    # SQLite takes 999 values in one statement: a second one holds the rest.
    many = 50 if connection.vendor == "postgresql" else 12
    assert asked(1) == asked(3) == asked(many)


def test_of_two_breaches_in_one_round_the_ticket_shows_one_and_names_it(policy, open_ticket, time, at):
    ticket = open_ticket()
    other = open_ticket()

    time.move_to(at + timedelta(days=30))
    sweep.run()

    assert Escalation.objects.filter(ticket=ticket).count() == 2
    for one in (ticket, other):
        one.refresh_from_db()
        shown = Escalation.objects.get(number=one.escalation_number)
        assert shown.ticket == one
        assert (one.severity, one.escalation_state) == (shown.severity, shown.state)


def test_a_part_of_the_round_that_fails_keeps_the_others_from_nothing_and_the_round_from_its_heartbeat(
    policy, open_ticket, at, time, monkeypatch
):
    open_ticket(priority="urgent")
    time.move_to(at + timedelta(hours=6))

    def fails(now):
        raise RuntimeError("a part")

    monkeypatch.setitem(sweep._PARTS, "thresholds", fails)

    with pytest.raises(RuntimeError, match="a part"):
        sweep.run()

    assert Escalation.objects.exists()
    assert heartbeat.last(sweep.NAME) is None
