"""Signed calls to other programs, and the client that makes them (SECURITY: SSRF; FIELD-BUGS: webhooks)."""

import ipaddress
import json
import socket
import threading
import time as real_time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from standardwebhooks import Webhook

from common.errors import InvalidInput
from common.models import ConfigurationChange
from notifications import calling, delivery, endpoints, outbox
from notifications.actions import notify
from notifications.calling import CallFailedError, ForbiddenAddressError
from notifications.enums import AlertKind, DeliveryState
from notifications.letters import Letter
from notifications.models import Delivery, Endpoint, Host
from notifications.webhooks import payload
from tests.conftest import AT

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LOCAL = [ipaddress.ip_network("127.0.0.0/8")]


class Receiver(BaseHTTPRequestHandler):
    """Answers as the test says, and remembers what it was sent."""

    answer: tuple[int, dict[str, str]] = (200, {})
    got: list[tuple[dict[str, str], str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body.decode()))
        status, headers = Receiver.answer
        self.send_response(status)
        for name, value in {"Content-Length": "2", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args: object) -> None:
        """Silent."""


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that does to its first caller what the test says."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def work() -> None:
            connection, _address = server.accept()
            with connection:
                connection.recv(65536)
                with suppress(OSError):
                    serve(connection)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(timeout=5)


@pytest.fixture
def receiver(settings) -> Iterator[str]:
    settings.WEBHOOK_NETWORKS, settings.WEBHOOK_HTTP = LOCAL, True
    Receiver.answer, Receiver.got = (200, {}), []
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()


@pytest.fixture
def endpoint(receiver: str, adam, at) -> Endpoint:
    return endpoints.save_endpoint(
        endpoint=None, name="CRM", url=receiver, kinds=["breach"], is_enabled=True, by=adam, now=at
    )


def tell(person: Any, dedupe: str = "breach:7") -> Delivery:
    letter = Letter(kind="breach", title="E-7: past due", path="/escalations/7/", ticket_number=9, severity=2)
    notify(recipients=[person], compose=lambda _person: letter, dedupe=dedupe, now=AT)
    delivery.run()
    return Delivery.objects.get(channel="webhook")


def verified(secret: str) -> Any:
    """The last call as its receiver would check it, but for the age of the test's frozen clock."""
    headers, body = Receiver.got[-1]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}"
    expected = Webhook(secret).sign(headers["webhook-id"], AT, body)
    assert signed and expected in headers["webhook-signature"].split(" ")
    return json.loads(body)


# --- The calls ------------------------------------------------------------------------------------------------


def test_a_call_is_signed_and_says_what_happened(endpoint, mona):
    row = tell(mona)

    assert (row.state, row.last_error) == (DeliveryState.SENT, "200 ok")
    told = verified(endpoint.secret)
    assert told["type"] == "alert.breach"
    assert (told["data"]["ticket"], told["data"]["severity"]) == (9, 2)
    assert told["data"]["url"].endswith("/escalations/7/")
    assert Receiver.got[0][0]["webhook-id"] == f"msg_{row.pk}"
    assert len(b64decode(endpoint.secret.removeprefix("whsec_"))) == 32


def test_an_outgoing_webhook_never_blocks_a_page(settings, mona, at, monkeypatch):
    """FIELD-BUGS: what happens writes a row; the call is the outbox's, after the commit."""
    monkeypatch.setattr(calling, "addresses_of", lambda *_args: pytest.fail("called from a page"))
    Endpoint.objects.create(name="CRM", url="https://crm.example/", kinds=["breach"], created_at=at)
    letter = Letter(kind="breach", title="E-7")

    notify(recipients=[mona], compose=lambda _person: letter, dedupe="breach:7", now=at)

    assert Delivery.objects.get().state == DeliveryState.NEW


def test_a_refused_call_is_tried_again_under_the_same_id(endpoint, mona, time, at):
    Receiver.answer = (503, {})
    row = tell(mona)
    assert (row.state, row.last_error) == (DeliveryState.WAITING, "RefusedCallError: 503 ok")
    Receiver.answer = (204, {"Content-Length": "0"})
    time.move_to(row.next_try_at)

    delivery.run()

    row.refresh_from_db()
    assert row.state == DeliveryState.SENT
    assert {headers["webhook-id"] for headers, _body in Receiver.got} == {f"msg_{row.pk}"}


def test_a_receiver_that_says_gone_is_not_called_again(endpoint, mona):
    Receiver.answer = (410, {})

    row = tell(mona)

    endpoint.refresh_from_db()
    assert (row.state, endpoint.is_enabled) == (DeliveryState.STOPPED, False)


def test_a_call_that_was_taken_can_be_replayed_under_its_own_id(endpoint, mona, adam, at):
    row = tell(mona)

    outbox.retry(pk=row.pk, by=adam, now=at)
    delivery.run()

    ids = [headers["webhook-id"] for headers, _body in Receiver.got]
    assert ids == [f"msg_{row.pk}"] * 2


def test_after_a_rotation_both_secrets_sign_for_a_day(endpoint, mona, adam, at):
    old = endpoint.secret
    endpoints.rotate_secret(pk=endpoint.pk, by=adam, now=at)
    tell(mona)

    endpoint.refresh_from_db()
    assert endpoint.secret != old
    assert verified(old) == verified(endpoint.secret)
    changes = json.dumps(list(ConfigurationChange.objects.values_list("before", "after")))
    assert old not in changes
    assert endpoint.secret not in changes
    Endpoint.objects.update(old_until=at)
    Delivery.objects.filter(channel="webhook").update(state=DeliveryState.WAITING, next_try_at=at)
    delivery.run()
    assert " " not in Receiver.got[-1][0]["webhook-signature"]


def test_a_test_call_says_that_it_is_one(endpoint, adam, at):
    endpoints.send_test(pk=endpoint.pk, by=adam, now=at)

    delivery.run()

    assert verified(endpoint.secret)["type"] == "alert.test"


# --- Where no call goes ---------------------------------------------------------------------------------------


def test_a_redirect_is_not_followed(endpoint, mona):
    Receiver.answer = (302, {"Location": "http://127.0.0.1:1/inside"})

    row = tell(mona)

    assert len(Receiver.got) == 1
    assert (row.state, row.last_error) == (DeliveryState.WAITING, "RefusedCallError: 302 ok")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "10.0.0.8",
        "172.16.4.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[2002:7f00:1::]",
        "[64:ff9b::7f00:1]",
        "[::127.0.0.1]",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_no_call_reaches_into_the_house_however_its_address_is_written(host):
    with pytest.raises(ForbiddenAddressError):
        calling.post(f"https://{host}/", content=b"{}", headers={})


def test_of_a_name_with_many_addresses_each_must_be_allowed(monkeypatch):
    both = [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", ("10.0.0.8", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: both)

    with pytest.raises(ForbiddenAddressError, match=r"10\.0\.0\.8"):
        calling.addresses_of("two-faced.example", 443)


def test_the_connection_goes_to_the_very_address_that_was_looked_at(receiver, monkeypatch):
    """A name that means something else when it is asked for a second time is asked for once."""
    asked = []

    def answer(host: str, port: int, **_more: object) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *args, **more: answer(host, args[0]) if host == "turncoat.example" else real(host, *args, **more),
    )

    calling.post(receiver.replace("127.0.0.1", "turncoat.example"), content=b"{}", headers={})

    assert asked == ["turncoat.example"]
    assert Receiver.got[0][0]["host"].startswith("turncoat.example:")


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example/",
        "ftp://crm.example/",
        "file:///etc/passwd",
        "https://",
        "https://user:password@crm.example/",
        "https://crm.example:99999/",
        "https://crm.example/\r\nX: y",
        "https://crm .example/",
        "https://crm.example\\@127.0.0.1/",
        "javascript:alert(1)",
        "nonsense",
    ],
)
def test_an_address_that_is_none_is_refused_in_one_sentence(url, adam, at):
    with pytest.raises(InvalidInput) as refusal:
        endpoints.save_endpoint(endpoint=None, name="x", url=url, kinds=["breach"], is_enabled=True, by=adam, now=at)

    assert set(refusal.value.errors) == {"url"}
    assert not Endpoint.objects.exists()


def test_a_forbidden_address_is_told_in_the_log_and_closes_nothing(adam, mona, at):
    Endpoint.objects.create(
        name="x", url="https://127.0.0.1/", kinds=list(AlertKind.values), created_at=at, secret=endpoints.new_secret()
    )

    row = tell(mona)

    assert "which is inside this network" in row.last_error
    assert not Host.objects.exists()


# --- What a call may cost -------------------------------------------------------------------------------------


def test_an_answer_that_trickles_in_is_cut_off_in_time(settings, monkeypatch):
    settings.WEBHOOK_NETWORKS, settings.WEBHOOK_HTTP = LOCAL, True
    monkeypatch.setattr(calling, "SECONDS", 0.3)

    def trickle(connection: socket.socket) -> None:
        for _byte in range(100):
            connection.sendall(b"H")
            real_time.sleep(0.05)

    with listening(trickle) as port:
        began = real_time.monotonic()
        with pytest.raises(CallFailedError):
            calling.post(f"http://127.0.0.1:{port}/", content=b"{}", headers={})
        # Of the five seconds that the whole would take.
        assert real_time.monotonic() - began < 4


def test_of_an_endless_answer_only_the_beginning_is_read(settings):
    settings.WEBHOOK_NETWORKS, settings.WEBHOOK_HTTP = LOCAL, True
    sent = []

    def pour(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        for _chunk in range(200):
            sent.append(connection.send(b"x" * 65536))

    with listening(pour) as port:
        answer = calling.post(f"http://127.0.0.1:{port}/", content=b"{}", headers={})

    assert (answer.status, len(answer.text)) == (200, calling.BYTES)


def test_a_receiver_that_hangs_up_is_left_alone_for_a_while(settings, adam, mona, at, time):
    settings.WEBHOOK_NETWORKS, settings.WEBHOOK_HTTP = LOCAL, True
    with listening(lambda _connection: None) as port:
        url = f"http://127.0.0.1:{port}/"
        endpoints.save_endpoint(endpoint=None, name="x", url=url, kinds=["breach"], is_enabled=True, by=adam, now=at)
        row = tell(mona)

    assert row.attempts == 1
    assert Host.objects.get(name=row.host).closed_until == at + timedelta(seconds=5)
    # And the mail went out beside it.
    assert Delivery.objects.get(channel="email").state == DeliveryState.SENT


@pytest.mark.parametrize(
    ("kind", "with_words", "is_told"),
    [("breach", False, False), ("breach", True, True), ("test", False, True), ("rule", False, True)],
)
def test_the_title_of_an_alert_goes_only_to_whom_words_are_granted(endpoint, at, kind, with_words, is_told):
    endpoint.with_words = with_words
    call = Delivery(endpoint=endpoint, kind=kind, subject="E-7: Payouts are stuck", created_at=at)

    assert ("Payouts are stuck" in payload(call)) is is_told
