"""Somebody stops working here: what is open with him is shown before, and goes to somebody else with the switch (R32).

Tickets, duties, teams and those whose deputy he is go to the successor; a decision that waits for him goes to the
successor where he may make it, else up the chain; an escalation is handed over with a note to be acknowledged (R42).
Reviews that he owes and actions that are not done go to the successor where he may see the escalation, else to who
speaks for its team.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.configuring import configure, remove
from common.errors import InvalidInput, NotAllowedNow, Refused
from escalation.actions import lock_escalation
from escalation.close.reviews import hand_on_reviews
from escalation.communicate.handing import hand_over
from escalation.enums import LIVE_STATES
from escalation.hierarchical.deciding import pass_on
from escalation.models import Ask, Escalation, Review, TrackedAction
from escalation.recording import record_step
from notifications.passing import hand_on
from people import administration, deputies
from people.models import Duty, Team, User
from tickets import actions as tickets
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Left:
    """What is open with somebody."""

    tickets: list[int]
    decisions: list[int]
    escalations: list[int]
    reviews: list[int]
    actions: list[TrackedAction]
    duties: list[Duty]
    leads: list[Team]
    manages: list[Team]
    deputises_for: list[User]

    @property
    def is_nothing(self) -> bool:
        return not any(getattr(self, one.name) for one in fields(self))


@dataclass(slots=True)
class Outcome:
    """`stuck`: what could not be handed on, a sentence each."""

    stuck: list[str] = field(default_factory=list)


def left_with(person: User, now: datetime) -> Left:
    """Nine questions, however much it is."""
    own = Ticket.objects.active().filter(assignee=person, trashed_at=None, merged_into=None).order_by("number")
    running = Escalation.objects.filter(manager=person, state__in=LIVE_STATES).order_by("number")
    return Left(
        tickets=list(own.values_list("number", flat=True)),
        decisions=list(Ask.objects.waiting().filter(person=person).values_list("escalation_id", flat=True)),
        escalations=list(running.values_list("number", flat=True)),
        reviews=list(Review.objects.open().filter(owner=person).values_list("escalation_id", flat=True)),
        actions=list(TrackedAction.objects.open().filter(owner=person)),
        duties=list(Duty.objects.filter(person=person, ends_at__gt=now).select_related("team")),
        leads=list(person.leads.all()),
        manages=list(person.manages.all()),
        deputises_for=list(person.deputises_for.filter(is_active=True)),
    )


@transaction.atomic
def switch_off(*, user: User, person: User, successor: User | None, now: datetime) -> Outcome:
    """`person` is out, with all that is open handed on. Without a successor tickets go back to their teams.

    InvalidInput for a successor who does not work here, or where a team would be left without lead or manager.
    """
    if not user.is_admin:
        raise Refused(_("Only an administrator may do this."))
    left = left_with(person, now)
    _check(person, successor, left)
    outcome = Outcome()
    administration.set_active(by=user, person=person, is_active=False)
    _give_tickets(left, successor, user, now)
    _give_duties(left, successor, user)
    _give_teams(left, person, successor, user)
    _give_deputyships(left, successor, user)
    _pass_decisions(left, successor, user, now, outcome)
    _hand_escalations(left, person, successor, user, now, outcome)
    hand_on_reviews(person=person, successor=successor, by=user, now=now)
    hand_on(person=person, to=successor, now=now)
    return outcome


def _check(person: User, successor: User | None, left: Left) -> None:
    if successor is not None:
        if successor.pk == person.pk:
            raise InvalidInput.of("successor", _("Somebody else takes it over."))
        if not (successor.is_active and successor.is_agent):
            raise InvalidInput.of("successor", _("%(name)s does not work here.") % {"name": successor.name})
        if left.manages and not successor.is_manager:
            raise InvalidInput.of("successor", _("Teams are managed by a manager: choose one."))
        return
    if left.leads or left.manages:
        teams = ", ".join(dict.fromkeys(team.name for team in [*left.leads, *left.manages]))
        raise InvalidInput.of("successor", _("Say who answers for %(teams)s from now on.") % {"teams": teams})


def _give_tickets(left: Left, successor: User | None, by: User, now: datetime) -> None:
    for number in left.tickets:
        ticket = Ticket.objects.select_related("team").get(number=number)
        tickets.give_back(ticket=ticket, now=now, by=by, team=ticket.team, assignee=successor)


def _give_duties(left: Left, successor: User | None, by: User) -> None:
    for duty in left.duties:
        if successor is None:
            remove(duty, by=by)
        else:
            configure(duty, by=by, person=successor)


def _give_teams(left: Left, person: User, successor: User | None, by: User) -> None:
    """`_check` has made sure of a successor where there is a team."""
    if successor is None:
        return
    for team in left.leads:
        configure(team, by=by, lead=successor)
    for team in left.manages:
        had = audit.snapshot(team)
        team.managers.remove(person)
        team.managers.add(successor)
        audit.record_change(by=by, subject=f"team {team}", before=had, after=audit.snapshot(team), of=team)


def _give_deputyships(left: Left, successor: User | None, by: User) -> None:
    """Where the successor would stand in for himself, or close a ring, nobody does."""
    for one in left.deputises_for:
        before = audit.snapshot(one)
        try:
            deputies.check(one, successor)
            one.deputy = successor
        except InvalidInput:
            one.deputy = None
        one.save(update_fields=["deputy"])
        audit.record_change(by=by, subject=f"user {one}", before=before, after=audit.snapshot(one), of=one)


def _pass_decisions(left: Left, successor: User | None, by: User, now: datetime, outcome: Outcome) -> None:
    note = _("Whoever was asked does not work here any more.")
    for number in left.decisions:
        for to in dict.fromkeys((successor, None)):
            try:
                pass_on(number=number, by=by, to=to, note=note, now=now)
                break
            except (InvalidInput, NotAllowedNow):
                continue
        else:
            outcome.stuck.append(_("E-%(number)d: nobody else may decide it.") % {"number": number})


def _hand_escalations(
    left: Left, person: User, successor: User | None, by: User, now: datetime, outcome: Outcome
) -> None:
    note = _("%(name)s does not work here any more; what was agreed stands in the escalation.") % {"name": person.name}
    for number in left.escalations if successor else ():
        try:
            if successor == by:
                _take_over(number, person, by, now)
            else:
                hand_over(number=number, by=by, to=successor.email, note=note, now=now)  # type: ignore[union-attr] # there is one
        except (InvalidInput, NotAllowedNow) as error:
            outcome.stuck.append(f"E-{number}: {error}")


def _take_over(number: int, person: User, by: User, now: datetime) -> None:
    """Whoever switches off takes it himself: there is nobody to acknowledge a note."""
    escalation = lock_escalation(number)
    escalation.manager = by
    escalation.save(update_fields=["manager"])
    record_step(escalation, "taken_over", by=by, now=now, whom=person.name)
