"""Named relations between tickets, shown on both sides (R19), and the incidents of a problem (R20)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from people.models import User
from tickets import timeline
from tickets.actions import lock_pair
from tickets.enums import EventKind, Relation
from tickets.models import Event, Link, Ticket

# Splitting makes the last one, and nobody by hand.
BY_HAND = [relation for relation in Relation if relation != Relation.SPLIT_FROM]
# The sides of a link as its tickets' timelines name them.
OUT, BACK = "out", "in"


def seen_by(user: User, ticket: Ticket) -> "QuerySet[Link]":
    """The ticket's relations, from both sides, whose other end this person may see; the oldest first."""
    visible = Ticket.objects.visible_to(user)
    mine = Q(source=ticket, target__in=visible) | Q(target=ticket, source__in=visible)
    return Link.objects.filter(mine).select_related("source", "target", "made_by").order_by("pk")


@transaction.atomic
def link(*, source: Ticket, target: Ticket, relation: str, now: datetime, by: User | None) -> Link:
    """`source` stands in this relation to `target`. Raises NotAllowedNow where they are linked like that already."""
    if relation not in BY_HAND:
        known = ", ".join(BY_HAND)
        raise InvalidInput.of("relation", _("A relation is one of %(known)s.") % {"known": known})
    if source.number == target.number:
        raise InvalidInput.of("number", _("A ticket is not linked to itself."))
    source, target = lock_pair(source.number, target.number)
    _check_new(source, target, relation)
    made = Link.objects.create(source=source, target=target, relation=relation, made_by=by, made_at=now)
    _record(made, now, by, removed=False)
    return made


@transaction.atomic
def unlink(*, link: Link, now: datetime, by: User | None) -> tuple[Event, Event]:
    """The lines that tell of it, on its source and on its target: each is enough to undo it (`relink`)."""
    link.source, link.target = lock_pair(link.source_id, link.target_id)
    Link.objects.filter(pk=link.pk).delete()
    made = {"made_by": link.made_by_id, "made_at": link.made_at.isoformat()}
    return _record(link, now, by, removed=True, **made)


@transaction.atomic
def relink(*, removal: Event, now: datetime, by: User | None) -> Event:
    """Put back what `unlink` took away, as it was; the line that tells of it on the same ticket.

    Raises NotAllowedNow where the tickets have moved on since.
    """
    told = removal.data
    here, other = lock_pair(removal.ticket_id, told["number"])
    source, target = (here, other) if told["side"] == OUT else (other, here)
    _check_there(source)
    _check_there(target)
    _check_new(source, target, told["relation"])
    made_by = User.objects.filter(pk=told["made_by"]).first()
    made = Link.objects.create(
        source=source,
        target=target,
        relation=told["relation"],
        made_by=made_by,
        made_at=datetime.fromisoformat(told["made_at"]),
    )
    on_source, on_target = _record(made, now, by, removed=False)
    return on_source if told["side"] == OUT else on_target


def _check_new(source: Ticket, target: Ticket, relation: str) -> None:
    same = Q(source=source, target=target)
    if relation == Relation.RELATED:
        same |= Q(source=target, target=source)
    if Link.objects.filter(same, relation=relation).exists():
        raise NotAllowedNow(_("They are linked like that already."))


def _check_there(ticket: Ticket) -> None:
    if ticket.trashed_at is not None:
        raise NotAllowedNow(_("#%(number)d was put away: bring it back first.") % {"number": ticket.number})
    if ticket.merged_into_id is not None:
        known = {"source": ticket.number, "into": ticket.merged_into_id}
        raise NotAllowedNow(_("#%(source)d was merged into #%(into)d already.") % known)


def _record(link: Link, now: datetime, by: User | None, *, removed: bool, **made: Any) -> tuple[Event, Event]:
    told = {"relation": link.relation, "removed": removed, **made}

    def record(ticket: Ticket, other: Ticket, side: str) -> Event:
        return timeline.record(ticket, EventKind.LINKED, now=now, actor=by, number=other.number, side=side, **told)

    return record(link.source, link.target, OUT), record(link.target, link.source, BACK)
