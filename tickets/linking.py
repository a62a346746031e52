"""Named relations between tickets, shown on both sides (R19), and the incidents of a problem (R20)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from people.models import User
from tickets import timeline
from tickets.actions import lock_pair
from tickets.enums import EventKind, Relation
from tickets.models import Link, Ticket

# Splitting makes the last one, and nobody by hand.
BY_HAND = [relation for relation in Relation if relation != Relation.SPLIT_FROM]


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
    same = Q(source=source, target=target)
    if relation == Relation.RELATED:
        same |= Q(source=target, target=source)
    if Link.objects.filter(same, relation=relation).exists():
        raise NotAllowedNow(_("They are linked like that already."))
    made = Link.objects.create(source=source, target=target, relation=relation, made_by=by, made_at=now)
    _record(made, now, by, removed=False)
    return made


@transaction.atomic
def unlink(*, link: Link, now: datetime, by: User | None) -> None:
    link.source, link.target = lock_pair(link.source_id, link.target_id)
    Link.objects.filter(pk=link.pk).delete()
    _record(link, now, by, removed=True)


def _record(link: Link, now: datetime, by: User | None, *, removed: bool) -> None:
    for ticket, other, side in ((link.source, link.target, "out"), (link.target, link.source, "in")):
        timeline.record(
            ticket,
            EventKind.LINKED,
            now=now,
            actor=by,
            relation=link.relation,
            number=other.number,
            side=side,
            removed=removed,
        )
