"""What hangs on a ticket, asked all at once, so that a page asks for nothing of which there is none.

Most tickets have a conversation and little else: a page that looked for tags, files, links, drafts and the rest one by
one asked a dozen questions to hear a dozen times “none”.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Lower

from chat.models import Post
from common.questions import Question
from escalation.enums import CriterionMode
from escalation.models import Escalation, EscalationLink, Proposal
from mailroom.models import DeliveryFailure, Follower, ReceivedMail, SideConversation
from sla.models import Clock
from tickets.models import Attachment, Draft, FollowUp, Link, Mention, Presence, Rating, Ticket, TicketService
from visits.models import Transcript, Visit


@dataclass(frozen=True, slots=True)
class Belongings:
    """Of which kinds there is at least one; whether this reader may see it is asked where it is shown."""

    tags: bool
    watchers: bool
    files: bool
    mentions: bool
    drafts: bool
    presences: bool
    links_out: bool
    links_in: bool
    relations: bool
    clocks: bool
    escalations: bool
    proposals: bool
    posts: bool
    rating: bool
    follow_ups: bool
    services: bool
    mails: bool
    failures: bool
    failing: bool
    followers: bool
    sides: bool
    visit: bool
    transcript: bool

    @property
    def links(self) -> bool:
        return self.links_out or self.links_in


_NUMBER = OuterRef("pk")
_ROOM = Concat(Value("#"), Cast(OuterRef("pk"), CharField()))
_ROWS: dict[str, Callable[[], "QuerySet[Any]"]] = {
    "tags": lambda: Ticket.tags.through.objects.filter(ticket=_NUMBER),
    "watchers": lambda: Ticket.watchers.through.objects.filter(ticket=_NUMBER),
    "files": lambda: Attachment.objects.filter(message__ticket=_NUMBER),
    "mentions": lambda: Mention.objects.filter(message__ticket=_NUMBER),
    "drafts": lambda: Draft.objects.filter(ticket=_NUMBER),
    "presences": lambda: Presence.objects.filter(ticket=_NUMBER),
    "links_out": lambda: Link.objects.filter(source=_NUMBER),
    "links_in": lambda: Link.objects.filter(target=_NUMBER),
    "relations": lambda: EscalationLink.objects.filter(ticket=_NUMBER),
    "clocks": lambda: Clock.every.filter(ticket=_NUMBER),
    "escalations": lambda: Escalation.objects.filter(ticket=_NUMBER),
    "proposals": lambda: Proposal.objects.filter(ticket=_NUMBER, mode=CriterionMode.PROPOSE, ended_at=None),
    "services": lambda: TicketService.objects.filter(ticket=_NUMBER),
    "follow_ups": lambda: FollowUp.objects.filter(ticket=_NUMBER, done_at=None),
    "rating": lambda: Rating.objects.filter(ticket=_NUMBER),
    "mails": lambda: ReceivedMail.objects.filter(message__ticket=_NUMBER),
    "failures": lambda: DeliveryFailure.objects.filter(message__ticket=_NUMBER),
    "failing": lambda: DeliveryFailure.objects.open().filter(address=Lower(OuterRef("requester__email"))),
    "followers": lambda: Follower.objects.filter(ticket=_NUMBER),
    "sides": lambda: SideConversation.objects.filter(Q(ticket=_NUMBER) | Q(ticket__merged_into=_NUMBER)),
    "visit": lambda: Visit.objects.filter(ticket=_NUMBER),
    "transcript": lambda: Transcript.objects.filter(ticket=_NUMBER),
    "posts": lambda: Post.objects.filter(room__subject=_ROOM),
}


def belongings(ticket: Ticket) -> Belongings:
    """One query."""
    return Belongings(*_hanging_on.rows(ticket.number)[0])


@Question
def _hanging_on(number: int) -> "QuerySet[Any, tuple[bool, ...]]":
    found = [Exists(_ROWS[field.name]()) for field in fields(Belongings)]
    return Ticket.objects.filter(pk=number).values_list(*found)
