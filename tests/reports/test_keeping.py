"""Facts are kept, made anew and counted by hand: the three agree, whatever has happened and whoever died meanwhile."""

import threading
from datetime import timedelta
from io import StringIO
from unittest.mock import Mock

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.models import Max
from hypothesis import HealthCheck, given, settings

from common import tailing
from common.failpoints import Point
from common.tailing import Holder
from reports import keeping
from reports.models import FactTail, LoadHour, PromiseFact, TicketFact
from tests.reports.histories import (
    START,
    Desk,
    check_escalations,
    check_load,
    check_promises,
    check_tickets,
    histories,
    settle,
    written,
)
from tickets import services as tickets
from tickets import trash
from tickets.models import Event, Ticket

EXAMPLES = 12 if connection.vendor == "sqlite" else 4
MINUTE = timedelta(minutes=1)


@pytest.mark.django_db
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories(30))
def test_what_is_kept_is_what_is_made_anew_and_what_is_counted_by_hand(history):
    undo = transaction.atomic()
    with undo:
        desk = Desk()
        desk.live(history)
        desk.keep()

        kept = written()

        check_tickets()
        check_promises()
        check_escalations()
        check_load()
        keeping.rebuild()
        assert written() == kept
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_round_that_dies_leaves_nothing_and_the_next_one_does_it_all(crash_at):
    desk = Desk()
    desk.keep()
    tickets.reply(user=desk.anna, number=Ticket.objects.get().number, body="Soon.", now=desk.now + MINUTE)
    before = (written(), FactTail.objects.values().get())

    with crash_at(Point.BEFORE_COMMIT):
        keeping.run()

    assert (written(), FactTail.objects.values().get()) == before
    keeping.run()
    assert TicketFact.objects.get().replies == 1


@pytest.mark.django_db
def test_a_ticket_that_cannot_be_counted_keeps_its_facts_and_stops_no_other(monkeypatch):
    desk = Desk()
    desk.open()
    desk.keep()
    bad, good = Ticket.objects.order_by("number")
    recount = keeping.recount

    @transaction.atomic
    def refuse(numbers, **terms):
        recount(numbers, **terms)
        if bad.number in numbers:
            raise ValueError(bad)

    monkeypatch.setattr(keeping, "recount", refuse)
    for ticket in (bad, good):
        tickets.reply(user=desk.anna, number=ticket.number, body="Soon.", now=desk.now + MINUTE)
    keeping.run()

    replies = dict(TicketFact.objects.values_list("ticket", "replies"))
    assert replies == {bad.number: 0, good.number: 1}


@pytest.mark.django_db
def test_a_database_that_is_away_loses_no_ticket(monkeypatch):
    desk = Desk()
    desk.keep()
    tickets.reply(user=desk.anna, number=Ticket.objects.get().number, body="Soon.", now=desk.now + MINUTE)

    with monkeypatch.context() as away:
        away.setattr(keeping, "recount", Mock(side_effect=OperationalError))
        with pytest.raises(OperationalError):
            keeping.run()
    keeping.run()

    assert TicketFact.objects.get().replies == 1


@pytest.mark.django_db
def test_what_was_there_before_the_first_round_is_counted_the_newest_first(monkeypatch):
    monkeypatch.setattr(keeping, "BATCH", 2)
    desk = Desk()
    for _ in range(4):
        desk.open()

    keeping.run()
    keeping.run()

    numbers = sorted(Ticket.objects.values_list("number", flat=True))
    assert sorted(TicketFact.objects.values_list("ticket", flat=True)) == numbers[-2:]
    desk.keep()
    assert TicketFact.objects.count() == 5
    assert FactTail.objects.get().recount_below is None


@pytest.mark.django_db
def test_a_ticket_in_the_trash_has_no_facts_and_one_that_is_gone_leaves_none():
    desk = Desk()
    desk.live([(5, "reply", 0), (5, "solve", 0)])
    desk.keep()
    ticket = Ticket.objects.get()
    assert PromiseFact.objects.count() == 2

    trash.put_away(ticket=ticket, what="spam", now=desk.now, by=desk.mona)
    desk.keep()

    assert not TicketFact.objects.exists() and not PromiseFact.objects.exists()
    trash.bring_back(ticket=ticket, now=desk.now, by=desk.mona)
    desk.keep()
    assert TicketFact.objects.exists()
    Ticket.objects.filter(pk=ticket.pk).update(trashed_at=START)
    trash.empty(before=desk.now + MINUTE)
    assert not TicketFact.objects.exists() and not PromiseFact.objects.exists()


@pytest.mark.django_db
def test_a_team_that_is_removed_is_no_teams_in_its_facts():
    desk = Desk()
    desk.live([(90, "reply", 0), (90, "solve", 0)])
    desk.keep()

    desk.payments.delete()

    assert set(TicketFact.objects.values_list("team", "first_team")) == {(None, None)}
    assert set(PromiseFact.objects.values_list("team", flat=True)) == {None}
    assert set(LoadHour.objects.values_list("team", flat=True)) == {None}


@pytest.mark.django_db
def test_the_command_counts_all_anew():
    desk = Desk()
    desk.live([(90, "reply", 0), (90, "solve", 0)])
    desk.keep()
    kept = written()
    TicketFact.objects.update(replies=9)
    said = StringIO()

    call_command("rebuild_reports", stdout=said)

    assert "Counted anew: 1 ticket." in said.getvalue()
    assert written() == kept


@pytest.mark.django_db
def test_a_round_asks_as_often_for_many_as_for_one(django_assert_max_num_queries):
    desk = Desk()
    desk.keep()
    desk.live([(1, "open", 0)] * 20 + [(1, "reply", 3), (1, "escalate", 2), (1, "solve", 3)])

    with django_assert_max_num_queries(40):
        keeping.run()

    assert TicketFact.objects.count() == 21


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time, so nothing comes late")
@pytest.mark.django_db(transaction=True)
def test_nothing_is_settled_while_what_went_on_at_the_beginning_may_still_be_committed():
    desk = Desk()
    is_written, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                tickets.reply(user=desk.anna, number=Ticket.objects.get().pk, body="Soon.", now=desk.now)
                is_written.set()
                go_on.wait(20)
        finally:
            connection.close()

    other = threading.Thread(target=write_slowly)
    other.start()
    is_written.wait(20)
    keeping.run()
    before = keeping.settled()
    go_on.set()
    other.join()
    settle()

    assert before == 0
    assert keeping.settled() > 0


@pytest.mark.django_db
def test_the_command_waits_with_a_pause_and_says_for_whom(monkeypatch):
    desk = Desk()
    desk.live([(90, "reply", 0)])
    desk.keep()
    pauses, said = [], StringIO()
    monkeypatch.setattr(keeping.time, "sleep", pauses.append)
    monkeypatch.setattr(keeping.tailing, "is_over", lambda _those: len(pauses) >= 3)
    monkeypatch.setattr(keeping.tailing, "going_on", lambda: 4821)
    monkeypatch.setattr(keeping.tailing, "holders", lambda _those: [Holder(77, "psql", 12 + len(pauses))])

    call_command("rebuild_reports", stdout=StringIO(), stderr=said)

    assert pauses == [keeping.PAUSE] * 3
    assert said.getvalue().count("Waiting") == 1
    assert "77 (psql, open for 12 s)" in said.getvalue()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time, so nothing comes late")
@pytest.mark.django_db(transaction=True)
def test_who_holds_a_recount_up_is_known():
    desk = Desk()
    is_written, go_on = threading.Event(), threading.Event()
    process = []

    def write_slowly() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid(), pg_current_xact_id()")
                process.append(cursor.fetchone()[0])
                is_written.set()
                go_on.wait(20)
        finally:
            connection.close()

    other = threading.Thread(target=write_slowly)
    other.start()
    assert is_written.wait(20)
    with transaction.atomic():
        those = tailing.going_on()
    desk.live([(2, "reply", 1)])
    during = [one.process for one in tailing.holders(those)]
    go_on.set()
    other.join()

    assert process[0] in during
    assert process[0] not in [one.process for one in tailing.holders(those)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time, so nothing comes late")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("began_later", [False, True])
def test_a_line_that_is_committed_late_under_a_lower_key_is_not_missed(began_later):
    desk = Desk()
    desk.keep()
    slow = Ticket.objects.get()
    desk.open()
    is_written, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                tickets.reply(user=desk.anna, number=slow.pk, body="Soon.", now=desk.now)
                is_written.set()
                go_on.wait(20)
        finally:
            connection.close()

    other = threading.Thread(target=write_slowly)
    with transaction.atomic():
        if began_later:
            connection.cursor().execute("SELECT pg_current_xact_id()")
        other.start()
        is_written.wait(20)
        desk.live([(2, "reply", 1)])
    late = Event.objects.aggregate(newest=Max("pk"))["newest"]
    desk.keep()

    assert FactTail.objects.get().newest == late
    assert keeping.settled() < late
    assert TicketFact.objects.get(ticket=slow).replies == 0
    go_on.set()
    other.join()
    settle()
    assert TicketFact.objects.get(ticket=slow).replies == 1
    assert keeping.settled() == late
