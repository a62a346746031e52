from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from common.numbers import whole
from common.spelling import spelt
from escalation.enums import LIVE_STATES, OPEN_STATES, PRESSES_IN, CriterionMode, LearnedIn, NoticeState, Origin, State
from people.enums import MANAGING_ROLES, Role, Tier
from people.models import Absence
from tickets.enums import ACTIVE_STATUSES
from tickets.models import RoutingRule, Ticket
from tickets.querysets import sight

if TYPE_CHECKING:
    from escalation.models import (
        AffectedCustomer,
        Analysis,
        Ask,
        Assessment,
        Communication,
        Criterion,
        Deadline,
        Escalation,
        HandOff,
        HandOver,
        Notice,
        OwnCause,
        Proposal,
        Review,
        Rung,
        Subscription,
        TrackedAction,
        Training,
    )
    from people.models import User


# What calls somebody to one escalation, also from outside a restricted team (decision 20): the rows, where they name
# the escalation and the person, and which of them count. What the escalation itself says of it stands in each of its
# rows; the others are sets of few keys, each found once.
_OWN_CALLS = (
    ("escalation_escalation", "number", "manager_id", "TRUE"),
    ("escalation_escalation", "number", "decider_id", f"state = '{State.REQUESTED}'"),
)
_OTHER_CALLS = (
    ("escalation_ask", "escalation_id", "person_id", "ended_at IS NULL"),
    ("escalation_responsibility", "escalation_id", "person_id", "TRUE"),
    ("escalation_handover", "escalation_id", "receiver_id", "acknowledged_at IS NULL AND dropped_at IS NULL"),
    (
        "escalation_taskforcemember INNER JOIN escalation_taskforce ON escalation_taskforce.id = force_id",
        "escalation_id",
        "person_id",
        "freed_at IS NULL",
    ),
)
_CALLS = (*_OWN_CALLS, *_OTHER_CALLS)
_MINE = "SELECT %s AS id UNION ALL SELECT id FROM people_user WHERE deputy_id = %s"
_CALLED_TO = " UNION ALL ".join(
    f"SELECT {escalation} FROM {rows} WHERE {person} IN ({_MINE}) AND {counts}"  # noqa: S608 - the fixed names above
    for rows, escalation, person, counts in _OTHER_CALLS
)
_CALLED = " UNION ALL ".join(
    f"SELECT {person} FROM {rows} WHERE {escalation} = %s AND {person} IS NOT NULL AND {counts}"  # noqa: S608 - the same
    for rows, escalation, person, counts in _CALLS
)


def called_to(user: "User") -> Q:
    """The escalations that somebody is called to by name, or as the deputy of whoever is.

    Whom it names itself is asked of each of them: somebody may have managed half of all there ever were.
    """
    mine = RawSQL(_MINE, (user.pk, user.pk))  # noqa: S611 - a fixed text, its parameters apart
    elsewhere = RawSQL(_CALLED_TO, (user.pk, user.pk) * len(_OTHER_CALLS))  # noqa: S611 - fixed texts, their parameters apart
    return Q(manager__in=mine) | Q(decider__in=mine, state=State.REQUESTED) | Q(pk__in=elsewhere)


def called(number: int) -> RawSQL:
    """The same from the other side: the people who are called to one escalation, deputies not among them."""
    return RawSQL(_CALLED, (number,) * len(_CALLS))  # noqa: S611 - the same


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def visible_to(self, user: "User") -> "EscalationQuerySet":
        """Those of the tickets that he may see, and those that he is called to; customers see none.

        Every door asks here: board, room, chat, live stream, search, alerts and API. Whoever is called from outside
        sees the escalation, and not the ticket's own page. Nobody sees what hangs on a ticket in the trash.
        """
        if user.role == Role.CUSTOMER or not user.is_active:
            return self.none()
        # Asked of each escalation's own ticket: the set of all tickets that somebody sees is the whole desk, and the
        # set of those in the trash is small.
        if user.role in MANAGING_ROLES:
            trashed = Ticket.objects.filter(trashed_at__isnull=False)
            return self.filter(~models.Exists(trashed.filter(pk=models.OuterRef("ticket_id"))))
        return self.filter(sight(user, "ticket__") | called_to(user), ticket__trashed_at=None)

    def of_organisation(self, pk: int) -> "EscalationQuerySet":
        """Those about its tickets, and those that harm one of its people."""
        harmed = self.model._default_manager.filter(affected__person__organisation=pk).order_by().values("pk")
        return self.filter(Q(ticket__organisation=pk) | Q(pk__in=harmed))

    def of_person(self, pk: int) -> "EscalationQuerySet":
        """The same of one customer."""
        harmed = self.model._default_manager.filter(affected__person=pk).order_by().values("pk")
        return self.filter(Q(ticket__requester=pk) | Q(pk__in=harmed))

    def saying(self, words: str) -> "EscalationQuerySet":
        """Those whose summary, number, customer or customer's organisation holds every word."""
        found = self
        for word in words.split():
            one = spelt(word, "summary", "ticket__organisation__name", "ticket__requester__name")
            if (number := whole(word.upper().removeprefix("E-"))) is not None:
                one |= Q(number=number)
            found = found.filter(one)
        return found

    def told_to_customers(self) -> "EscalationQuerySet":
        """Those that a customer may know of. What colleagues ask of one another and what they took back is theirs."""
        internal = Q(state__in=[State.REQUESTED, State.DECLINED]) & ~Q(origin=Origin.CUSTOMER)
        return self.exclude(internal).exclude(state=State.WITHDRAWN)

    def of_tier(self, tier: str) -> "EscalationQuerySet":
        """Of customers of that tier; whoever belongs to no organisation is standard."""
        alone = Q(ticket__organisation=None) if tier == Tier.STANDARD else Q()
        return self.filter(Q(ticket__organisation__tier=tier) | alone)

    def from_tickets_of(self, person: "User") -> "EscalationQuerySet":
        """Those whose ticket was his when it was handed over, or is his."""
        return self.filter(Q(from_assignee=person) | Q(ticket__assignee=person))

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


class OwnCauseQuerySet(models.QuerySet["OwnCause"]):
    def in_use(self) -> "OwnCauseQuerySet":
        return self.filter(is_active=True)


class TrainingQuerySet(models.QuerySet["Training"]):
    def in_force(self) -> "TrainingQuerySet":
        """Whose article holds and is not archived."""
        return self.filter(article__archived_at=None, article__current__isnull=False)


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
            one = spelt(word, "person__name", "person__organisation__name")
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

    def pressing(self) -> "DeadlineQuerySet":
        """Those of them that ask for something at the state at which their escalation is."""
        asked = Q()
        for kind, states in PRESSES_IN.items():
            asked |= Q(kind=kind, escalation__state__in=states)
        return self.unanswered().filter(asked)


class AnalysisQuerySet(models.QuerySet["Analysis"]):
    def owed(self) -> "AnalysisQuerySet":
        """Asked for and not submitted, of an escalation that was not withdrawn since."""
        return self.filter(submitted_at=None, escalation__state__in=(*LIVE_STATES, State.CLOSED))


class ReviewQuerySet(models.QuerySet["Review"]):
    def open(self) -> "ReviewQuerySet":
        """Owed: its escalation is closed, and has not been looked back on since, nor was that waived."""
        return self.filter(done_at=None, waived_at=None, escalation__state=State.CLOSED)

    def done(self) -> "ReviewQuerySet":
        return self.filter(done_at__isnull=False)

    def waived(self) -> "ReviewQuerySet":
        return self.filter(waived_at__isnull=False)


class TrackedActionQuerySet(models.QuerySet["TrackedAction"]):
    def open(self) -> "TrackedActionQuerySet":
        """Decided for good, and not done."""
        return self.decided().filter(done_at=None)

    def decided(self) -> "TrackedActionQuerySet":
        """Not of an analysis that is still written."""
        submitted = Q(escalation__analysis__submitted_at__isnull=False)
        return self.filter(Q(learned_in=LearnedIn.REVIEW) | submitted)

    def done(self) -> "TrackedActionQuerySet":
        return self.filter(done_at__isnull=False)


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


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def hearing(self) -> "SubscriptionQuerySet":
        """Confirmed, and reached by mail."""
        return self.filter(confirmed_at__isnull=False, bounced_at=None)

    def unconfirmed(self) -> "SubscriptionQuerySet":
        return self.filter(confirmed_at=None)

    def of(self, person: "User") -> "SubscriptionQuerySet":
        """His own, and what was asked for his address without a sign-in."""
        return self.filter(models.Q(person=person) | models.Q(address=person.email.lower()))


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

    def with_word_due(self, now: datetime) -> "ProposalQuerySet":
        """Those of which people are to be told, or reminded; also what has ended meanwhile."""
        return self.filter(next_word_at__lte=now)

    def to_open(self, now: datetime) -> "ProposalQuerySet":
        """Letters: an escalation is owed, and is not in the trash with its ticket."""
        may_try = Q(next_try_at=None) | Q(next_try_at__lte=now)
        return self.filter(may_try, mode=CriterionMode.OPEN, ended_at=None, ticket__trashed_at=None)

    def visible_to(self, user: "User") -> "ProposalQuerySet":
        """As escalations: the desk's own business, and of the tickets that one may see."""
        if user.role == Role.CUSTOMER:
            return self.none()
        return self.filter(ticket__in=Ticket.objects.visible_to(user))

    def with_origin(self) -> "ProposalQuerySet":
        """The criterion; or `rule_exists`, whether the rule that it comes of is still there to be looked at."""
        rule = RoutingRule.objects.filter(pk=models.OuterRef("rule_key"))
        return self.select_related("criterion", "team").annotate(rule_exists=models.Exists(rule))

    def with_all(self) -> "ProposalQuerySet":
        return self.with_origin().select_related("ticket__organisation", "ticket__requester", "ticket__team", "by")
