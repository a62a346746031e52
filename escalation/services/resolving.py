"""The front doors' way into Resolve and Close: sight, then the duty or the right, then the action (R24–R54)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow, NotFound
from common.questions import Question
from escalation import duties
from escalation import permissions as may
from escalation.close import analyses, documents, praising, preventing, related, reviews
from escalation.close.related import Outcome
from escalation.communicate import announcing
from escalation.enums import Duty
from escalation.holders import holds
from escalation.initiate.problem_records import open_problem, problems_of
from escalation.models import AffectedCustomer, Analysis, CustomerAnalysis, Escalation
from escalation.parties import forces
from escalation.resolve import task_forces
from people.models import User
from tickets import services as tickets
from tickets.models import Ticket
from tickets.permissions import access_ticket


def name_responsible(*, user: User, number: int, role: str, email: str, now: datetime) -> Escalation:
    """Give one of the three duties to somebody, or take it back (R24–R26)."""
    may.access_to_run(user, number)
    return duties.name_responsible(number=number, by=user, role=role, email=email, now=now)


def verify(
    *, user: User, number: int, now: datetime, note: str = "", customers: str = "", stakeholders: str = ""
) -> Escalation:
    """The architect, and where nobody is named the escalation manager (R24, R47)."""
    _holds(user, number, Duty.ARCHITECT, now)
    return announcing.verify(number=number, by=user, now=now, note=note, customers=customers, stakeholders=stakeholders)


def announce(*, user: User, number: int, now: datetime, customers: str = "", stakeholders: str = "") -> Escalation:
    """The notices of the resolution, by whoever verifies (R47)."""
    _holds(user, number, Duty.ARCHITECT, now)
    return announcing.announce(number=number, by=user, now=now, customers=customers, stakeholders=stakeholders)


def form_task_force(
    *, user: User, number: int, members: Sequence[str], now: datetime, experts: Sequence[str] = ()
) -> Escalation:
    may.access_to_run(user, number)
    return task_forces.form_task_force(number=number, by=user, members=members, experts=experts, now=now)


def present_plan(*, user: User, number: int, body: str, now: datetime, reason: str = "") -> Escalation:
    """By a member of the task force, or whoever runs the escalation (R45)."""
    escalation = may.access_escalation(user, number)
    allowed = forces.is_member(user, escalation) or may.runs(user, escalation)
    may.check(allowed, _("Only the task force may do this."))
    return task_forces.present_plan(number=number, by=user, body=body, reason=reason, now=now)


def review_plan(*, user: User, number: int, version: int, verdict: str, now: datetime, comment: str = "") -> Escalation:
    """By an expert of the task force, and by nobody else (R28)."""
    escalation = may.access_escalation(user, number)
    may.check(forces.is_expert(user, escalation), _("Only an expert of the task force reviews its plan."))
    return task_forces.review_plan(number=number, by=user, version=version, verdict=verdict, comment=comment, now=now)


def resolve_related(*, user: User, number: int, tickets: Sequence[int], now: datetime, body: str = "") -> list[Outcome]:
    """Those that are named, of the linked tickets that this person sees (R49)."""
    may.access_to_work(user, number)
    seen = Ticket.objects.visible_to(user)
    return related.resolve_related(number=number, by=user, chosen=tickets, body=body, within=seen, now=now)


def request_analysis(
    *, user: User, number: int, now: datetime, why: str = "", due_at: datetime | None = None
) -> Escalation:
    """By those who work on it (R50)."""
    may.access_to_work(user, number)
    return analyses.request_analysis(number=number, by=user, why=why, due_at=due_at, now=now)


def request_analysis_for(*, user: User, ticket_number: int, why: str, now: datetime) -> bool:
    """By the customer, of his own request (R50). He learns that it is asked for, and nothing of the escalation.

    False where somebody else has asked before him: his words go to whoever answers his request.
    """
    ticket = access_ticket(user, ticket_number)
    escalation = analysable(ticket) or analysable_with_others(ticket, user)
    if not (user.is_agent or ticket.requester_id == user.pk):
        raise NotFound(_("There is nothing here for you."))
    if escalation is None and why.strip() and _asked_by_another(ticket, user):
        tickets.reply(user=user, number=ticket_number, body=why, now=now)
        return False
    if escalation is None:
        raise _why_not_asked(ticket)
    analyses.request_analysis(number=escalation.number, by=user, why=why, now=now)
    return True


def _asked_by_another(ticket: Ticket, user: User) -> bool:
    """And not by him, of this request or of the larger matter that it is part of."""
    harmed = AffectedCustomer.objects.filter(person=user, ticket=ticket, left_out="").order_by()
    about = Q(escalation__ticket=ticket) | Q(escalation__in=harmed.values("escalation"))
    asked = Analysis.objects.filter(about, escalation__state__in=analyses.ASKABLE, escalation__ticket__trashed_at=None)
    return asked.exists() and not asked.filter(requested_by=user).exists()


def _why_not_asked(ticket: Ticket) -> NotFound | NotAllowedNow:
    """Where he may have seen the form before, a reason; of what he may not know of there is nothing to be asked."""
    known = Escalation.objects.told_to_customers()
    harmed = AffectedCustomer.objects.filter(ticket=ticket, left_out="", escalation__in=known.order_by().values("pk"))
    if known.filter(ticket=ticket).exists() or harmed.exists():
        return NotAllowedNow(
            _("It cannot be asked for now: it has been already, or we are still at work on the matter.")
        )
    return NotFound(_("There is nothing here for you."))


def analysable(ticket: Ticket) -> Escalation | None:
    """The newest escalation of a ticket that came as far as Resolve and of which nobody has asked for an analysis."""
    return _analysable.row(ticket.number)


@Question
def _analysable(ticket: int) -> "QuerySet[Escalation]":
    found = Escalation.objects.filter(ticket=ticket, state__in=analyses.ASKABLE, analysis=None)
    return found.order_by("-number")[:1]


def analysable_with_others(ticket: Ticket, user: User) -> Escalation | None:
    """The same of a larger matter that harms this customer, about which this is his own request."""
    harmed = AffectedCustomer.objects.filter(person=user, ticket=ticket, left_out="")
    found = Escalation.objects.filter(pk__in=harmed.order_by().values("escalation"), state__in=analyses.ASKABLE)
    return found.filter(analysis=None, ticket__trashed_at=None).order_by("-number").first()


def asked_on(ticket: Ticket, user: User, shared: Escalation | None = None) -> Analysis | None:
    """What this customer has asked for on a request of his; `shared`: the larger matter that it is part of."""
    found = _asked_on.row(ticket.number, user.pk)
    if found is None and shared is not None:
        found = Analysis.objects.filter(escalation=shared, requested_by=user).first()
    return found


@Question
def _asked_on(ticket: int, user: int) -> "QuerySet[Analysis]":
    return Analysis.objects.filter(escalation__ticket=ticket, requested_by=user).order_by("-pk")[:1]


def write_analysis(*, user: User, number: int, now: datetime, **given: Any) -> Escalation:
    """Those who work on it gather what is known, and the coordinator, who submits it."""
    _works_or_holds(user, number, Duty.COORDINATOR, now)
    return analyses.write_analysis(number=number, by=user, given=given, now=now)


def submit_analysis(*, user: User, number: int, now: datetime) -> Escalation:
    """The coordinator alone, or the manager where there is none (R26)."""
    _holds(user, number, Duty.COORDINATOR, now)
    return analyses.submit_analysis(number=number, by=user, now=now)


@transaction.atomic
def prevent(*, user: User, number: int, now: datetime) -> list[Ticket]:
    """The actions of the analysis become tasks of the problem record, which is opened with them where there is none."""
    escalation = may.access_to_work(user, number)
    if not preventing.to_prevent(escalation):
        raise NotAllowedNow(_("Every action of the analysis is done or has its task."))
    analysis = escalation.analysis
    problem = Ticket.objects.visible_to(user).filter(pk=analysis.problem_id or 0).select_related("team").first()
    problem = problem or problems_of(escalation, user).first()
    if problem is None:
        given = {"subject": escalation.summary[:200], "findings": analysis.findings}
        problem = open_problem(user=user, number=number, now=now, **given)
    return preventing.open_tasks(number=number, by=user, problem=problem, now=now)


def finish_action(*, user: User, number: int, action_id: int, done: bool, now: datetime) -> Escalation:
    escalation = may.access_to_work(user, number)
    if not escalation.actions.filter(pk=action_id).exists():
        raise InvalidInput.of("action_id", _("%(ref)s has no such action.") % {"ref": escalation.reference})
    reviews.finish_action(pk=action_id, by=user, done=done, now=now)
    return escalation


def compose_analysis(*, user: User, number: int, person: int, now: datetime, body: str = "") -> Escalation:
    """The text for one customer, drafted where none is given (R53); by the executive, too, who sends it."""
    _works_or_holds(user, number, Duty.ENGAGEMENT, now)
    return documents.compose(number=number, by=user, person=person, body=body, now=now)


def check_analysis(*, user: User, number: int, document: int, now: datetime, body: str | None = None) -> Escalation:
    """The second pair of eyes; `body` is the text that they read."""
    may.access_to_work(user, number)
    return documents.check(number=number, by=user, document=document, seen=body, now=now)


def send_analysis(*, user: User, number: int, document: int, now: datetime, body: str | None = None) -> Escalation:
    """The engagement executive alone, or the manager where there is none (R25, R54); `body` is what he read."""
    _holds(user, number, Duty.ENGAGEMENT, now)
    return documents.send(number=number, by=user, document=document, seen=body, now=now)


def access_document(user: User, pk: int) -> CustomerAnalysis:
    """What was sent to this very customer; absent, unsent and another's are alike."""
    found = CustomerAnalysis.objects.select_related("analysis__escalation").filter(
        pk=pk, person=user.pk, sent_at__isnull=False
    )
    document = found.first()
    if document is None:
        raise NotFound(_("There is nothing here for you."))
    return document


def request_about(document: CustomerAnalysis) -> Ticket | None:
    """The reader's own request that it is about, where he has one and it was not put away."""
    escalation = document.analysis.escalation
    lines = AffectedCustomer.objects.filter(escalation=escalation, person=document.person_id)
    own = Q(number=escalation.ticket_id) | Q(number__in=lines.order_by().values("ticket"))
    seen = Ticket.objects.visible_to(document.person)
    return seen.filter(own, requester=document.person_id).order_by("number").first()


def documents_on(ticket: Ticket, user: User) -> list[CustomerAnalysis]:
    """What this customer was sent about a request of his, for its page."""
    return _documents.rows(ticket.number, user.pk)


@Question
def _documents(ticket: int, user: int) -> "QuerySet[CustomerAnalysis]":
    found = CustomerAnalysis.objects.filter(person=user, sent_at__isnull=False)
    of_it = Q(analysis__escalation__ticket=ticket) | Q(
        analysis__escalation__affected__ticket=ticket, analysis__escalation__affected__person=user
    )
    return found.filter(of_it).distinct().order_by("sent_at")


def read_document(*, user: User, pk: int, now: datetime) -> CustomerAnalysis:
    """He has it before him, which is recorded (R54)."""
    document = access_document(user, pk)
    documents.mark_read(document=document, now=now)
    return document


def praise(*, user: User, number: int, to: str, words: str, now: datetime) -> Escalation:
    may.access_to_work(user, number)
    return praising.praise(number=number, by=user, to=to, words=words, now=now)


def _works_or_holds(user: User, number: int, duty: str, now: datetime) -> None:
    escalation = may.access_escalation(user, number)
    allowed = may.works_on(user, escalation) or holds(user, escalation, duty, now)
    may.check(allowed, _("Only those who work on it may do this."))


def _holds(user: User, number: int, duty: str, now: datetime) -> Escalation:
    escalation = may.access_escalation(user, number)
    sentence = _("This belongs to: %(role)s. Where nobody is named, to the escalation manager.")
    may.check(holds(user, escalation, duty, now), sentence % {"role": Duty(duty).label})
    return escalation
