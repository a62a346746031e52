"""The schema is valid and true: calls made up from it get answers that it describes, and never a 500."""

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings, strategies
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from escalation import services as escalations

pytestmark = pytest.mark.once
# For a longer search: SCHEMA_EXAMPLES=100.
EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "2"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The schema, made once for all tests of this file, which it would cost seconds each."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "schema.json"
        call_command("spectacular", format="openapi-json", validate=True, fail_on_warn=True, file=str(path))
        return json.loads(path.read_text())


def test_the_schema_is_valid_and_made_without_a_warning_and_the_same_for_everybody(described, nobody, db):
    answer = nobody.get("/api/schema/", Accept="application/vnd.oai.openapi+json")

    assert answer.status_code == 200
    assert "/api/v1/tickets/{number}/escalate/" in described["paths"]
    assert answer.json() == described


@pytest.fixture
def records(breached, policy, mona, anna, calling, adam, time, open_ticket) -> dict[str, Any]:
    """What the made-up numbers are replaced with, every other time, so that calls get somewhere."""
    escalation = breached()
    asked = escalations.escalate(
        user=anna,
        ticket_number=open_ticket().number,
        kind="hierarchical",
        severity=2,
        reason="staff",
        summary="s",
        now=time.now,
    )
    hours = {"name": "A", "time_zone": "UTC", "periods": [{"weekday": 0, "start": "09:00", "end": "17:00"}]}
    return {
        "escalations": [escalation.number, asked.number],
        "tickets": [escalation.ticket_id, asked.ticket_id],
        "policies": [policy.pk],
        "calendars": [calling(adam).post("sla/calendars/", hours).json()["id"]],
        "notifications": [mona.alerts.first().pk],
        "attachments": [1],
    }


@pytest.fixture
def application() -> Iterator[WSGIHandler]:
    """The whole of Django in this thread; the test's connection is not the request's to close."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize(
    ("roles", "mode"),
    [(("manager", "admin", "customer"), GenerationMode.POSITIVE), (("admin",), GenerationMode.NEGATIVE)],
)
def test_made_up_calls_get_the_answers_that_the_schema_describes(
    roles, mode, described, records, mona, adam, cora, calling, application
):
    people = {"manager": mona, "admin": adam, "customer": cora}
    callers = [calling(people[role]).headers for role in roles]
    schema = schemathesis.openapi.from_dict(described)
    schema.app = application
    seen: Counter[int] = Counter()

    for found in schema.get_all_operations():
        operation = found.ok()
        cases = operation.as_strategy(generation_mode=mode)
        _try_out(operation.path, cases, records, callers, seen)

    # Calls that never get anywhere would show nothing.
    assert seen[400] > 5, seen
    assert seen[200] > 5, seen


def _try_out(path: str, cases: Any, records: dict[str, Any], callers: list[dict[str, str]], seen: Counter[int]) -> None:
    """Each case is made once, which takes longer than the call, and tried by every caller."""
    known = next((numbers for word, numbers in records.items() if f"/{word}/" in path), [1])

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases, strategies.sampled_from([None, *known]))
    def call(case: Any, number: int | None) -> None:
        for name in ("number", "pk"):
            if number is not None and name in (case.path_parameters or {}):
                case.path_parameters[name] = number
        for headers in callers:
            with transaction.atomic():
                answer = case.call(headers=headers)
                transaction.set_rollback(True)
            seen[answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS)

    call()
