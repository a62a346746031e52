"""What is over is asked about (R88): a row with a moment, written in the transaction that ended it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from common.rows import insert
from escalation.models import Escalation
from surveys.enums import About
from surveys.models import Question, SurveyTerms
from tickets.enums import EventKind, Status
from tickets.models import Event, Ticket

CLOSED = "escalation.closed"


def terms() -> SurveyTerms:
    return SurveyTerms.objects.first() or SurveyTerms()


def plan(*, ticket: Ticket, events: Sequence[Event], now: datetime) -> None:
    """For whoever asked for it, where one of these lines ended the request or one of its escalations."""
    closed = [event.reference for event in events if event.kind == CLOSED]
    solved = ticket.status == Status.SOLVED and any(event.kind == EventKind.STATUS for event in events)
    if not (closed or solved) or not ticket.requester.is_customer:
        return
    rules = terms()
    if not rules.by_mail:
        return
    moment = now + timedelta(minutes=rules.after_minutes)
    rows = [_row(ticket, About.TICKET, moment, f"ticket:{ticket.number}:{_second(ticket.solved_at)}")] if solved else []
    if rules.after_escalations:
        for one in Escalation.objects.filter(ticket=ticket, number__in=[_number(text) for text in closed]):
            key = f"escalation:{one.number}:{_second(one.closed_at)}"
            rows.append(_row(ticket, About.ESCALATION, moment, key, escalation_id=one.number))
    insert(Question, rows, unless_there=True)


def _row(ticket: Ticket, about: About, moment: datetime, key: str, escalation_id: int | None = None) -> dict[str, Any]:
    return {
        "person_id": ticket.requester_id,
        "about": about,
        "ticket_id": ticket.number,
        "escalation_id": escalation_id,
        "dedupe_key": key,
        "next_moment": moment,
    }


def _second(moment: datetime | None) -> int:
    """What tells this end from the one before and the next."""
    return int(moment.timestamp()) if moment else 0


def _number(reference: str) -> int:
    return int(reference.removeprefix("E-"))


def is_overtaken(question: Question) -> bool:
    """Whether what the question is about went on, went away, or was judged on the page meanwhile."""
    ticket = question.ticket
    if ticket is None:
        return False
    if ticket.trashed_at is not None or ticket.merged_into_id is not None:
        return True
    if question.escalation is not None:
        return question.dedupe_key != f"escalation:{question.escalation_id}:{_second(question.escalation.closed_at)}"
    is_same = question.dedupe_key == f"ticket:{ticket.number}:{_second(ticket.solved_at)}"
    return not is_same or not ticket.is_done or hasattr(ticket, "rating")
