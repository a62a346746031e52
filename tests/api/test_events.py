"""The timeline by a program: lines of JSON, gone on with by the cursor in the answer."""

import json

import pytest

from common import tailing
from people.enums import Role
from tests.factories.people import make_user
from tests.reports.histories import settle
from tickets.models import Event

pytestmark = pytest.mark.each


@pytest.fixture
def lived(payments, open_ticket, monkeypatch):
    """Two tickets, and the facts behind them; the test's own transaction is not waited for."""
    monkeypatch.setattr(tailing, "is_over", lambda _those: True)
    open_ticket(), open_ticket()
    settle()
    return list(Event.objects.order_by("pk").values_list("pk", flat=True))


def test_a_program_goes_on_by_the_cursor_in_the_answer(lived, adam, calling):
    first = calling(adam).get("events/?limit=1")
    rest = calling(adam).get(f"events/?after={first['Next-After']}")

    lines = [json.loads(line) for answer in (first, rest) for line in answer.content.decode().splitlines()]
    assert first["Content-Type"].startswith("application/x-ndjson")
    assert [line["cursor"] for line in lines] == lived
    assert calling(adam).get(f"events/?after={rest['Next-After']}").content == b""


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=0", "limit=10001", "since=2026-01-01"])
def test_bad_input_is_refused(lived, adam, calling, query):
    assert calling(adam).get(f"events/?{query}").status_code == 400


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.AGENT, Role.MANAGER])
def test_events_are_for_administrators(role, lived, calling):
    assert calling(make_user("Stan", role)).get("events/").status_code == 403
