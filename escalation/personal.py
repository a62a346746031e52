"""What this floor holds of a person: the escalations of his tickets, and what he was told about others'.

What the desk learned from an escalation (its analysis, review, plans, recommendations) stays, without his name and
address.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from escalation.forgetting import empty_words
from escalation.models import (
    AffectedCustomer,
    CustomerAnalysis,
    Escalation,
    Notice,
    Proposal,
    Stakeholder,
    Subscription,
    TrainingDone,
)
from people.erasing.emptying import INSTEAD, empty
from people.erasing.parts import Leaving, Part
from people.models import User


def goes(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {
        _("Words of escalations of these tickets"): Escalation.objects.filter(ticket__requester=person),
        _("Mail about the status of services"): Subscription.objects.of(person),
        _("Which trainings were completed"): TrainingDone.objects.filter(person=person),
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
    own = Escalation.objects.filter(ticket__requester=person)
    empty_words(own)
    own.update(summary=INSTEAD)
    empty(Proposal.objects.filter(ticket__requester=person), "fired", "why")
    empty(CustomerAnalysis.objects.filter(person=person), "body")
    Stakeholder.objects.filter(person=person).delete()
    Subscription.objects.filter(Q(person=person) | Q(address__in=leaving.addresses)).delete()
    TrainingDone.objects.filter(person=person).delete()


PART = Part(goes, stays, erase)
