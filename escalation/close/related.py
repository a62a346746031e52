"""The customers' other open tickets: they are resolved before the escalation is closed (R49)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError, InvalidInput
from common.text import many_lines
from escalation.actions import check_live, lock_escalation
from escalation.models import Escalation
from escalation.parties.linked import open_related
from escalation.recording import record_step
from people.models import User
from tickets import actions as tickets
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one ticket; `refused` says why where it is open still."""

    ticket: Ticket
    refused: str = ""


def resolve_related(
    *, number: int, by: User, chosen: Iterable[int], now: datetime, body: str = "", within: TicketQuerySet
) -> list[Outcome]:
    """Solve these of its open linked tickets, with an answer to each where one is given.

    Only what is named is touched: that is the consent. Each stands for itself: one that is refused stays open, with
    the reason, and the rest is done. `within` are the tickets that the caller may see.
    """
    escalation = Escalation.objects.with_people().get(number=number)
    check_live(escalation)
    body = many_lines(body, field="body") if body.strip() else ""
    found = list(open_related(escalation).filter(pk__in=list(chosen)[:MOST_AT_ONCE]).filter(pk__in=within.values("pk")))
    if not found:
        raise InvalidInput.of("tickets", _("Choose at least one of its linked tickets that is open."))
    outcomes = [_try(ticket, by, body, now) for ticket in found]
    _record(number, outcomes, by, now)
    return outcomes


@transaction.atomic
def _record(number: int, outcomes: Sequence[Outcome], by: User, now: datetime) -> None:
    done = [f"#{outcome.ticket.number}" for outcome in outcomes if not outcome.refused]
    if done:
        record_step(
            lock_escalation(number), "related_resolved", by=by, now=now, count=len(done), numbers=", ".join(done)[:300]
        )


def _try(ticket: Ticket, by: User, body: str, now: datetime) -> Outcome:
    try:
        with transaction.atomic():
            if body:
                tickets.reply(ticket=ticket, author=by, body=body, now=now)
            tickets.change_status(ticket=ticket, verb="solve", now=now, by=by)
    except DomainError as error:
        return Outcome(ticket, str(error))
    return Outcome(ticket)
