"""The words of escalations go, for their age or with the person whose tickets they are about; their figures stay.

Kinds, severities, steps, times, who decided and what was promised are what figures are made of. What the desk learned
(its analysis, review, plans, recommendations) stays as well: it is about the desk (docs/decisions/0038).
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Model, Q
from django.utils.translation import gettext as _

from chat.models import Post
from escalation.enums import LIVE_STATES
from escalation.models import (
    AffectedCustomer,
    Analysis,
    Approval,
    Ask,
    Communication,
    CustomerAnalysis,
    Escalation,
    HandOff,
    HandOver,
    Override,
    Proposal,
    Review,
)
from escalation.parties.forces import room_of
from escalation.querysets import EscalationQuerySet
from people.erasing.emptying import INSTEAD, empty
from tickets.models import Event, Ticket
from tickets.personal import empty_events

# By way of what a table hangs on an escalation, and which of its columns are words about the matter.
_WORDS: Sequence[tuple[type[Model], str, tuple[str, ...]]] = (
    (Escalation, "pk", ("exception_reason", "tried", "impact", "fields", "end_reason")),
    (AffectedCustomer, "escalation", ("left_out", "access_waived")),
    (Ask, "escalation", ("note",)),
    (Approval, "escalation", ("note", "resources")),
    (Communication, "escalation", ("body", "texts")),
    (HandOver, "escalation", ("note",)),
    (Override, "escalation", ("reason",)),
)


def ended_before(moment: datetime) -> EscalationQuerySet:
    """Those whose words may go by their age: at an end, not analysed or reviewed, not held, and not without them."""
    ended = Escalation.objects.exclude(state__in=LIVE_STATES).filter(step_since__lt=moment)
    analysed = Analysis.objects.owed().values("escalation")
    reviewed = Review.objects.open().values("escalation")
    held = Ticket.objects.held().values("pk")
    there = Q(words_removed_at=None) | Q(words_removed_at__lt=F("step_since"))
    return ended.filter(there).exclude(pk__in=analysed).exclude(pk__in=reviewed).exclude(ticket__in=held)


def forget(numbers: Sequence[int], *, now: datetime) -> None:
    """In the caller's transaction, which holds the escalations."""
    found = Escalation.objects.filter(pk__in=numbers)
    rooms = [room_of(one) for one in found]
    empty_words(found)
    empty(CustomerAnalysis.objects.filter(analysis__escalation__in=found), "body")
    empty(Proposal.objects.filter(escalation__in=found), "fired", "why")
    empty_events(Event.objects.filter(reference__in=[one.reference for one in found]))
    Post.objects.filter(room__subject__in=rooms).delete()
    found.update(summary=_("Removed for its age"), words_removed_at=now)


def empty_words(found: EscalationQuerySet) -> None:
    """What was asked, decided and told in each of them; the summary is the caller's."""
    for model, path, columns in _WORDS:
        empty(model._base_manager.filter(**{f"{path}__in": found}), *columns)
    Communication.objects.filter(escalation__in=found).update(subject=INSTEAD)
    HandOff.objects.filter(escalation__in=found).exclude(reason="").update(reason=INSTEAD)
