"""Criteria as their list shows them, what one would have done, and what is proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escalation.automatic.looking_back import look_back
from escalation.enums import ProposalEnd
from escalation.models import Criterion, Proposal
from people.models import User
from tickets import conditions
from tickets.conditions import Chip, Conditions
from tickets.models import Ticket
from tickets.vocabulary import vocabulary_for

# As many numbers as anybody looks up.
_SHOWN = 5
MOST_PROPOSALS = 200
_TAKEN = (ProposalEnd.ACCEPTED, ProposalEnd.OPENED)


@dataclass(frozen=True, slots=True)
class CriterionLine:
    criterion: Criterion
    chips: Sequence[Chip]
    mistakes: Sequence[str]
    fired: int
    taken: int
    dismissed: int
    last_at: datetime | None


def criterion_lines() -> list[CriterionLine]:
    """Four queries, however many there are."""
    rows: list[Any] = list(
        Criterion.objects.select_related("team").annotate(
            fired=Count("proposals"),
            taken=Count("proposals", filter=Q(proposals__end__in=_TAKEN)),
            dismissed=Count("proposals", filter=Q(proposals__end=ProposalEnd.DISMISSED)),
            last_at=Max("proposals__at"),
        )
    )
    words = vocabulary_for(*(row.conditions for row in rows), with_signals=True)
    return [
        CriterionLine(
            row,
            conditions.describe(row.conditions, words),
            conditions.mistakes_in(row.conditions, words),
            row.fired,
            row.taken,
            row.dismissed,
            row.last_at,
        )
        for row in rows
    ]


def dry_run_words(asked: Conditions, now: datetime) -> str:
    """“Of the last 200 tickets 7 would have been taken: #12, #9 …”"""
    if not asked:
        return ""
    found = look_back(asked, now)
    numbers = ", ".join(f"#{number}" for number in found.met[:_SHOWN]) + (" …" if len(found.met) > _SHOWN else "")
    known = {"n": len(found.met), "of": found.of, "numbers": numbers}
    if not found.met:
        return _("Of the last %(of)d tickets none would have been taken.") % known
    words = ngettext(
        "Of the last %(of)d tickets %(n)d would have been taken: %(numbers)s.",
        "Of the last %(of)d tickets %(n)d would have been taken: %(numbers)s.",
        len(found.met),
    )
    return words % known


def proposals_on(ticket: Ticket) -> list[Proposal]:
    """What waits to be accepted or dismissed."""
    if ticket.is_done:
        return []
    return list(Proposal.objects.open().filter(ticket=ticket).with_origin().order_by("at", "pk"))


def open_proposals(user: User) -> list[Proposal]:
    """Of all tickets that the reader may see: the most severe first, then who has waited longest."""
    found = Proposal.objects.open().visible_to(user).with_all()
    return list(found.order_by("severity", "at", "pk")[:MOST_PROPOSALS])
