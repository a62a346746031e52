"""Every address × method × caller × record. An address without a row fails the build (SECURITY).

Columns: nobody (no token), the ticket's own customer, another customer, an agent of the ticket's team, an agent of
another team, a manager, an administrator. A record of a restricted team must not be there for the agent outside; who is
called to its escalation (decision 20) sees that, and not the ticket.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from api.actions import create_token
from api.endpoint import RANK, Call
from api.urls import urlpatterns
from common import clock
from escalation import sweep
from escalation.models import Ask, Criterion, Escalation, Proposal
from knowledge import services as knowledge
from knowledge.actions import Draft
from notifications.models import Delivery, Endpoint
from people.enums import Role
from people.models import User
from tests.api.conftest import Caller
from tests.api.matrix_rows import (
    ABSENT,
    ADMINS,
    ASKED,
    COLUMNS,
    CORA,
    EVERYBODY,
    HOURS,
    LISTED,
    MANAGERS,
    MANAGERS_TOO_EARLY,
    OF_THE_RULES,
    OPENED,
    READS,
    REASON,
    STAFF,
    TARGETS,
    TEAM,
    TEAM_TOO_EARLY,
    TEAM_WRONG,
    TOO_EARLY,
    WORKS,
    Row,
    of_escalation,
    of_ticket,
)
from tests.api.rows_of_rules import OF_RULES, RULE
from tests.api.test_sides import FIRST
from tests.conftest import AT
from tests.factories.escalations import ASKED as PROPOSED
from tests.factories.people import make_organisation, make_team, make_user
from tests.factories.sla import make_policy
from tests.worlds import lasting
from tickets import actions, files
from tickets.models import SavedView
from visits.models import Transcript

MATRIX: dict[tuple[str, str], Row] = {
    **OF_THE_RULES,
    ("customers-import", "POST"): Row(
        "customers/import/",
        (401, 403, 403, 403, 403, 403, 200),
        {"rows": [{"email": "new@x.example"}], "dry_run": True},
    ),
    ("tickets", "GET"): Row("tickets/", EVERYBODY),
    ("tickets", "POST"): Row("tickets/", (401, 201, 400, 201, 201, 201, 201), OPENED),
    ("ticket", "GET"): Row("tickets/{ticket}/", READS),
    ("ledger", "GET"): Row("tickets/{ticket}/clocks/resolution/ledger/", READS),
    ("ticket-policy", "GET"): Row("tickets/{ticket}/policy/", STAFF),
    ("ticket-reply", "POST"): of_ticket("reply", (401, 201, 404, 201, 201, 201, 201), {"body": "x"}),
    ("ticket-note", "POST"): of_ticket("note", (401, 403, 404, 201, 201, 201, 201), {"body": "x"}),
    ("ticket-assign", "POST"): of_ticket("assign", WORKS, {"assignee": "anna@meridiano.example"}),
    ("ticket-priority", "POST"): of_ticket("priority", WORKS, {"priority": "low"}),
    ("ticket-kind", "POST"): of_ticket("kind", WORKS, {"kind": "incident"}),
    ("ticket-fields", "POST"): of_ticket("fields", WORKS, {"fields": {}}),
    ("ticket-merge", "POST"): of_ticket("merge", ABSENT, {"into": 999_998}),
    ("ticket-links", "GET"): Row("tickets/{ticket}/links/", WORKS),
    ("ticket-sides", "GET"): Row("tickets/{ticket}/sides/", WORKS),
    ("ticket-sides", "POST"): of_ticket("sides", (401, 403, 404, 201, 201, 201, 201), FIRST),
    ("ticket-side-file", "GET"): Row("tickets/{ticket}/sides/999998/files/1/", ABSENT),
    **{("ticket-side", x): Row("tickets/{ticket}/sides/999998/", ABSENT, {"body": "x"}) for x in ("GET", "POST")},
    ("ticket-rating", "GET"): Row("tickets/{ticket}/rating/", READS),
    # It is not solved, and nobody but its customer says how it was.
    ("ticket-rating", "POST"): of_ticket("rating", (401, 409, 404, 403, 403, 403, 403), {"score": 5}),
    ("ticket-link", "POST"): of_ticket("link", ABSENT, {"to": 999_998}),
    ("ticket-link-one", "DELETE"): Row("tickets/{ticket}/links/999998/", ABSENT),
    ("ticket-unlink", "POST"): of_ticket("unlink", ABSENT, {"link": 999_998}),
    ("ticket-split", "POST"): of_ticket(
        "split", (401, 403, 404, 400, 400, 400, 400), {"message": 999_998, "subject": "x"}
    ),
    ("ticket-unmerge", "POST"): of_ticket("unmerge", TOO_EARLY),
    ("ticket-tag", "POST"): of_ticket("tag", WORKS, {"tag": "x"}),
    ("ticket-untag", "POST"): of_ticket("untag", WORKS, {"tag": "x"}),
    ("ticket-macro", "POST"): of_ticket("macro", (401, 403, 404, 404, 404, 404, 404), {"macro": 999}),
    ("ticket-macros", "GET"): Row("tickets/{ticket}/macros/", WORKS),
    ("ticket-take", "POST"): of_ticket("take", WORKS),
    ("ticket-hand-over", "POST"): of_ticket("hand-over", WORKS, {"note": "x", "team": "payments"}),
    ("ticket-snooze", "POST"): of_ticket("snooze", WORKS, {"until": "2026-12-01T09:00:00Z"}),
    ("ticket-wake", "POST"): of_ticket("wake", WORKS),
    # Both have an escalation that has to end first.
    ("ticket-put-away", "POST"): of_ticket("put-away", TOO_EARLY),
    ("ticket-restore", "POST"): of_ticket("restore", ABSENT),
    ("ticket-watch", "POST"): of_ticket("watch", WORKS),
    ("ticket-unwatch", "POST"): of_ticket("unwatch", WORKS),
    **{(one, "GET"): Row(f"{one}/", LISTED) for one in ("fields", "macros", "quick-replies", "trash", "views")},
    ("request-types", "GET"): Row("request-types/", EVERYBODY),
    ("ticket-quick-replies", "GET"): Row("tickets/{ticket}/quick-replies/", WORKS),
    ("view-tickets", "GET"): Row("views/{view}/tickets/", STAFF),
    **{(f"ticket-{verb}", "POST"): of_ticket(verb, WORKS) for verb in ("wait", "hold", "solve")},
    ("ticket-resume", "POST"): of_ticket("resume", TOO_EARLY),
    ("ticket-reopen", "POST"): of_ticket("reopen", TOO_EARLY),
    ("ticket-close", "POST"): of_ticket("close", TOO_EARLY),
    ("ticket-escalate", "POST"): of_ticket("escalate", (401, 201, 404, 201, 201, 201, 201), ASKED),
    ("ticket-escalate-teams", "GET"): Row("tickets/{ticket}/escalate/teams/", WORKS),
    ("attachment", "GET"): Row("attachments/{attachment}/", STAFF),
    ("escalations", "GET"): Row("escalations/", EVERYBODY),
    ("escalation", "GET"): Row("escalations/{escalation}/", STAFF),
    ("escalation", "PATCH"): Row("escalations/{escalation}/", TEAM, {"impact": "Nine merchants have no money."}),
    ("escalation-approve", "POST"): of_escalation("approve", MANAGERS_TOO_EARLY),
    ("escalation-pass-on", "POST"): of_escalation("pass-on", MANAGERS_TOO_EARLY, {"note": "I am away."}),
    ("escalation-decline", "POST"): of_escalation("decline", MANAGERS_TOO_EARLY, REASON),
    ("escalation-withdraw", "POST"): of_escalation("withdraw", MANAGERS, REASON),
    ("escalation-return", "POST"): of_escalation("return", (401, 404, 404, 409, 403, 409, 409), REASON),
    ("escalation-acknowledge", "POST"): of_escalation("acknowledge", TEAM),
    # It is no hand-off to another team.
    ("escalation-accept", "POST"): of_escalation("accept", (401, 404, 404, 409, 403, 409, 409)),
    ("escalation-hand-offs", "GET"): Row("escalations/{escalation}/hand-offs/", STAFF),
    ("escalation-begin-communication", "POST"): of_escalation("begin-communication", MANAGERS_TOO_EARLY),
    ("escalation-communicate", "POST"): of_escalation("communicate", TEAM, {"audience": "customers", "body": "x"}),
    ("escalation-send-summary", "POST"): of_escalation(
        "send-summary", MANAGERS, {"to": ["mona@meridiano.example"], "body": "x"}
    ),
    ("escalation-hand-over", "POST"): of_escalation(
        "hand-over", MANAGERS, {"to": "lena@meridiano.example", "note": "Two banks wait."}
    ),
    ("escalation-hand-overs", "GET"): Row("escalations/{escalation}/hand-overs/", STAFF),
    ("escalation-acknowledge-hand-over", "POST"): of_escalation(
        "acknowledge-hand-over", (401, 404, 404, 409, 409, 409, 409)
    ),
    ("escalation-plan", "POST"): of_escalation("plan", TEAM, {"tasks": [{"title": "x"}]}),
    ("escalation-create-plan", "POST"): of_escalation("create-plan", (401, 404, 404, 409, 403, 409, 409)),
    ("escalation-plan-versions", "GET"): Row("escalations/{escalation}/plan/versions/", STAFF),
    ("escalation-duties", "GET"): Row("escalations/{escalation}/duties/", STAFF),
    ("escalation-duties", "POST"): of_escalation("duties", MANAGERS, {"role": "architect", "email": ""}),
    ("escalation-task-force", "GET"): Row("escalations/{escalation}/task-force/", STAFF),
    ("escalation-task-force", "POST"): of_escalation("task-force", (401, 404, 404, 403, 403, 400, 400)),
    ("escalation-related", "GET"): Row("escalations/{escalation}/related/", STAFF),
    ("escalation-related", "POST"): of_escalation("related", TEAM_WRONG, {"tickets": [999_998]}),
    ("escalation-links", "GET"): Row("escalations/{escalation}/links/", STAFF),
    # There is no such escalation.
    ("escalation-links", "POST"): of_escalation("links", TEAM_WRONG, {"to": "E-999998"}),
    ("escalation-link-one", "DELETE"): Row(
        "escalations/{escalation}/links/999998/", (401, 404, 404, 404, 403, 404, 404)
    ),
    ("escalation-unlink", "POST"): of_escalation("unlink", (401, 404, 404, 404, 403, 404, 404), {"link": 999_998}),
    ("escalation-analysis", "GET"): Row("escalations/{escalation}/analysis/", STAFF),
    ("escalation-analysis", "POST"): of_escalation("analysis", TEAM_TOO_EARLY),
    ("escalation-announce", "POST"): of_escalation("announce", MANAGERS_TOO_EARLY),
    ("escalation-technical-plan", "POST"): of_escalation("technical-plan", MANAGERS_TOO_EARLY, {"body": "x"}),
    ("escalation-review-plan", "POST"): of_escalation(
        "review-plan", (401, 404, 404, 403, 403, 403, 403), {"version": 1, "verdict": "accept"}
    ),
    ("escalation-request-analysis", "POST"): of_escalation("request-analysis", TEAM_TOO_EARLY),
    ("escalation-prevent", "POST"): of_escalation("prevent", (401, 404, 404, 409, 403, 409, 409)),
    ("escalation-submit-analysis", "POST"): of_escalation("submit-analysis", MANAGERS_TOO_EARLY),
    ("escalation-finish-action", "POST"): of_escalation("finish-action", TEAM_WRONG, {"action": 9}),
    ("escalation-compose-analysis", "POST"): of_escalation(
        "compose-analysis", (401, 404, 404, 409, 403, 409, 409), {"customer": "cora@livraria-aurora.example"}
    ),
    ("escalation-check-analysis", "POST"): of_escalation("check-analysis", TEAM_TOO_EARLY, {"document": 9}),
    ("escalation-send-analysis", "POST"): of_escalation("send-analysis", MANAGERS_TOO_EARLY, {"document": 9}),
    ("escalation-kudos", "POST"): of_escalation(
        "kudos", TEAM_TOO_EARLY, {"to": "anna@meridiano.example", "words": "Well done"}
    ),
    ("escalation-finish-task", "POST"): of_escalation("finish-task", TEAM_WRONG, {"task": 9}),
    ("escalation-begin-resolution", "POST"): of_escalation("begin-resolution", MANAGERS_TOO_EARLY),
    ("escalation-resolve", "POST"): of_escalation("resolve", MANAGERS_TOO_EARLY),
    ("escalation-verify", "POST"): of_escalation("verify", MANAGERS_TOO_EARLY),
    ("escalation-confirm-access", "POST"): of_escalation("confirm-access", MANAGERS_TOO_EARLY),
    ("articles", "GET"): Row("articles/", EVERYBODY),
    ("article", "GET"): Row("articles/refunds/", STAFF),
    ("article", "POST"): Row("articles/lent/", (401, 404, 404, 201, 201, 201, 201), {"title": "Lent", "body": "x"}),
    ("article-approve", "POST"): Row("articles/refunds/versions/1/approve/", (401, 404, 404, 403, 403, 200, 200)),
    ("escalation-take-step", "POST"): of_escalation("take-step", TEAM_WRONG, {"step": 9}),
    ("causes", "GET"): Row("causes/", LISTED),
    ("services", "GET"): Row("services/", LISTED),
    ("escalation-set-services", "POST"): of_escalation("set-services", TEAM, {"services": []}),
    ("escalation-open-problem", "POST"): of_escalation(
        "open-problem", (401, 404, 404, 201, 403, 201, 201), {"subject": "x"}
    ),
    ("escalation-customers", "GET"): Row("escalations/{escalation}/customers/", STAFF),
    ("escalation-add-customers", "POST"): of_escalation("add-customers", TEAM, {"people": ["stan@meridiano.example"]}),
    ("escalation-leave-out", "POST"): of_escalation(
        "leave-out", (401, 404, 404, 403, 403, 200, 200), {**CORA, **REASON}
    ),
    ("escalation-take-back-access", "POST"): of_escalation("take-back-access", MANAGERS_TOO_EARLY, {**CORA, **REASON}),
    ("escalation-remove-customer", "POST"): of_escalation(
        "remove-customer", TEAM_WRONG, {"person": "stan@meridiano.example"}
    ),
    ("escalation-choose-cause", "POST"): of_escalation("choose-cause", TEAM, {"cause": "load"}),
    ("escalation-reopen", "POST"): of_escalation("reopen", MANAGERS_TOO_EARLY, REASON),
    ("escalation-close", "POST"): of_escalation("close", MANAGERS_TOO_EARLY),
    ("escalation-deescalate", "POST"): of_escalation("deescalate", MANAGERS, REASON),
    **OF_RULES,
    ("proposals", "GET"): Row("proposals/", LISTED),
    ("proposal-accept", "POST"): Row("proposals/{proposal}/accept/", (401, 404, 404, 201, 201, 201, 201)),
    ("proposal-dismiss", "POST"): Row("proposals/{proposal}/dismiss/", STAFF, REASON),
    ("policies", "GET"): Row("sla/policies/", LISTED),
    ("policies", "POST"): Row("sla/policies/", (401, 403, 403, 403, 403, 403, 201), {"name": "G", "targets": TARGETS}),
    ("policy", "GET"): Row("sla/policies/{policy}/", STAFF),
    ("policy", "PATCH"): Row("sla/policies/{policy}/", ADMINS, {"targets": TARGETS}),
    ("calendars", "GET"): Row("sla/calendars/", LISTED),
    ("calendars", "POST"): Row("sla/calendars/", (401, 403, 403, 403, 403, 403, 201), HOURS),
    ("calendar", "GET"): Row("sla/calendars/{calendar}/", STAFF),
    ("calendar", "PATCH"): Row("sla/calendars/{calendar}/", ADMINS, {"name": "Porto"}),
    ("calendar-versions", "GET"): Row("sla/calendars/{calendar}/versions/", STAFF),
    ("calendar-return", "POST"): Row("sla/calendars/{calendar}/return/", ADMINS, {"number": 1}),
    ("calendar-archive", "POST"): Row("sla/calendars/{calendar}/archive/", ADMINS),
    ("calendar-bring-back", "POST"): Row("sla/calendars/{calendar}/bring-back/", ADMINS),
    ("holidays", "GET"): Row("sla/holidays/?country=BR&year=2026", LISTED),
    ("due", "GET"): Row("sla/calendars/{calendar}/due/?start=2026-11-18T10:00:00Z&minutes=5", STAFF),
    ("notifications", "GET"): Row("notifications/", EVERYBODY),
    ("notifications-read", "POST"): Row("notifications/read/", EVERYBODY),
    ("notification-preferences", "GET"): Row("notifications/preferences/", LISTED),
    ("notification-preferences", "PATCH"): Row("notifications/preferences/", LISTED, {"digest_above": 5}),
    ("notification-read", "POST"): Row("notifications/{alert}/read/", (401, 404, 404, 404, 404, 200, 404)),
}
WITHOUT_A_ROW = {"schema": "public: it holds no data", "missing": "there is nothing there"}
_KINDS = "ticket escalation attachment policy calendar alert view criterion proposal webhook call rule dry_run"
MISSING = dict.fromkeys(_KINDS.split(), 999_999)
# Kept by no team: outside a restricted team they are what they are inside.
WITHOUT_A_TEAM = ("{webhook}", "{policy}", "{calendar}", "{alert}", "{view}", "{criterion}", "{rule}", "{dry_run}")


@dataclass
class Desk:
    callers: dict[str, Caller]
    ordinary: dict[str, int]
    restricted: dict[str, int]


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[Desk]:
    """Made once for all rows; each call is taken back."""
    with lasting(django_db_blocker, AT):
        yield _build(AT)


@pytest.fixture
def desk(built: Desk, db, sample) -> Desk:
    return built


def _build(at: datetime) -> Desk:
    """One ticket of an ordinary team and one of a restricted team, each with a note, a file and an escalation."""
    anna, rosa, lena = make_user("Anna Lindqvist"), make_user("Rosa Quiroga"), make_user("Lena Law")
    mona, adam = make_user("Mona Farias", Role.MANAGER), make_user("Adam Berg", Role.ADMIN)
    aurora = make_organisation()
    cora = make_user("Cora Menezes", Role.CUSTOMER, email=OPENED["requester"]["email"], organisation=aurora)
    stan = make_user("Stan Strange", Role.CUSTOMER)
    payments = make_team("Payments", lead=rosa, managers=[mona], members=[anna, rosa], is_fallback=True)
    legal = make_team("Legal", lead=None, managers=[mona], members=[lena], restricted=True)
    people = {"owner": cora, "other": stan, "inside": anna, "outside": lena, "manager": mona, "admin": adam}
    callers = {column: Caller(create_token(user=user, name="x", now=at)[1]) for column, user in people.items()}
    records = {
        "policy": make_policy(at).pk,
        "calendar": callers["admin"].post("sla/calendars/", {**HOURS, "name": "Berlin"}).json()["id"],
    }
    knowledge.write(user=anna, slug="refunds", draft=Draft("Refunds", "Ask."), now=at)
    records["view"] = SavedView.objects.create(owner=mona, name="Ours", is_shared=True).pk
    hook = Endpoint.objects.create(name="CRM", url="https://crm.example/", created_at=at)
    call = Delivery.objects.create(
        channel="webhook", endpoint=hook, address="CRM", dedupe_key="call", next_try_at=at, created_at=at
    )
    records |= {"webhook": hook.pk, "call": call.pk}
    criterion = Criterion.objects.create(name="Money", kind="funding", reason="funding", conditions={"tags": ["x"]})
    records["criterion"] = criterion.pk
    for name, (path, given) in {"rule": ("rules", RULE), "dry_run": ("dry-runs", {"days": 1})}.items():
        records[name] = callers["admin"].post(f"routing/{path}/", given).json()["id"]
    numbers = []
    for team, author in ((payments, anna), (legal, lena)):
        ticket = actions.open_ticket(subject="a", body="b", requester=cora, team=team, now=at)
        upload = files.Upload("note.txt", b"inside")
        Transcript.objects.create(ticket=ticket, bot="Aria", turns=[], handed_at=at)
        note = actions.note(ticket=ticket, author=author, body="inside", now=at, attachments=[upload])
        numbers.append({"ticket": ticket.number, "attachment": note.attachments.get().pk})
    clock.freeze(at.replace(hour=16))
    sweep.run()
    for record in numbers:
        record["escalation"] = Escalation.objects.get(ticket=record["ticket"]).number
        record["proposal"] = Proposal.objects.create(
            ticket_id=record["ticket"], criterion=criterion, mode="propose", at=at, **PROPOSED
        ).pk
        record["alert"] = mona.alerts.filter(escalation_number=record["escalation"])[0].pk
        record.update(records)
    # Somebody from outside is called to the escalation of the restricted team.
    otto = make_user("Otto Else")
    Ask.objects.create(escalation_id=numbers[1]["escalation"], person=otto, asked_as="first", asked_at=at, due_at=at)
    callers["called"] = Caller(create_token(user=otto, name="x", now=at)[1])
    return Desk({"nobody": Caller(None), **callers}, *numbers)


def _call(desk: Desk, column: str, method: str, row: Row, record: dict[str, int]) -> tuple[int, bytes]:
    """The answer, with whatever it changed taken back."""
    with transaction.atomic():
        answer = desk.callers[column].call(method, row.path.format(**record), row.body)
        content = b"" if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer.status_code, content


# Who may is decided by the same code on either database; what a call does is tried on both, elsewhere.
@pytest.mark.once
@pytest.mark.parametrize(("name", "method"), MATRIX)
def test_who_may_call_what(name, method, desk):
    row = MATRIX[name, method]
    has_record = "{" in row.path
    teamless = any(part in row.path for part in WITHOUT_A_TEAM) or not has_record

    for column, expected in zip(COLUMNS, row.expected, strict=True):
        status, content = _call(desk, column, method, row, desk.ordinary)
        assert status == expected, (column, content)
        if not has_record:
            continue
        missing, same = _call(desk, column, method, row, MISSING)
        assert missing == _expected_missing(row, column, expected), (column, same)
        if status == 404:
            assert content == same

        # In the restricted team, inside and outside change places.
        column = {"inside": "outside", "outside": "inside"}.get(column, column) if not teamless else column
        hidden = column == "inside" and not teamless
        status, content = _call(desk, column, method, row, desk.restricted)
        assert status == (404 if hidden else expected), (column, content)
        if hidden:
            assert content == _call(desk, column, method, row, MISSING)[1]

    if has_record and not teamless:
        # Who is called sees the escalation as any colleague does, and nothing of the ticket.
        expected = row.expected[COLUMNS.index("outside")] if "{escalation}" in row.path else 404
        status, content = _call(desk, "called", method, row, desk.restricted)
        assert status == expected, content


def _expected_missing(row: Row, column: str, expected: int) -> int:
    """Who is turned away for his role alone gets the same answer for a record that is not there."""
    by_role_alone = "sla/" in row.path and expected == 403
    return expected if expected == 401 or by_role_alone else 404


def test_a_token_for_reading_changes_nothing_anywhere(desk, calling):
    reader = calling(User.objects.get(role=Role.ADMIN), can_write=False)
    looking = replace(desk, callers={**desk.callers, "admin": reader})

    for (name, method), row in MATRIX.items():
        if method == "GET":
            continue
        status, content = _call(looking, "admin", method, row, desk.ordinary)
        assert status == 403, name
        assert b"only read" in content, name


def _named(patterns: Any) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _named(pattern.url_patterns)
        else:
            yield pattern.name, pattern.callback


def _calls() -> Iterator[tuple[str, str, Call]]:
    for name, callback in _named(urlpatterns):
        for method, call in getattr(getattr(callback, "view_class", None) or callback, "calls", {}).items():
            yield name, method, call


def test_every_address_and_method_has_a_row():
    declared = {(name, method) for name, method, _call in _calls()}
    names = {name for name, _callback in _named(urlpatterns)}

    assert declared == set(MATRIX)
    assert names == {name for name, _method in MATRIX} | set(WITHOUT_A_ROW)


def test_the_matrix_and_what_each_call_declares_agree():
    for name, method, call in _calls():
        row = MATRIX[name, method].expected

        lowest = {"owner": Role.CUSTOMER, "inside": Role.AGENT, "manager": Role.MANAGER, "admin": Role.ADMIN}
        for column, role in lowest.items():
            if RANK[role] < RANK[call.callers]:
                assert row[COLUMNS.index(column)] in {403, 404}, (name, method, column)
        assert call.act.__doc__, name
