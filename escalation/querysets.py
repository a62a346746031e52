from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from escalation.enums import LIVE_STATES, OPEN_STATES, CriterionMode, NoticeState, State
from people.enums import Role
from people.models import Absence
from tickets.enums import ACTIVE_STATUSES
from tickets.models import Ticket

if TYPE_CHECKING:
    from escalation.models import (
        AffectedCustomer,
        Ask,
        Assessment,
        Communication,
        Criterion,
        Deadline,
        Escalation,
        HandOff,
        HandOver,
        Notice,
        Proposal,
        Rung,
    )
    from people.models import User


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def visible_to(self, user: "User") -> "EscalationQuerySet":
        """Those of the tickets that an agent may see; the object itself is internal, so customers see none."""
        if user.role == Role.CUSTOMER:
            return self.none()
        return self.filter(ticket__in=Ticket.objects.visible_to(user))

    def open(self) -> "EscalationQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def live(self) -> "EscalationQuerySet":
        """Not at an end: requested, in one of the steps, or resolved and not yet closed."""
        return self.filter(state__in=LIVE_STATES)

    def requested(self) -> "EscalationQuerySet":
        return self.filter(state=State.REQUESTED)

    def with_people(self) -> "EscalationQuerySet":
        return self.select_related(
            "ticket__requester", "ticket__organisation", "team", "manager", "requester", "procedure"
        )


class AffectedQuerySet(models.QuerySet["AffectedCustomer"]):
    def without_access(self) -> "AffectedQuerySet":
        """Neither confirmed nor waived (R48)."""
        return self.filter(access_at=None)

    def of_organisation(self, pk: int) -> "AffectedQuerySet":
        return self.filter(person__organisation=pk)

    def saying(self, words: str) -> "AffectedQuerySet":
        """Those whose name, address or organisation holds every word."""
        found = self
        for word in words.split():
            one = Q()
            for spelling in {word, word.lower(), word.upper(), word.capitalize()}:
                # SQLite folds the case of ASCII alone.
                one |= Q(person__name__icontains=spelling) | Q(person__organisation__name__icontains=spelling)
            found = found.filter(one | Q(person__email__icontains=word))
        return found

    def with_people(self) -> "AffectedQuerySet":
        return self.select_related("person__organisation", "access_by", "ticket")


class AskQuerySet(models.QuerySet["Ask"]):
    def waiting(self) -> "AskQuerySet":
        return self.filter(ended_at=None)

    def of_the_absent(self, now: datetime) -> "AskQuerySet":
        """Of people who have left, or who are away at this moment."""
        away = Absence.objects.filter(user=models.OuterRef("person"), starts_at__lte=now, ends_at__gt=now)
        return self.filter(models.Q(person__is_active=False) | models.Exists(away))


class RungQuerySet(models.QuerySet["Rung"]):
    def with_moment_due(self, now: datetime) -> "RungQuerySet":
        return self.filter(next_moment__lte=now).order_by("next_moment", "pk")


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def running(self) -> "DeadlineQuerySet":
        return self.filter(met_at=None, missed_at=None, cancelled_at=None)

    def with_moment_due(self, now: datetime) -> "DeadlineQuerySet":
        return self.filter(next_moment__lte=now).order_by("next_moment", "pk")

    def unanswered(self) -> "DeadlineQuerySet":
        """Those that somebody still waits for: running, or missed and not made good since."""
        return self.filter(met_at=None, cancelled_at=None)


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def waiting(self) -> "HandOverQuerySet":
        """Neither acknowledged nor dropped; one at a time, by constraint."""
        return self.filter(acknowledged_at=None, dropped_at=None)


class HandOffQuerySet(models.QuerySet["HandOff"]):
    def waiting(self) -> "HandOffQuerySet":
        """Neither accepted nor returned; of a ticket one at a time, by constraint."""
        return self.filter(accepted_at=None, returned_at=None, dropped_at=None)

    def returned(self) -> "HandOffQuerySet":
        """The bounces."""
        return self.filter(returned_at__isnull=False)

    def with_people(self) -> "HandOffQuerySet":
        people = ("sent_by", "accepted_by", "returned_by", "from_assignee")
        return self.select_related("from_team__lead", "to_team__lead", *people)


class CommunicationQuerySet(models.QuerySet["Communication"]):
    def with_progress(self) -> "CommunicationQuerySet":
        """With how many notices were `told`, are `waiting`, or have `nowhere` to go."""
        names = {"told": NoticeState.SENT, "waiting": NoticeState.WAITING, "nowhere": NoticeState.UNREACHABLE}
        counted = {
            name: models.Count("notices", filter=models.Q(notices__state=state)) for name, state in names.items()
        }
        return self.annotate(**counted)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self, now: datetime) -> "NoticeQuerySet":
        return self.filter(state=NoticeState.WAITING, next_try_at__lte=now)


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def enabled(self) -> "CriterionQuerySet":
        return self.filter(is_enabled=True)


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def with_moment_due(self, now: datetime) -> "AssessmentQuerySet":
        return self.filter(next_moment__lte=now)


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def open(self) -> "ProposalQuerySet":
        """Those that somebody has to decide, of tickets that are still worked on."""
        alive = Q(ticket__status__in=ACTIVE_STATUSES, ticket__trashed_at=None, ticket__merged_into=None)
        return self.filter(alive, mode=CriterionMode.PROPOSE, ended_at=None)

    def to_open(self, now: datetime) -> "ProposalQuerySet":
        """Letters: an escalation is owed, and is not in the trash with its ticket."""
        may_try = Q(next_try_at=None) | Q(next_try_at__lte=now)
        return self.filter(may_try, mode=CriterionMode.OPEN, ended_at=None, ticket__trashed_at=None)

    def visible_to(self, user: "User") -> "ProposalQuerySet":
        """As escalations: the desk's own business, and of the tickets that one may see."""
        if user.role == Role.CUSTOMER:
            return self.none()
        return self.filter(ticket__in=Ticket.objects.visible_to(user))

    def with_all(self) -> "ProposalQuerySet":
        return self.select_related("criterion__team", "ticket__organisation", "ticket__requester", "ticket__team", "by")
