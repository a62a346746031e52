"""An escalation's named relations to others and to tickets: made, taken away, shown on both sides (R19)."""

import re
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow, NotFound
from escalation import permissions as may
from escalation.enums import INVERSE, LIVE_STATES, LinkRelation
from escalation.initiate.servicing import hand_down
from escalation.models import Escalation, EscalationLink
from escalation.recording import record_step
from people.models import User
from tickets.actions import lock_pair
from tickets.models import Ticket
from tickets.timeline import record

# Between two escalations these are what is stored; the others are the same, read from the other end.
_STORED = frozenset({LinkRelation.CHILD_OF, LinkRelation.CAUSED_BY, LinkRelation.RELATED})
# As it is written everywhere: “E-207”, “#4821”, and what a field holds once a ticket is chosen, “#4821 Payouts stuck”.
_NAMED = re.compile(r"(E-|#)\s*([1-9]\d{0,17})(?:\s.*)?", re.IGNORECASE | re.DOTALL)


def links_of(escalation: Escalation, user: User) -> "QuerySet[EscalationLink]":
    """Its relations, from both sides, whose other end this person may see; the oldest first."""
    tickets = Exists(Ticket.objects.visible_to(user).filter(pk=OuterRef("ticket")))
    away = Q(Q(_sees("target", user)) | Q(tickets), source=escalation)
    found = EscalationLink.objects.filter(away | Q(Q(_sees("source", user)), target=escalation))
    return found.select_related("source__ticket", "target__ticket", "ticket", "made_by").order_by("pk")


def links_of_ticket(ticket: Ticket, user: User) -> "QuerySet[EscalationLink]":
    """Those that escalations have to this ticket, as far as this person may see them; the oldest first."""
    found = EscalationLink.objects.filter(_sees("source", user), ticket=ticket)
    return found.select_related("source").order_by("pk")


@transaction.atomic
def link(*, user: User, number: int, to: str, relation: str, now: datetime) -> EscalationLink:
    """This one stands in the `relation` to another escalation, “E-207”, or to a ticket, “#4821”, that he may see.

    Raises InvalidInput where there is no such thing for him, for itself and for a circle; NotAllowedNow where they are
    linked like that already.
    """
    own = may.access_to_work(user, number)
    if relation not in LinkRelation.values:
        known = ", ".join(LinkRelation.values)
        raise InvalidInput.of("relation", _("A relation is one of %(known)s.") % {"known": known})
    other = _named(user, to)
    if isinstance(other, Escalation):
        made = _between(own, other, LinkRelation(relation))
    else:
        made = _to_ticket(own, other, LinkRelation(relation))
    made.made_by, made.made_at = user, now
    made.save()
    _hand_down(made)
    _record(made, "linked", user, now)
    return made


@transaction.atomic
def unlink(*, user: User, number: int, link: int, now: datetime) -> Escalation:
    """Both sides lose it. Raises NotFound for a link of others, and for one to what he may not see."""
    own = may.access_to_work(user, number)
    found = links_of(own, user).filter(pk=link).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    _hold(found)
    gone, _kinds = EscalationLink.objects.filter(pk=link).delete()
    if gone:
        _hand_down(found)
        _record(found, "unlinked", user, now)
    return own


def _sees(end: str, user: User) -> Exists:
    return Exists(Escalation.objects.visible_to(user).filter(pk=OuterRef(end)))


def _named(user: User, to: str) -> Escalation | Ticket:
    said = _NAMED.fullmatch(to.strip())
    if said is None:
        raise InvalidInput.of("to", _("Give an escalation, like E-207, or a ticket, like #4821."))
    number = int(said[2])
    found: Escalation | Ticket | None
    if said[1] == "#":
        found = Ticket.objects.visible_to(user).filter(number=number).first()
    else:
        found = Escalation.objects.visible_to(user).filter(number=number).first()
    if found is None:
        name = f"{said[1].upper()}{number}"
        raise InvalidInput.of("to", _("There is no %(name)s that you may see.") % {"name": name})
    return found


def _between(own: Escalation, other: Escalation, relation: LinkRelation) -> EscalationLink:
    if own.pk == other.pk:
        raise InvalidInput.of("to", _("An escalation is not linked to itself."))
    source, target, stored = own, other, relation
    if relation not in _STORED or (relation == INVERSE[relation] and other.pk < own.pk):
        source, target, stored = other, own, INVERSE[relation]
    made = EscalationLink(source=source, target=target, relation=stored)
    _hold(made)
    _refuse_second(EscalationLink.objects.filter(source=source, target=target, relation=stored))
    if stored != INVERSE[stored] and _leads(target, source, stored):
        said = {"other": other.reference, "relation": INVERSE[relation].label, "ref": own.reference}
        raise InvalidInput.of(
            "to", _("%(ref)s is %(relation)s %(other)s already, be it over others: that would be a circle.") % said
        )
    return made


def _to_ticket(own: Escalation, ticket: Ticket, relation: LinkRelation) -> EscalationLink:
    if own.ticket_id == ticket.pk:
        raise InvalidInput.of("to", _("%(ref)s is about this ticket already.") % {"ref": own.reference})
    made = EscalationLink(source=own, ticket=ticket, relation=relation)
    _hold(made)
    _refuse_second(EscalationLink.objects.filter(source=own, ticket=ticket, relation=relation))
    return made


def _hold(link: EscalationLink) -> None:
    """Both ends by the locks of their tickets, which are taken before all else.

    A circle of four could still be closed by two people in the same instant; nothing walks it without an end.
    """
    if link.ticket is not None:
        link.source.ticket, link.ticket = lock_pair(link.source.ticket_id, link.ticket.pk)
    elif link.target is not None:
        link.source.ticket, link.target.ticket = lock_pair(link.source.ticket_id, link.target.ticket_id)


def _refuse_second(same: "QuerySet[EscalationLink]") -> None:
    if same.exists():
        raise NotAllowedNow(_("They are linked like that already."))


def _leads(begin: Escalation, end: Escalation, relation: LinkRelation) -> bool:
    """Whether the relation leads from one to the other, over whatever lies between: a query for each step."""
    known: set[int] = set()
    reached = {begin.pk}
    while reached:
        if end.pk in reached:
            return True
        known |= reached
        further = EscalationLink.objects.filter(source__in=reached, relation=relation, target__isnull=False)
        reached = set(further.values_list("target_id", flat=True)) - known
    return False


def _hand_down(link: EscalationLink) -> None:
    """A ticket that is linked to a living escalation is about its services (R18)."""
    if link.ticket is not None and link.source.state in LIVE_STATES:
        hand_down(link.source)


def _record(link: EscalationLink, what: str, by: User, now: datetime) -> None:
    """On the timelines of both, each in its own words: how this one stands, or no longer stands, to the other."""
    relation, here = LinkRelation(link.relation), link.source.reference
    back = {"relation": INVERSE[relation].value, "other": here}
    record_step(link.source, what, by=by, now=now, this=here, relation=relation.value, other=link.far_end)
    if link.target is not None:
        record_step(link.target, what, by=by, now=now, this=link.far_end, **back)
    elif link.ticket is not None:
        record(link.ticket, f"escalation.ticket_{what}", now=now, actor=by, this=link.far_end, **back)
