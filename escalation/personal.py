"""What this floor holds of a person: the escalations of his tickets, and what he was told about others'.

What the desk learned from an escalation (its analysis, plans, recommendations) stays, without his name and address.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from escalation.models import (
    AffectedCustomer,
    Approval,
    Ask,
    Communication,
    CustomerAnalysis,
    Escalation,
    HandOff,
    HandOver,
    Notice,
    Override,
    Proposal,
    Stakeholder,
    Subscription,
)
from people.erasing.emptying import INSTEAD, empty
from people.erasing.parts import Leaving, Part
from people.models import User

# By way of what a table hangs on a ticket, and which of its columns are words about the ticket's matter.
EMPTIED: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = (
    (Escalation, "ticket", ("exception_reason", "tried", "impact", "fields", "end_reason")),
    (AffectedCustomer, "escalation__ticket", ("left_out", "access_waived")),
    (Ask, "escalation__ticket", ("note",)),
    (Approval, "escalation__ticket", ("note", "resources")),
    (Communication, "escalation__ticket", ("body", "texts")),
    (HandOver, "escalation__ticket", ("note",)),
    (Override, "escalation__ticket", ("reason",)),
    (Proposal, "ticket", ("fired", "why")),
)


def goes(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {
        _("Words of escalations of these tickets"): Escalation.objects.filter(ticket__requester=person),
        _("Mail about the status of services"): Subscription.objects.of(person),
    }


def stays(person: User) -> Mapping[str, "QuerySet[Any]"]:
    harmed = AffectedCustomer.objects.filter(person=person)
    return {
        _("Escalations, with their steps, deadlines and what was learned"): Escalation.objects.filter(
            Q(ticket__requester=person) | Q(pk__in=harmed.values("escalation"))
        ),
        _("That updates were sent, and when"): Notice.objects.filter(person=person),
    }


def erase(leaving: Leaving) -> None:
    person = leaving.person
    for model, path, columns in EMPTIED:
        empty(model._base_manager.filter(**{f"{path}__requester": person}), *columns)
    own = {"ticket__requester": person}
    Escalation.objects.filter(**own).update(summary=INSTEAD)
    Communication.objects.filter(escalation__ticket__requester=person).update(subject=INSTEAD)
    HandOff.objects.filter(**own).exclude(reason="").update(reason=INSTEAD)
    empty(CustomerAnalysis.objects.filter(person=person), "body")
    Stakeholder.objects.filter(person=person).delete()
    Subscription.objects.filter(Q(person=person) | Q(address__in=leaving.addresses)).delete()


PART = Part(goes, stays, erase)
