"""Solving a problem: its incidents get an answer and are solved too, each for itself (R20)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError, InvalidInput
from common.text import many_lines
from people.models import User
from tickets import actions
from tickets.enums import Relation
from tickets.models import Ticket
from tickets.permissions import May, access_ticket
from tickets.querysets import TicketQuerySet

_PLACEHOLDER = re.compile(r"\{([^{}\s]*)\}")
PLACEHOLDERS: dict[str, Callable[[Ticket], str]] = {
    "customer.name": lambda ticket: ticket.requester.name,
    "ticket.number": lambda ticket: f"#{ticket.number}",
    "ticket.subject": lambda ticket: ticket.subject,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one incident; `refused` is empty where it was answered and solved."""

    ticket: Ticket
    refused: str = ""


def incidents_of(problem: Ticket, user: User) -> TicketQuerySet:
    """The tickets that this problem causes and that the reader may see, the oldest first."""
    caused = Ticket.objects.visible_to(user).filter(links_out__target=problem, links_out__relation=Relation.CAUSED_BY)
    return caused.filter(merged_into=None).with_people().order_by("number")


def answer_and_solve(*, user: User, number: int, incidents: Sequence[int], body: str, now: datetime) -> list[Outcome]:
    """Send one text to the customers of these incidents, with what each is called, and solve them.

    Each stands alone: one that is refused keeps its state, and the rest is done. One that somebody has solved
    meanwhile is refused.
    """
    problem = access_ticket(user, number, can=May.WORK)
    body = many_lines(body, field="body")
    _check_placeholders(body)
    chosen = list(incidents_of(problem, user).filter(number__in=incidents))
    if not chosen:
        raise InvalidInput.of("incidents", _("Choose at least one incident."))
    return [_try(ticket, user, body, now) for ticket in chosen]


def filled(body: str, ticket: Ticket) -> str:
    """The text as this ticket's customer reads it."""
    return _PLACEHOLDER.sub(
        lambda found: PLACEHOLDERS[found[1]](ticket) if found[1] in PLACEHOLDERS else found[0], body
    )


def _check_placeholders(body: str) -> None:
    unknown = [name for name in _PLACEHOLDER.findall(body) if name not in PLACEHOLDERS]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        sentence = _("{%(name)s} is not known; there are %(known)s.") % {"name": unknown[0][:40], "known": known}
        raise InvalidInput.of("body", sentence)


def _try(ticket: Ticket, user: User, body: str, now: datetime) -> Outcome:
    if ticket.is_done:
        return Outcome(ticket, _("It is solved already: nothing was sent."))
    try:
        with transaction.atomic():
            actions.reply(ticket=ticket, author=user, body=filled(body, ticket), now=now)
            actions.change_status(ticket=ticket, verb="solve", now=now, by=user)
    except DomainError as error:
        return Outcome(ticket, str(error))
    return Outcome(ticket)
