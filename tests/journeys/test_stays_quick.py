"""A real web process: open streams and stalled uploads leave it quick."""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import pytest

from tools.ports import free_port

# The desk of these tests has a database of its own.
pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
STARTS_WITHIN = 60
QUICK = 1.0
STREAMS = 8
PREPARE = """
import json
import django
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from people.sessions import SessionStore
from common import clock
from desk import starter
from people.actions import find_or_create_customer
from tickets.actions import open_ticket
starter.found(email="adam@example.com", name="Adam Berg", password="a long way home", now=clock.now())
cora = find_or_create_customer(email="cora@example.com", name="Cora Menezes")
ticket = open_ticket(subject="Payouts are stuck", body="Since yesterday.", requester=cora, now=clock.now())
session = SessionStore()
session[SESSION_KEY] = str(cora.pk)
session[BACKEND_SESSION_KEY] = "people.backends.PasswordBackend"
session[HASH_SESSION_KEY] = cora.get_session_auth_hash()
session.create()
print(json.dumps({"session": session.session_key, "number": ticket.number}))
"""


@dataclass(frozen=True)
class Server:
    port: int
    pid: int
    session: str
    number: int

    def get(self, path: str) -> tuple[int, float, str]:
        """Status, seconds, and the page."""
        began = time.monotonic()
        connection = http.client.HTTPConnection(HOST, self.port, timeout=20)
        try:
            connection.request("GET", path, headers={"Cookie": f"sessionid={self.session}"})
            answer = connection.getresponse()
            return answer.status, time.monotonic() - began, answer.read().decode()
        finally:
            connection.close()

    def post(self, path: str, **fields: str) -> int:
        _status, _seconds, page = self.get("/help/new/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        body = urlencode({**fields, "csrfmiddlewaretoken": token[1]})
        headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={token[1]}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = http.client.HTTPConnection(HOST, self.port, timeout=20)
        try:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def stream(self) -> "Stream":
        return Stream(self)

    def threads(self) -> int:
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(status.partition("Threads:")[2].split()[0])

    def open_databases(self) -> int:
        links = [link.readlink() for link in Path(f"/proc/{self.pid}/fd").iterdir() if link.is_symlink()]
        return sum(link.name == "escala.sqlite3" for link in links)


class Stream:
    """An open event stream; reads one event at a time."""

    def __init__(self, server: Server) -> None:
        self.socket = socket.create_connection((HOST, server.port), timeout=20)
        request = f"GET /live/ HTTP/1.1\r\nHost: {HOST}\r\nCookie: sessionid={server.session}\r\n\r\n"
        self.socket.sendall(request.encode())
        self.lines = self.socket.makefile("r", encoding="utf-8", newline="\n")

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_error: object) -> None:
        self.lines.close()
        self.socket.close()

    def event(self, name: str) -> dict:
        """The data of the next event of this name."""
        for line in self.lines:
            if line.strip() == f"event: {name}":
                return json.loads(self.lines.readline().partition("data: ")[2])
        raise AssertionError("The stream ended.")


@pytest.fixture(scope="module")
def server(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("var")
    shutil.copytree(template, folder, dirs_exist_ok=True)
    port = free_port()
    unwanted = {"DATABASE_URL", "BASE_URL", "DJANGO_SETTINGS_MODULE", "HOST", "TEST_VAR"}
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    environment |= {"ESCALA_VAR": str(folder), "PORT": str(port), "DEMO": "0"}
    prepared = subprocess.run(
        [sys.executable, "-c", PREPARE],
        cwd=ROOT,
        env={**environment, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    known = json.loads(prepared.stdout.splitlines()[-1])
    process = subprocess.Popen([sys.executable, "-m", "config.web"], cwd=ROOT, env=environment)
    try:
        found = Server(port, process.pid, known["session"], known["number"])
        _wait_for(found)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(server: Server) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        try:
            if server.get("/readyz")[0] == 200 and server.get("/help/")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("The web process did not start.")


def test_eight_open_streams_leave_the_pages_quick(server: Server):
    with ExitStack() as open_streams:
        streams = [open_streams.enter_context(server.stream()) for _ in range(STREAMS)]
        for stream in streams:
            stream.event("hello")

        answers = [server.get("/help/") for _ in range(15)]

    assert {status for status, _seconds, _page in answers} == {200}
    assert median(seconds for _status, seconds, _page in answers) < QUICK


def test_a_stream_holds_neither_a_thread_nor_a_connection(server: Server):
    if not Path("/proc/self/fd").exists():
        pytest.skip("Threads and open files are counted in /proc, which this system has not.")
    server.get("/help/")
    with server.stream() as first:
        first.event("hello")
        threads, databases = server.threads(), server.open_databases()
        with ExitStack() as open_streams:
            for _ in range(24):
                open_streams.enter_context(server.stream()).event("hello")

            assert server.threads() - threads < 12
            assert server.open_databases() - databases < 6


def test_what_happens_on_a_ticket_reaches_its_customer(server: Server):
    with server.stream() as stream:
        stream.event("hello")

        assert server.post(f"/help/{server.number}/reply/", body="It is still stuck.") == 302
        change = stream.event("change")

    assert change["tickets"] == [server.number]
    assert change["escalations"] == []
    assert change["now"] and change["cursor"]


def test_fifty_stalled_uploads_leave_the_desk_ready(server: Server):
    half = b"x" * 50_000
    head = (
        f"POST /help/new/ HTTP/1.1\r\nHost: {HOST}\r\nCookie: sessionid={server.session}\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {2 * len(half)}\r\n\r\n"
    )
    with ExitStack() as stalled:
        for _ in range(50):
            upload = stalled.enter_context(socket.create_connection((HOST, server.port), timeout=20))
            upload.sendall(head.encode() + half)

        ready = [server.get("/readyz") for _ in range(5)]
        pages = [server.get("/help/") for _ in range(5)]

    assert {status for status, _seconds, _page in ready + pages} == {200}
    assert max(seconds for _status, seconds, _page in ready) <= QUICK
    assert median(seconds for _status, seconds, _page in pages) <= QUICK
