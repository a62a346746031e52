"""A row of the matrix of the API, and what each caller is answered."""

from dataclasses import dataclass
from typing import Any

COLUMNS = ("nobody", "owner", "other", "inside", "outside", "manager", "admin")
EVERYBODY = (401, 200, 200, 200, 200, 200, 200)
READS = (401, 200, 404, 200, 200, 200, 200)
WORKS = (401, 403, 404, 200, 200, 200, 200)
ABSENT = (401, 403, 404, 404, 404, 404, 404)
TOO_EARLY = (401, 403, 404, 409, 409, 409, 409)
STAFF = (401, 404, 404, 200, 200, 200, 200)
TEAM = (401, 404, 404, 200, 403, 200, 200)
MANAGERS = (401, 404, 404, 403, 403, 200, 200)
MANAGERS_TOO_EARLY = (401, 404, 404, 403, 403, 409, 409)
CORA = {"person": "cora@livraria-aurora.example"}
ABSENT_ALIKE = (401, 404, 404, 404, 404, 404, 404)
CHAT_OFF = {"channel": "chat", "escalates": False}
PREPARED = {"title": "Thanks", "body": "Thank you, {customer.first_name}."}
SAVED = {"name": "Each week", "report": "sample", "asked": {"days": "7"}}
RECOMMENDED = {"title": "A second bank", "why": "The third time.", "about": "process"}
TEAM_WRONG = (401, 404, 404, 400, 403, 400, 400)
TEAM_TOO_EARLY = (401, 404, 404, 409, 403, 409, 409)
LISTED = (401, 403, 403, 200, 200, 200, 200)
ADMINS = (401, 404, 404, 403, 403, 403, 200)
OF_MANAGERS = (401, 404, 404, 404, 404, 200, 200)
ONLY_ADMINS = (401, 404, 404, 404, 404, 404, 200)
REASON = {"reason": "For the matrix."}
ASKED = {"kind": "hierarchical", "severity": 3, "reason": "funding", "summary": "A refund"}
TARGETS = [{"metric": "resolution", "priority": "urgent", "seconds": 60}]
HOURS = {"name": "Lisbon", "time_zone": "Europe/Lisbon", "periods": [{"weekday": 0, "start": "09:00", "end": "17:00"}]}
CRITERION = {"name": "Refunds", "kind": "funding", "conditions": {"keywords": ["refund"]}}
OPENED = {"subject": "a", "body": "b", "requester": {"email": "cora@livraria-aurora.example"}}
TALKED = {
    "bot": "Aria",
    "turns": [{"who": "customer", "at": "2026-11-18T09:00:00Z", "text": "The payout is stuck"}],
    "requester": OPENED["requester"],
}


@dataclass(frozen=True)
class Row:
    """`path` is filled in with the record; `expected` is for a record of an ordinary team, by column."""

    path: str
    expected: tuple[int, ...]
    body: Any = None


def of_ticket(verb: str, expected: tuple[int, ...], body: Any = None) -> Row:
    return Row(f"tickets/{{ticket}}/{verb}/", expected, body)


def of_escalation(verb: str, expected: tuple[int, ...], body: Any = None) -> Row:
    return Row(f"escalations/{{escalation}}/{verb}/", expected, body)


OF_THE_RULES: dict[tuple[str, str], Row] = {
    ("ticket-transcript", "GET"): Row("tickets/{ticket}/transcript/", READS),
    ("conversations", "POST"): Row("conversations/", (401, 201, 400, 201, 201, 201, 201), TALKED),
    ("webhooks", "GET"): Row("webhooks/", (401, 403, 403, 403, 403, 403, 200)),
    ("webhook-calls", "GET"): Row("webhooks/{webhook}/calls/", ONLY_ADMINS),
    ("webhook-replay", "POST"): Row("webhooks/{webhook}/calls/{call}/replay/", ONLY_ADMINS),
    ("events", "GET"): Row("events/", (401, 403, 403, 403, 403, 403, 200)),
    ("channels", "GET"): Row("escalation/channels/", (401, 403, 403, 403, 403, 403, 200)),
    ("channels", "POST"): Row("escalation/channels/", (401, 403, 403, 403, 403, 403, 200), CHAT_OFF),
    ("recommendations", "GET"): Row("recommendations/", LISTED),
    ("recommendations", "POST"): Row("recommendations/", (401, 403, 403, 403, 403, 403, 201), RECOMMENDED),
    ("reports", "GET"): Row("reports/", LISTED),
    # Of the tests' own report (tests/reports/sample.py), which is for managers.
    ("report", "GET"): Row("reports/sample/", OF_MANAGERS),
    ("report-cases", "GET"): Row("reports/sample/cases/?figure=opened", OF_MANAGERS),
    ("saved-reports", "GET"): Row("reports/saved/", LISTED),
    ("saved-reports", "POST"): Row("reports/saved/", (401, 403, 403, 403, 403, 201, 201), SAVED),
    ("saved-report", "GET"): Row("reports/saved/999998/", ABSENT_ALIKE),
    ("saved-report", "PATCH"): Row("reports/saved/999998/", ABSENT_ALIKE, {"name": "x"}),
    ("saved-report", "DELETE"): Row("reports/saved/999998/", ABSENT_ALIKE),
    ("quick-replies", "POST"): Row("quick-replies/", (401, 403, 403, 403, 403, 403, 201), PREPARED),
    **{("quick-reply", one): Row("quick-replies/999998/", ABSENT_ALIKE) for one in ("GET", "DELETE")},
    ("quick-reply", "PATCH"): Row("quick-replies/999998/", ABSENT_ALIKE, PREPARED),
    ("recommendation-settle", "POST"): Row("recommendations/999998/settle/", ABSENT_ALIKE, {"state": "done"}),
    ("recommendation-figure", "POST"): Row("recommendations/999998/figure/", ABSENT_ALIKE, {}),
    ("recommendation-measure", "POST"): Row("recommendations/999998/measure/", ABSENT_ALIKE),
}
