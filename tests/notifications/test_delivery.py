import threading
from collections import Counter
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail as outbox
from django.db import connections

from common import clock, heartbeat
from common.failpoints import Point
from notifications import claiming, delivery
from notifications.actions import post
from notifications.enums import AlertKind, DeliveryState
from notifications.models import Alert, Delivery
from notifications.tasks import deliver
from tests.conftest import AT
from tests.notifications import transports
from tests.notifications.transports import Interrupted

pytestmark = pytest.mark.django_db


def write(address: str = "cora@livraria-aurora.example", **fields) -> Delivery:
    dedupe = fields.pop("dedupe", f"test:{Delivery.objects.count()}")
    post(**{"address": address, "subject": "Hello", "text": "Hello.", "dedupe": dedupe, "now": clock.now(), **fields})
    return Delivery.objects.get(dedupe_key=dedupe)


def dies() -> None:
    raise SystemExit("killed")


def test_what_waits_is_sent_and_marked(at):
    row = write()

    assert delivery.run() == 1

    row.refresh_from_db()
    assert (row.state, row.sent_at, row.attempts, row.lease) == (DeliveryState.SENT, at, 1, "")
    assert [message.to for message in outbox.outbox] == [["cora@livraria-aurora.example"]]


def test_what_is_sent_is_not_sent_again():
    write()
    delivery.run()

    assert delivery.run() == 0
    assert len(outbox.outbox) == 1


def test_a_turn_ends_and_asks_for_another_while_mail_waits(settings, monkeypatch):
    rung = []
    monkeypatch.setattr("common.doorbell.ring", rung.append)
    settings.DELIVERY_TURN = timedelta()
    for number in range(claiming.BATCH + 1):
        write(dedupe=f"n{number}")
    rung.clear()

    assert delivery.run() == claiming.BATCH
    assert rung == ["notifications.tasks.deliver"]
    assert delivery.run() == 1
    assert delivery.run() == 0


def test_the_worker_sends_what_waits_and_beats(at):
    write()

    deliver()

    assert len(outbox.outbox) == 1
    assert heartbeat.last("delivery") == at


def test_more_than_a_batch_goes_out_oldest_first(time, at):
    for second in range(120):
        time.move_to(at + timedelta(seconds=second))
        write(subject=f"{second}")

    assert delivery.run() == 120
    assert [message.subject for message in outbox.outbox] == [f"{second}" for second in range(120)]


def test_what_is_not_due_yet_waits(at, time):
    write(now=at + timedelta(minutes=5))

    assert delivery.run() == 0
    time.move_to(at + timedelta(minutes=5))
    assert delivery.run() == 1


# --- Leases ---------------------------------------------------------------------------------------------------


def test_a_second_deliverer_leaves_alone_what_the_first_is_sending(settings, monkeypatch):
    settings.MAIL_TRANSPORT = transports.INTERRUPTED
    for _mail in range(3):
        write()
    meanwhile = []
    monkeypatch.setattr(Interrupted, "happen", lambda: meanwhile.append(delivery.run()) if not meanwhile else None)

    assert delivery.run() == 3
    assert meanwhile == [0]
    assert len(outbox.outbox) == 3


def test_a_deliverer_that_dies_while_sending_delays_a_mail_by_a_lease_and_loses_none(settings, monkeypatch, time, at):
    settings.MAIL_TRANSPORT = transports.INTERRUPTED
    row = write()
    with monkeypatch.context() as patch:
        patch.setattr(Interrupted, "happen", dies)
        with pytest.raises(SystemExit):
            delivery.run()

    assert delivery.run() == 0
    time.move_to(at + claiming.LEASE)
    assert delivery.run() == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == (DeliveryState.SENT, 2)


def test_what_a_dead_deliverer_held_does_not_wait_behind_all_that_was_written_meanwhile(crash_at, time, at):
    held = write("held@x.example")
    with crash_at(Point.AFTER_CLAIM):
        delivery.run()
    time.move_to(at + claiming.LEASE / 2)
    for number in range(claiming.BATCH + 1):
        write(f"reader-{number}@x.example")
    time.move_to(at + claiming.LEASE)

    delivery.run()

    assert outbox.outbox[0].to == [held.address]
    assert len(outbox.outbox) == claiming.BATCH + 2


def test_a_mail_sent_twice_after_a_crash_can_be_recognised(time, at):
    row = write(thread_token="1-abc")
    delivery.run()
    # The process died after the server had taken the mail and before the row was marked.
    Delivery.objects.filter(pk=row.pk).update(state=DeliveryState.SENDING, lease="x", next_try_at=at, sent_at=None)

    assert delivery.run() == 1
    identifiers = [message.message()["Message-ID"] for message in outbox.outbox]
    assert identifiers == [f"<{row.pk}.1-abc@escala.localhost>"] * 2


@pytest.mark.parametrize(("point", "copies"), [(Point.AFTER_CLAIM, 1), (Point.AFTER_SEND, 2), (Point.BEFORE_MARK, 2)])
def test_a_deliverer_that_dies_between_two_steps_loses_no_mail_and_repeats_at_most_the_one_in_its_hands(
    point, copies, crash_at, time, at
):
    first, second = write(), write()

    with crash_at(point):
        delivery.run()
    time.move_to(at + claiming.LEASE)
    delivery.run()

    identifiers = Counter(message.message()["Message-ID"] for message in outbox.outbox)
    assert identifiers == {delivery.message_id(first): copies, delivery.message_id(second): 1}
    assert not Delivery.objects.unsent().exists()


def test_a_slow_server_does_not_make_the_rest_of_a_batch_be_sent_twice(settings, monkeypatch, time):
    settings.MAIL_TRANSPORT = transports.INTERRUPTED
    for number in range(4):
        write(f"reader-{number}@x.example")
    others = []

    def a_minute_and_a_half_pass() -> None:
        time.move_to(time.now + timedelta(seconds=90))
        if others:
            return
        others.append(None)
        # The lease of the batch has not run out; half a minute later, for those not sent yet, it will have.
        time.move_to(time.now + timedelta(seconds=31))
        delivery.run()

    monkeypatch.setattr(Interrupted, "happen", a_minute_and_a_half_pass)
    delivery.run()

    addresses = Counter(message.to[0] for message in outbox.outbox)
    assert set(addresses) == {f"reader-{number}@x.example" for number in range(4)}
    # The one in the slow server's hands when its lease ran out may come twice; nothing after it does.
    assert sum(addresses.values()) <= 5
    assert not Delivery.objects.unsent().exists()


@pytest.mark.django_db(transaction=True)
def test_two_deliverers_at_once_never_send_the_same_mail():
    for number in range(130):
        write(f"reader-{number}@x.example")
    start = threading.Barrier(3)

    def work() -> None:
        start.wait(timeout=10)
        try:
            delivery.run()
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _worker in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)

    addresses = Counter(message.to[0] for message in outbox.outbox)
    assert addresses == Counter(f"reader-{number}@x.example" for number in range(130))
    assert not Delivery.objects.unsent().exists()


# --- Failures -------------------------------------------------------------------------------------------------


def test_a_failure_backs_off_longer_each_time_and_is_never_given_up(settings, time, at):
    settings.MAIL_TRANSPORT = transports.REFUSING
    row = write()
    pauses = []

    for _try in range(14):
        assert delivery.run() == 0
        row.refresh_from_db()
        pauses.append((row.next_try_at - time.now).total_seconds())
        time.move_to(row.next_try_at)

    assert pauses[:4] == [10, 20, 40, 80]
    assert pauses == sorted(pauses)
    assert pauses[-1] == claiming.LONGEST_PAUSE.total_seconds()
    assert (row.state, row.attempts) == (DeliveryState.WAITING, 14)
    assert row.last_error == "ConnectionRefusedError: nobody listens  here"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    assert delivery.run() == 1


def test_a_failing_mail_is_not_tried_again_before_its_time(settings, time, at):
    settings.MAIL_TRANSPORT = transports.REFUSING
    row = write()
    delivery.run()

    time.move_to(at + timedelta(seconds=9))
    delivery.run()

    row.refresh_from_db()
    assert row.attempts == 1


def test_after_five_failures_the_administrators_see_it_on_their_page_once(settings, time, adam, mona):
    settings.MAIL_TRANSPORT = transports.REFUSING
    adam.language = "pt-br"
    adam.save()
    row = write()
    seen = []

    for _try in range(7):
        delivery.run()
        seen.append(Alert.objects.filter(kind=AlertKind.DELIVERY).count())
        row.refresh_from_db()
        time.move_to(row.next_try_at)

    assert seen == [0, 0, 0, 0, 1, 1, 1]
    alert = Alert.objects.get()
    assert (alert.recipient, alert.body) == (adam, "Hello")
    assert "cora@livraria-aurora.example" in alert.title
    # About mail that does not leave, no mail is written.
    assert Delivery.objects.count() == 1


def test_one_refused_address_stops_nobody(settings):
    settings.MAIL_TRANSPORT = transports.PICKY
    for address in ("a@x.example", "stan@elsewhere.example", "b@x.example"):
        write(address)

    assert delivery.run() == 2
    assert Delivery.objects.unsent().get().address == "stan@elsewhere.example"


def test_a_server_that_hangs_up_with_an_error_stops_nobody(settings):
    settings.MAIL_TRANSPORT = transports.RUDE
    for address in ("a@x.example", "stan@elsewhere.example", "b@x.example"):
        write(address)

    assert delivery.run() == 2


@pytest.mark.parametrize(
    "poison",
    [
        {"subject": "Hello\r\nBcc: victim@example.com"},
        {"address": "a@x.example\nBcc: victim@example.com"},
        {"headers": {"Reply-To": "a@x.example\r\nBcc: victim@example.com"}},
        {"template": "there-is-none"},
        {"address": ""},
    ],
    ids=lambda poison: next(iter(poison)),
)
def test_a_poisoned_row_is_not_sent_and_stops_nobody(poison):
    bad = write(**poison)
    write("b@x.example")

    assert delivery.run() == 1
    assert [message.to for message in outbox.outbox] == [["b@x.example"]]
    bad.refresh_from_db()
    assert bad.state == DeliveryState.WAITING
    assert bad.last_error


def test_without_a_server_mail_waits_untouched_and_the_administrators_are_told_once_a_day(settings, time, adam, at):
    settings.MAIL_TRANSPORT = ""
    row = write()

    assert delivery.run() == delivery.run() == 0
    assert Alert.objects.get().recipient == adam
    time.move_to(at + timedelta(days=1))
    delivery.run()
    assert Alert.objects.count() == 2

    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    assert delivery.run() == 1
    row.refresh_from_db()
    assert row.attempts == 1


def test_without_a_server_and_without_mail_nobody_is_bothered(settings, adam):
    settings.MAIL_TRANSPORT = ""

    delivery.run()

    assert not Alert.objects.exists()


def test_the_oldest_waiting_mail_is_known_to_the_health_page(at, time):
    assert delivery.oldest_waiting() is None
    write()
    time.move_to(at + timedelta(minutes=1))
    write()

    assert delivery.oldest_waiting() == AT
    delivery.run()
    assert delivery.oldest_waiting() is None


# --- What a mail looks like -----------------------------------------------------------------------------------


def sent() -> list:
    delivery.run()
    return [message_from_bytes(message.message().as_bytes(), policy=policy.default) for message in outbox.outbox]


def test_a_mail_of_the_program_says_that_it_is_one():
    row = write()

    (message,) = sent()

    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{row.pk}@escala.localhost>"
    assert message["From"] == "support@escala.localhost"


def test_a_mail_in_a_conversation_is_a_persons_and_can_be_answered():
    row = write(thread_token="12-abc", headers={"Reply-To": "support+12-abc@escala.localhost"})

    (message,) = sent()

    assert message["Auto-Submitted"] is None
    assert message["Message-ID"] == f"<{row.pk}.12-abc@escala.localhost>"
    assert message["Reply-To"] == "support+12-abc@escala.localhost"


def test_the_message_id_stays_the_same_over_all_tries(settings, time):
    settings.MAIL_TRANSPORT = transports.REFUSING
    row = write()
    before = delivery.message_id(row)
    delivery.run()
    row.refresh_from_db()
    time.move_to(row.next_try_at)
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"

    (message,) = sent()

    assert message["Message-ID"] == before


def test_a_mail_from_a_template_has_two_forms_in_the_readers_language():
    write(template="message", context={"language": "pt-br", "body": "Olá <b>", "author": "Anna", "desk_name": "Escala"})

    (message,) = sent()

    assert "Olá <b>" in message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert "Olá &lt;b&gt;" in html
    assert '<html lang="pt-br">' in html
