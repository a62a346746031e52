"""The promise, seen: a ticket that nobody answers within a minute, and what the desk does about it.

It has a promise of its own (a policy that asks for a tag), so nobody else's promises are touched; once it was seen,
ticket and policy are put away. Nothing of it is played: clock, sweep, ladder and alerts are those of every ticket.
"""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import NotAllowedNow
from escalation.models import Escalation
from notifications.models import Alert
from people.enums import Role
from people.models import User
from sla.enums import Metric
from sla.models import Clock, Policy
from sla.publishing import create_policy
from tickets import actions
from tickets.enums import Channel, Priority
from tickets.models import Ticket

TAG = "first-steps"
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Proof:
    """How far it has come; `alerted`: whom it told, by name."""

    ticket: Ticket | None = None
    due_at: datetime | None = None
    escalation: Escalation | None = None
    alerted: tuple[str, ...] = ()
    is_over: bool = False

    @property
    def was_seen(self) -> bool:
        return self.escalation is not None and bool(self.alerted)


def proof() -> Proof:
    ticket = Ticket.objects.filter(tags__name=TAG).order_by("-number").first()
    if ticket is None:
        return Proof()
    clock = Clock.objects.filter(ticket=ticket, metric=Metric.FIRST_RESPONSE).first()
    escalation = Escalation.objects.filter(ticket=ticket).order_by("number").first()
    told = Alert.objects.filter(escalation_number=escalation.number) if escalation else Alert.objects.none()
    names = told.order_by("recipient__name").values_list("recipient__name", flat=True).distinct()
    return Proof(ticket, clock.due_at if clock else None, escalation, tuple(names), ticket.trashed_at is not None)


@transaction.atomic
def begin(*, by: User, now: datetime) -> Ticket:
    """NotAllowedNow while an earlier one is still there."""
    before = proof()
    if before.ticket is not None and not before.is_over:
        raise NotAllowedNow(_("The test ticket is there already."))
    _promise(by, now)
    return actions.open_ticket(
        subject=_("A test: nobody answers this within a minute"),
        body=_("This ticket is there to be missed. Do not answer it for a minute, and see what the desk does."),
        requester=_customer(),
        priority=Priority.URGENT,
        channel=Channel.WEB,
        tags=[TAG],
        now=now,
    )


def _promise(by: User, now: datetime) -> None:
    name = _("A test of one minute")
    if Policy.objects.filter(name=name).exists():
        return
    target = {"metric": Metric.FIRST_RESPONSE, "priority": Priority.URGENT, "seconds": SECONDS, "thresholds": []}
    create_policy(name=name, conditions={"tags": [TAG]}, targets=[target], order=1, now=now, by=by)


def _customer() -> User:
    """Nobody reads mail there, and nobody can sign in as him."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    address = f"first-steps@{domain}"
    known = User.objects.filter(email__iexact=address).first()
    if known is not None:
        return known
    made = User(email=address, name=_("A customer who tries the desk"), role=Role.CUSTOMER)
    made.set_unusable_password()
    made.save()
    return made
