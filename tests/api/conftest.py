"""Callers: a person of the cast with a token, who speaks JSON."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from api.actions import create_token
from common import clock
from escalation import sweep
from escalation.models import Escalation
from people.models import User
from reports import register
from tests.reports.sample import SAMPLE


class Caller:
    """Calls /api/v1/ as one person, or as nobody."""

    def __init__(self, secret: str | None) -> None:
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.client = Client()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        address = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        return self.client.generic(
            method, address, data, content_type="application/json", headers={**self.headers, **headers}
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("PATCH", path, body, **headers)


@pytest.fixture
def calling(db: None) -> Callable[..., Caller]:
    """Makes a caller of a person; tokens may be told to read only."""

    def make(user: User, **fields: Any) -> Caller:
        _token, secret = create_token(user=user, name="test", now=clock.now(), **fields)
        return Caller(secret)

    return make


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report of the tests' own stands in the register."""
    monkeypatch.setitem(register.REPORTS, SAMPLE.key, SAMPLE)


@pytest.fixture
def nobody() -> Caller:
    """Without a token."""
    return Caller(None)


@pytest.fixture(autouse=True)
def _without_a_limit(settings: Any) -> None:
    settings.API_RATE = 0


@pytest.fixture
def breached(policy: Any, open_ticket: Callable[..., Any], time: Any) -> Callable[..., Escalation]:
    """A ticket whose first reply was missed, and the escalation that came of it."""

    def make(**fields: Any) -> Escalation:
        ticket = open_ticket(now=time.now, **fields)
        time.move_to(time.now + timedelta(hours=6))
        sweep.run()
        return Escalation.objects.get(ticket=ticket)

    return make
