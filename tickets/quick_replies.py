"""Quick replies: prepared texts with placeholders, for a team or for all, in the customer's language (R37, R61).

What no placeholder could be filled with stays in the text as it is, in its braces, and keeps the reply from leaving.
Between backticks braces are left alone: there they are code.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.identity import desk_name
from common.questions import Question
from people.models import User
from tickets.models import QuickReply, Ticket
from tickets.promises import time_words

NAMES = (
    "customer.name",
    "customer.first_name",
    "ticket.number",
    "ticket.subject",
    "agent.name",
    "team.name",
    "time",
)
_PLACEHOLDER = re.compile(r"\{([a-z_]{1,20}(?:\.[a-z_]{1,20})?)\}")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def for_ticket(ticket: Ticket, user: User | None = None) -> list[QuickReply]:
    """Those of the ticket's team and of all teams, and this person's own.

    What fits best first: the customer's language, then the person's own, then the team's.
    """
    writer, team = (user.pk if user else 0), ticket.team_id
    rows = _of_all_teams.rows(writer) if team is None else _of_team.rows(writer, team)
    language = ticket.requester.language

    def fit(row: QuickReply) -> tuple[bool, bool, bool, str, int]:
        return row.language != language, row.owner_id is None, row.team_id is None, row.title, row.pk

    return sorted(rows, key=fit)


@Question
def _of_team(writer: int, team: int) -> "QuerySet[QuickReply]":
    return _used_by(writer).filter(Q(team=None) | Q(team=team))


@Question
def _of_all_teams(writer: int) -> "QuerySet[QuickReply]":
    return _used_by(writer).filter(team=None)


def used_by(user: User) -> "QuerySet[QuickReply]":
    """All that he can use: the desk's and its teams', which are no secret from anybody who works here, and his own."""
    return _used_by(user.pk)


def _used_by(writer: int) -> "QuerySet[QuickReply]":
    found = QuickReply.with_own.filter(Q(owner=None) | Q(owner=writer), is_enabled=True)
    return found.select_related("team")


def values(ticket: Ticket, agent: User | None, now: datetime, promised: datetime | None = None) -> dict[str, str]:
    """What each placeholder stands for here; empty where there is nothing.

    `time` is when the customer hears from us again, as his watch will show it: what this reply promises, else what is
    due next. Where nobody writes but a rule, the desk's name stands for the agent's.
    """
    name = ticket.requester.name
    return {
        "customer.name": name,
        "customer.first_name": name.partition(" ")[0],
        "ticket.number": str(ticket.number),
        "ticket.subject": ticket.subject,
        "agent.name": agent.name if agent else desk_name(),
        "team.name": ticket.team.name if ticket.team else "",
        "time": _time(ticket, now, promised),
    }


def fill(text: str, known: Mapping[str, str]) -> str:
    """The text with everything filled in that is known."""
    return _outside_code(text, lambda part: _PLACEHOLDER.sub(lambda found: known.get(found[1]) or found[0], part))


def unresolved(text: str) -> list[str]:
    """The placeholders that still stand in the text, once each, in their braces."""
    found = _PLACEHOLDER.finditer(_CODE.sub("", text))
    return list(dict.fromkeys(match[0] for match in found))


def check_resolved(text: str) -> None:
    """Raises InvalidInput on `body` where a placeholder is left."""
    if left := unresolved(text):
        sentence = _("Fill in %(names)s before you send it, or take it out.") % {"names": ", ".join(left)}
        raise InvalidInput.of("body", sentence)


def check_names(text: str) -> None:
    """Raises InvalidInput on `body` where a prepared text asks for what nobody knows."""
    unknown = [name for name in unresolved(text) if name.strip("{}") not in NAMES]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in NAMES)
        raise InvalidInput.of(
            "body", _("There is no %(names)s; there are %(known)s.") % {"names": ", ".join(unknown), "known": known}
        )


def _time(ticket: Ticket, now: datetime, promised: datetime | None) -> str:
    due_at = promised or ticket.next_due_at
    return time_words(due_at, ticket.requester, now) if due_at and due_at > now else ""


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    parts, last = [], 0
    for code in _CODE.finditer(text):
        parts += [change(text[last : code.start()]), code[0]]
        last = code.end()
    return "".join([*parts, change(text[last:])])
