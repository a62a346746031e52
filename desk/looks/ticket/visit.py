"""What an agent sees of a chat besides its messages: who is said to be there, and what he has typed and not sent."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime

from tickets.models import Ticket
from visits.enums import GONE_AFTER, Speaker
from visits.models import Transcript, Visit


@dataclass(frozen=True, slots=True)
class VisitLook:
    """`is_here`: he has the chat before his eyes, and reads there what is answered."""

    widget: str
    is_proved: bool
    is_here: bool
    left_at: datetime
    unsent: str
    unsent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Turn:
    by_customer: bool
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class TranscriptLook:
    bot: str
    turns: list[Turn]


def visit_look(ticket: Ticket, now: datetime) -> VisitLook | None:
    visit = Visit.objects.filter(ticket=ticket.pk).select_related("widget").first()
    if visit is None:
        return None
    return VisitLook(
        widget=visit.widget.name if visit.widget else "",
        is_proved=visit.is_proved,
        is_here=visit.digest is not None and visit.seen_at > now - GONE_AFTER,
        left_at=visit.seen_at,
        unsent=visit.draft,
        unsent_at=visit.draft_at,
    )


def transcript_look(ticket: Ticket) -> TranscriptLook | None:
    found = Transcript.objects.filter(ticket=ticket.pk).first()
    if found is None:
        return None
    turns = [Turn(turn["who"] == Speaker.CUSTOMER, parse_datetime(turn["at"]), turn["text"]) for turn in found.turns]
    return TranscriptLook(found.bot, turns)
