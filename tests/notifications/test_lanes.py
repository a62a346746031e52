"""Hosts that hang, refuse or have had their measure, and everybody else's mail beside them."""

import smtplib
import time as real_time
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox

from bench.outbox.sink import Sink
from notifications import delivery, lanes, mailing
from notifications.actions import post
from notifications.enums import DeliveryState
from notifications.mailing import Meaning, meaning
from notifications.models import Delivery, Host
from tests.conftest import AT
from tests.notifications import transports
from tests.notifications.transports import Counting, Moody

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def write(host: str, count: int, **fields: Any) -> None:
    for number in range(count):
        dedupe = f"{host}:{number}"
        post(**{"address": f"p{number}@{host}", "subject": host, "text": ".", "dedupe": dedupe, "now": AT, **fields})


def sent_to(host: str) -> int:
    return sum(message.to[0].endswith(f"@{host}") for message in outbox.outbox)


def tried(host: str) -> list[int]:
    return list(Delivery.objects.filter(host=host).order_by("pk").values_list("attempts", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_host_that_hangs_holds_up_only_its_own_mail(settings, monkeypatch):
    monkeypatch.setattr(lanes, "GRACE", 0.05)
    settings.MAIL_TRANSPORT, settings.DELIVERY_LANES = transports.MOODY, 4
    settings.DELIVERY_TURN = timedelta(seconds=0.3)
    Moody.may_go_on.clear()
    write("hang.example", 15)
    write("fine.example", 12)

    until = real_time.monotonic() + 20
    while sent_to("fine.example") < 12 and real_time.monotonic() < until:
        delivery.run()

    assert (sent_to("fine.example"), sent_to("hang.example")) == (12, 0)
    # Half of the lanes at most, each with one mail in its hands.
    assert 1 <= lanes._Busy.hosts["hang.example"] <= 2
    Moody.may_go_on.set()
    for thread in list(lanes._Busy.lanes):
        thread.join(timeout=20)
    while delivery.run():
        pass
    assert not Delivery.objects.unsent().exists()
    assert len({message.to[0] for message in outbox.outbox}) == len(outbox.outbox) == 27


def test_a_host_that_is_down_is_asked_once_and_the_rest_of_its_mail_is_not_tried(settings, time, at):
    settings.MAIL_TRANSPORT = transports.MOODY
    write("down.example", 3)
    write("fine.example", 2)

    assert delivery.run() == 2

    assert tried("down.example") == [1, 0, 0]
    host = Host.objects.get()
    assert (host.name, host.failures, host.closed_until) == ("down.example", 1, at + timedelta(seconds=5))
    assert "unexpectedly closed" in host.last_answer
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    assert delivery.run() == 0
    time.move_to(at + timedelta(seconds=5))
    assert delivery.run() == 2
    assert Host.objects.get().failures == 0


def test_a_host_that_says_not_now_three_times_is_left_alone_for_a_while(settings, at):
    settings.MAIL_TRANSPORT = transports.MOODY
    write("later.example", 6)

    delivery.run()

    assert tried("later.example") == [1, 1, 1, 0, 0, 0]
    assert Host.objects.get().closed_until == at + timedelta(seconds=5)
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.WAITING}


def test_one_refused_address_does_not_close_its_host(settings):
    settings.MAIL_TRANSPORT = transports.PICKY
    post(address="stan@elsewhere.example", subject="x", text="x", dedupe="1", now=AT)
    write("elsewhere.example", 2)

    assert delivery.run() == 2
    assert not Host.objects.exists()


def test_a_slow_host_gets_one_mail_at_a_time_and_all_of_them(monkeypatch):
    monkeypatch.setattr(delivery, "SLOW", 0.0)
    write("slow.example", 4)

    assert delivery.run() == 4

    assert tried("slow.example") == [1, 1, 1, 1]
    assert Host.objects.get().slow_until


def test_slow_hosts_together_keep_half_of_the_lanes_and_each_a_single_one(settings, monkeypatch, at):
    settings.DELIVERY_LANES = 4
    known = {name: Host(name=name, slow_until=at + timedelta(minutes=1)) for name in ("a", "b", "c")}
    monkeypatch.setattr(lanes._Busy, "hosts", lanes.Counter({"a": 1, "fine": 1, "big": 2}))

    assert lanes._full(known, at) == {"a", "big"}
    lanes._Busy.hosts["b"] += 1
    assert lanes._full(known, at) == {"a", "b", "c", "big"}


@pytest.mark.parametrize("rates", [{"x.example": 3}, {"*": 3}])
def test_a_domain_gets_no_more_a_minute_than_it_is_given(settings, time, at, rates):
    settings.MAIL_RATES = rates
    write("x.example", 5)

    assert delivery.run() == 3
    assert delivery.run() == 0
    time.move_to(at + timedelta(minutes=1))
    assert delivery.run() == 2
    assert tried("x.example") == [1] * 5


def test_a_domain_with_a_measure_of_its_own_does_not_keep_others(settings):
    settings.MAIL_RATES = {"x.example": 1, "*": 1000}
    write("x.example", 4)
    write("y.example", 15)

    assert delivery.run() == 16


def test_many_mails_go_over_one_connection(settings, monkeypatch):
    monkeypatch.setattr(mailing, "MAILS_A_CONNECTION", 8)
    monkeypatch.setattr(Counting, "made", 0)
    settings.MAIL_TRANSPORT = transports.COUNTING
    write("x.example", 12)
    write("y.example", 12)

    assert delivery.run() == 24
    assert Counting.made == 3


def test_what_a_server_says_is_about_the_mail_or_about_itself():
    later, never = (450, b"greylisted"), (550, b"no such user")

    assert meaning(smtplib.SMTPRecipientsRefused({"a": later})) == Meaning(not_now=True)
    assert meaning(smtplib.SMTPRecipientsRefused({"a": never})) == Meaning()
    assert meaning(smtplib.SMTPDataError(452, "full")) == Meaning(not_now=True)
    assert meaning(smtplib.SMTPSenderRefused(421, b"closing", "a")) == Meaning(is_down=True, not_now=True)
    assert meaning(smtplib.SMTPConnectError(554, "go away")) == Meaning(is_down=True)
    assert meaning(smtplib.SMTPServerDisconnected("gone")) == Meaning(is_down=True)
    assert meaning(TimeoutError("timed out")) == Meaning(is_down=True)
    assert meaning(ValueError("a line break in a header")) == Meaning()


def test_a_real_server_that_drops_refuses_and_hangs_keeps_nobody_else_waiting(settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 0.2
    for host in ("hang.example", "drop.example", "later.example", "fine.example"):
        write(host, 2)

    with Sink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(sink.url.rpartition(":")[2])
        assert delivery.run() == 2

    assert sink.counts["fine"] == 2
    assert tried("hang.example") == [1, 0]
    # It had taken the mail before it hung up: nobody could know, and it is tried again under the same Message-ID.
    assert (tried("drop.example"), sink.counts["drop"]) == ([1, 0], 1)
    assert tried("later.example") == [1, 1]
    down = set(Host.objects.filter(closed_until__isnull=False).values_list("name", flat=True))
    assert down == {"hang.example", "drop.example"}
