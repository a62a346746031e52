"""Programs hear of tickets and escalations: each event once, to whoever may hear of it, and no word too many (R71)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from common.errors import InvalidInput
from common.failpoints import Point
from common.models import Setback
from config.tasks import tidy
from escalation import services, sweep, telling
from escalation.enums import OF_LEARNING
from escalation.models import Escalation
from escalation.telling import HEARD, type_of
from notifications import endpoints, outbox
from notifications.enums import HookEvent
from notifications.models import Delivery, Endpoint, HookCursor
from notifications.webhooks import payload
from tests.conftest import Crash
from tests.factories.people import make_team
from tickets import actions
from tickets import services as tickets
from tickets.models import Event

pytestmark = pytest.mark.django_db
HOUR, ALL = timedelta(hours=1), list(HookEvent.values)


@pytest.fixture
def listen(adam, time) -> Any:
    def save(name: str = "CRM", **terms: Any) -> Endpoint:
        given = {"url": "https://crm.example/hook", "events": ALL, "is_enabled": True, **terms}
        endpoint = endpoints.save_endpoint(endpoint=None, name=name, by=adam, now=time.now, **given)
        telling.run()
        return endpoint

    return save


def told(endpoint: Endpoint | None = None) -> list[dict[str, Any]]:
    rows = Delivery.objects.filter(channel="webhook").order_by("pk")
    rows = rows.filter(endpoint=endpoint) if endpoint else rows
    return [json.loads(payload(row)) for row in rows]


def types(endpoint: Endpoint | None = None) -> list[str]:
    return [one["type"] for one in told(endpoint)]


def test_every_event_has_a_cause_and_every_cause_is_a_kind_of_the_timeline():
    assert set(HEARD.values()) | {HookEvent.TICKET_CLOSED} == set(HookEvent)


def test_a_ticket_is_told_from_its_opening_to_its_end(listen, open_ticket, anna, cora, time):
    listen()
    ticket = open_ticket(now=time.now)
    tickets.reply(user=anna, number=ticket.number, body="We look.", now=time.now)
    actions.note(ticket=ticket, author=anna, body="It is the bank", now=time.now)
    tickets.change_status(user=anna, number=ticket.number, verb="solve", now=time.now)

    telling.run()
    telling.run()

    found = types()
    assert found[0] == "ticket.created" and found[-1] == "ticket.closed" and "ticket.replied" in found
    assert "It is the bank" not in json.dumps(told())
    first, last = told()[0], told()[-1]
    assert (first["version"], first["data"]["by"], first["data"]["escalation"]) == (1, "customer", None)
    assert (
        last["data"]["change"] == {"before": "open", "after": "solved"} or last["data"]["change"]["after"] == "solved"
    )
    assert last["data"]["ticket"]["number"] == ticket.number
    assert last["id"] == f"evt_{Event.objects.filter(kind='ticket.status').latest('pk').pk}"


def test_an_escalation_is_told_step_by_step_and_so_is_what_was_missed(listen, policy, open_ticket, mona, time):
    listen(events=[one for one in ALL if not one.startswith("ticket.")])
    ticket = open_ticket(now=time.now, priority="urgent")
    time.move_to(time.now + timedelta(hours=6))
    sweep.run()
    telling.run()
    escalation = Escalation.objects.get(ticket=ticket)
    given = {"user": mona, "number": escalation.number, "now": time.now}
    services.acknowledge(**given)
    services.begin_communication(**given, override_reason="We know what it is already.")
    time.move_to(time.now + 2 * HOUR)
    sweep.run()
    services.deescalate(user=mona, number=escalation.number, reason="It works again.", now=time.now)

    telling.run()

    found = types()
    assert [found.count(one) for one in ("escalation.opened", "escalation.acknowledged", "escalation.closed")] == [
        1
    ] * 3
    assert "sla.breached" in found and "escalation.step_changed" in found and "promise.missed" in found
    opened = next(one for one in told() if one["type"] == "escalation.opened")
    assert (opened["data"]["escalation"]["number"], opened["data"]["escalation"]["severity"]) == (escalation.number, 1)
    assert opened["data"]["escalation"]["stage"] == "initiate"


@pytest.mark.parametrize("kind", OF_LEARNING)
def test_r92_programs_hear_of_no_review_and_no_action_that_is_overdue(kind):
    promised, learned = (Event(kind="escalation.deadline_missed", data={"promise": one}) for one in ("update", kind))

    assert (type_of(promised), type_of(learned)) == (HookEvent.PROMISE_MISSED, None)


def test_words_go_only_to_whom_they_are_granted(listen, open_ticket, time):
    blind, seeing = listen("Blind"), listen("Seeing", with_words=True)
    open_ticket(now=time.now, subject="Payouts are stuck")

    telling.run()

    assert "Payouts are stuck" not in json.dumps(told(blind)) and "Livraria" not in json.dumps(told(blind))
    assert told(seeing)[0]["data"]["ticket"]["subject"] == "Payouts are stuck"
    assert told(seeing)[0]["data"]["ticket"]["customer"] == "Livraria Aurora"
    assert "Payouts" not in "".join(Delivery.objects.filter(channel="webhook").values_list("subject", flat=True))


def test_what_a_team_keeps_to_itself_is_told_only_where_it_is_named(listen, open_ticket, payments, time):
    legal = make_team("Legal", restricted=True)
    everything, of_legal = listen("Everything"), listen("Of legal", teams=[legal])
    listen("Of payments", teams=[payments], severity=2)
    open_ticket(now=time.now, team=legal)
    open_ticket(now=time.now, team=payments)

    telling.run()

    assert {one["data"]["ticket"]["team"] for one in told(everything)} == {"payments"}
    assert {one["data"]["ticket"]["team"] for one in told(of_legal)} == {"legal"}
    assert not Delivery.objects.filter(endpoint__name="Of payments").exists()


def test_nobody_hears_of_what_was_before_him_nor_of_what_lies_in_the_trash(listen, open_ticket, mona, time):
    open_ticket(now=time.now)
    time.move_to(time.now + HOUR)
    listen()
    thrown = open_ticket(now=time.now)
    tickets.put_away(user=mona, number=thrown.number, what="trash", now=time.now)

    telling.run()

    assert types() == ["ticket.updated"]
    assert told()[0]["data"]["what"] == "trashed"


def test_a_crash_before_the_commit_leaves_each_event_to_be_told_once(listen, open_ticket, time, monkeypatch):
    listen()
    open_ticket(now=time.now)
    with monkeypatch.context() as broken, pytest.raises(Crash):
        broken.setattr(telling, "ring_on_commit", _die)
        telling.run()
    assert not told()

    for _round in range(3):
        telling.run()

    assert types().count("ticket.created") == 1
    assert len(types()) == len({one["id"] for one in told()})


def _die() -> None:
    raise Crash(Point.BEFORE_COMMIT)


@pytest.mark.each
def test_what_is_committed_late_with_an_early_key_is_told_once_its_transaction_has_ended(listen, open_ticket, time):
    if connection.vendor != "postgresql":
        pytest.skip("nothing comes late here")
    listen()
    ticket = open_ticket(now=time.now)
    telling.run()
    row = HookCursor.objects.get()
    # As if this one had been written before the newest, and committed only now.
    late = Event.objects.create(ticket=ticket, kind="ticket.tagged", at=time.now, data={"tag": "vip"})
    Delivery.objects.filter(channel="webhook").delete()
    HookCursor.objects.update(newest=late.pk, settled=row.settled, horizon=late.pk, awaited=0)

    telling.run()

    assert "ticket.updated" in types()


def test_a_round_that_another_process_does_is_left_to_it(listen, open_ticket, time):
    if connection.vendor != "postgresql":
        pytest.skip("one writer at a time here")
    listen()
    with transaction.atomic():
        HookCursor.objects.select_for_update().get()
        assert telling.run() == 0


def test_with_nobody_listening_nothing_is_kept_and_a_round_asks_twice(
    listen, open_ticket, adam, time, django_assert_max_num_queries
):
    endpoint = listen()
    endpoints.remove_endpoint(pk=endpoint.pk, by=adam)
    open_ticket(now=time.now)

    telling.run()

    assert not HookCursor.objects.exists() and not told()
    with django_assert_max_num_queries(6):
        telling.run()


@pytest.mark.once
def test_twenty_events_ask_as_much_as_three(listen, open_ticket, anna, time):
    listen()

    def asked(count: int) -> int:
        ticket = open_ticket(now=time.now)
        for number in range(count):
            tickets.add_tag(user=anna, number=ticket.number, name=f"t{ticket.number}-{number}", now=time.now)
        with connection.execute_wrapper(counted := _Counter()):
            telling.run()
        return counted.asked

    # What is looked at a second time is of two rounds ago.
    for _warm_up in range(3):
        asked(1)
    assert asked(3) == asked(20)


class _Counter:
    asked = 0

    def __call__(self, execute: Any, *given: Any) -> Any:
        # SQLite takes so many values in one statement, and no more.
        self.asked += given[0].startswith("SELECT")
        return execute(*given)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"events": []}, "events"),
        ({"url": "http://10.0.0.1/"}, "url"),
    ],
)
def test_a_webhook_that_makes_no_sense_is_refused_by_its_field(listen, given, field):
    with pytest.raises(InvalidInput) as refused:
        listen(**given)

    assert field in refused.value.errors
    assert not Endpoint.objects.exists()


def test_a_call_is_made_again_under_its_own_id_and_says_the_same(listen, open_ticket, adam, time):
    listen()
    open_ticket(now=time.now)
    telling.run()
    row = Delivery.objects.filter(channel="webhook").earliest("pk")
    before = payload(row)
    Delivery.objects.filter(pk=row.pk).update(state="sent", sent_at=time.now)

    again = outbox.retry(pk=row.pk, by=adam, now=time.now)

    assert (again.pk, again.state) == (row.pk, "waiting")
    assert payload(Delivery.objects.get(pk=row.pk)) == before


@pytest.fixture
def poison(monkeypatch) -> Any:
    """The words for one ticket's events cannot be found, from then on."""
    say = telling.payload

    def write(number: int, fault: Exception | None) -> None:
        def fails(what: Any, event: Event, *given: Any, **terms: Any) -> Any:
            if fault and event.ticket_id == number:
                raise fault
            return say(what, event, *given, **terms)

        monkeypatch.setattr(telling, "payload", fails)

    return write


def numbers() -> set[int]:
    return {one["data"]["ticket"]["number"] for one in told()}


@pytest.mark.parametrize("fault", [ValueError(), OperationalError("canceling statement due to statement timeout")])
def test_an_event_that_cannot_be_told_holds_up_no_other_and_is_told_later(listen, open_ticket, time, poison, fault):
    listen()
    poisoned, well = open_ticket(now=time.now), open_ticket(now=time.now)

    poison(poisoned.number, fault)
    telling.run()
    assert numbers() == {well.number}

    poison(poisoned.number, None)
    time.move_to(time.now + timedelta(minutes=1))
    telling.run()

    assert numbers() == {well.number, poisoned.number}
    assert len({one["id"] for one in told()}) == len(told())


def test_an_event_that_cannot_be_remembered_takes_the_whole_round_back(listen, open_ticket, time, poison, monkeypatch):
    listen()
    poisoned = open_ticket(now=time.now)

    poison(poisoned.number, ValueError())
    with monkeypatch.context() as away, pytest.raises(OperationalError):
        away.setattr(Setback.objects, "update_or_create", _is_away)
        telling.run()
    poison(poisoned.number, None)
    telling.run()

    assert numbers() == {poisoned.number}


def _is_away(**given: Any) -> None:
    raise OperationalError("the database system is shutting down")


def test_an_event_that_could_not_be_told_is_not_forgotten_while_somebody_listens(
    listen, open_ticket, adam, time, poison
):
    endpoint = listen()
    poison(open_ticket(now=time.now).number, ValueError())
    telling.run()

    time.move_to(time.now + timedelta(days=3))
    tidy()
    assert Setback.objects.filter(round=telling.HEARTBEAT).exists()

    endpoints.remove_endpoint(pk=endpoint.pk, by=adam)
    telling.run()
    assert not Setback.objects.filter(round=telling.HEARTBEAT).exists()
