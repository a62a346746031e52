"""A page costs the same number of queries for one row, for three and for fifty."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendars.actions import create_calendar
from escalation import services as escalations
from sla.publishing import create_policy
from tests.factories.people import make_team, make_user
from tests.factories.sla import target
from tickets import actions, files

# How often the database is asked is Django's doing and ours, whichever database it is.
pytestmark = pytest.mark.once


@pytest.fixture
def rows(anna, mona, cora, payments, policy, at, time):
    """Makes tickets with all that hangs on them: people, tags, messages, files, clocks, an escalation with a plan."""

    def make(count: int) -> None:
        for _ in range(count):
            customer = make_user(f"Customer{actions.Ticket.objects.count()} Known", "customer")
            ticket = actions.open_ticket(
                subject="a",
                body="b",
                requester=customer,
                now=at,
                tags=["x", "y"],
                attachments=[files.Upload("a.txt", b"a"), files.Upload("b.txt", b"b")],
            )
            actions.reply(ticket=ticket, author=anna, body="c", now=at)
            actions.note(ticket=ticket, author=mona, body="d", now=at)
            raised = escalations.escalate(
                user=anna,
                ticket_number=ticket.number,
                kind="functional",
                severity=1,
                reason="staff",
                summary="s",
                team_slug="finance",
                now=at,
            )
            number = raised.number
            escalations.begin_communication(
                user=mona, number=number, now=at, override_reason="It cannot wait any longer."
            )
            escalations.communicate(user=mona, number=number, audience="stakeholders", body="e", now=at)
            tasks = [{"title": "f", "owner": anna.email}, {"title": "g", "owner": mona.email}]
            escalations.plan(user=mona, number=number, tasks=tasks, now=at)
            create_calendar(
                name=f"Hours {number}",
                time_zone="UTC",
                periods=[{"weekday": 0, "start": "09:00", "end": "17:00"}],
                holidays=[],
                now=at,
            )
            create_policy(name=f"Policy {number}", targets=[target("resolution", 60)], order=500, now=at)

    make_team("Finance", lead=make_user("Pia Holm"), managers=[mona])
    return make


def _queries(caller, path: str) -> int:
    caller.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = caller.get(path)
    assert answer.status_code == 200
    return len(captured)


LISTS = (
    "tickets/?limit=100",
    "tickets/?limit=100&q=is:open",
    "escalations/?limit=100",
    "notifications/?limit=100",
    "sla/policies/?limit=100",
    "sla/calendars/?limit=100",
)


def test_every_list_costs_the_same_for_one_row_three_and_fifty(rows, mona, calling):
    caller = calling(mona)
    counts: dict[str, list[int]] = {path: [] for path in LISTS}

    for more in (1, 2, 47):
        rows(more)
        for path in LISTS:
            counts[path].append(_queries(caller, path))

    assert {path: found for path, found in counts.items() if len(set(found)) > 1} == {}
    assert max(found[0] for found in counts.values()) <= 12
    assert all(len(caller.get(path).json()["results"]) >= 50 for path in LISTS)


def test_a_customers_list_costs_the_same_too(cora, payments, policy, calling, open_ticket):
    caller = calling(cora)
    counts = []

    for more in (1, 2, 47):
        for _ in range(more):
            open_ticket()
        counts.append(_queries(caller, "tickets/?limit=100"))

    assert len(set(counts)) == 1, counts


def test_one_ticket_is_read_once_however_much_was_said_on_it(anna, calling, open_ticket, policy, at):
    ticket, caller = open_ticket(), calling(anna)
    counts = [_queries(caller, f"tickets/{ticket.number}/")]
    for _ in range(3):
        actions.reply(ticket=ticket, author=anna, body="c", now=at, attachments=[files.Upload("a.txt", b"a")])
        counts.append(_queries(caller, f"tickets/{ticket.number}/"))

    assert set(counts) == {8}


def test_opening_a_ticket_costs_thirteen_questions_of_which_eight_write_a_row(anna, payments, policy, calling):
    """The token, the requester, what has changed of the set-up; two are the transaction's bounds."""
    caller = calling(anna)
    given = {"subject": "a", "body": "b", "requester": {"email": "new@example.com"}}
    caller.post("tickets/", given)

    with CaptureQueriesContext(connection) as asked:
        answer = caller.post("tickets/", given)

    assert answer.status_code == 201
    assert len(answer.json()["clocks"]) == 2
    written = [one["sql"].split('"')[1] for one in asked if one["sql"].startswith("INSERT")]
    assert written == [
        "tickets_ticket",
        "tickets_message",
        "tickets_ownerspell",
        "tickets_searchdocument",
        "tickets_event",
        "escalation_assessment",
        "sla_clock",
        "sla_ledgerentry",
    ]
    assert len(asked) == 13
