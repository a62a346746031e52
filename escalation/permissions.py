"""Who may see an escalation, and who may do what with it (DESIGN §4, R23–R30)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.errors import NotFound, Refused
from common.questions import one_of
from escalation.enums import WITHDRAWABLE, Duty
from escalation.models import Escalation, Recommendation, Review, TrackedAction
from escalation.querysets import ReviewQuerySet, TrackedActionQuerySet, called
from notifications.models import Alert
from people import chain
from people.models import Team, User
from people.querysets import UserQuerySet
from tickets import permissions as tickets

if TYPE_CHECKING:
    from escalation.overview import Card, Facts


def access_escalation(user: User, number: int) -> Escalation:
    """The escalation, or NotFound for absent and invisible alike. Customers never: the object is internal."""
    if not user.is_authenticated or not user.is_active:
        raise NotFound(_("There is nothing here for you."))
    found = Escalation.objects.visible_to(user).with_people()
    found = found.select_related(
        "breach", "crossing", "proposal__criterion", "ticket__team__lead", "guide__article", "review__owner"
    )
    escalation = one_of(found.filter(number=number))
    if escalation is None:
        raise NotFound(_("There is nothing here for you."))
    return escalation


def access_to_work(user: User, number: int) -> Escalation:
    """For those who work on it; Refused for whoever only sees it, NotFound for all others."""
    escalation = access_escalation(user, number)
    check(works_on(user, escalation), _("Only those who work on it may do this."))
    return escalation


def access_to_run(user: User, number: int) -> Escalation:
    """For its escalation manager; Refused for whoever only sees it, NotFound for all others."""
    escalation = access_escalation(user, number)
    check(runs(user, escalation), _("Only the escalation manager may do this."))
    return escalation


def access_own_request(user: User, number: int) -> Escalation:
    """What he has raised and may still take back, whether or not he sees what became of it; else NotFound.

    A team that keeps its tickets to itself takes a hand-off out of its sender's sight, and not his word from him.
    """
    own = Escalation.objects.filter(requester=user.pk, state__in=WITHDRAWABLE, ticket__trashed_at=None)
    found = one_of(own.with_people().filter(number=number)) if user.is_active and user.is_agent else None
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found


def access_to_withdraw(user: User, number: int) -> Escalation:
    try:
        return access_own_request(user, number)
    except NotFound:
        return access_escalation(user, number)


def who_see(escalation: Escalation) -> UserQuerySet:
    """Everybody at the desk who may see it: `EscalationQuerySet.visible_to`, asked from the other side."""
    if escalation.ticket.trashed_at is not None:
        return User.objects.active().none()
    named = Q(pk__in=called(escalation.number)) | Q(deputises_for__in=called(escalation.number))
    among = Q(pk__in=tickets.who_see(escalation.ticket).values("pk")) | named
    return User.objects.active().staff().filter(among).distinct()


def hearing_of(escalation: Escalation) -> chain.Hears:
    """Who hears of it in the place of another: whoever sees it, as the deputies of those do whom it calls."""
    if not tickets.is_restricted(escalation.ticket):
        return chain.anybody
    return lambda person: who_see(escalation).filter(pk=person.pk).exists()


def recommendations_for(user: User) -> QuerySet[Recommendation]:
    """What is recommended to the whole desk, what was learned from escalations that he sees, and what he is to do."""
    if not user.is_agent:
        return Recommendation.objects.none()
    seen = Q(escalation=None) | Q(escalation__in=Escalation.objects.visible_to(user).order_by().values("pk"))
    return Recommendation.objects.filter(seen | Q(owner=user)).select_related("owner", "made_by", "escalation")


def may_settle(user: User, recommendation: Recommendation) -> bool:
    return user.sets_rules or recommendation.owner_id == user.pk


def access_to_settle(user: User, pk: int) -> Recommendation:
    """For its owner and whoever sets the rules, locked; Refused for whoever only reads it, NotFound for all others."""
    row = recommendations_for(user).select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is nothing here for you."))
    check(may_settle(user, row), _("Only its owner, or an escalation manager, may do this."))
    return row


def reviews_for(user: User) -> ReviewQuerySet:
    """Of the escalations that he sees."""
    found = Review.objects.filter(escalation__in=Escalation.objects.visible_to(user).order_by().values("pk"))
    return found.select_related("owner", "done_by", "waived_by", "escalation")


def actions_for(user: User) -> TrackedActionQuerySet:
    """What was decided after escalations that he sees, and what he is to do himself."""
    if not user.is_agent:
        return TrackedAction.objects.none()
    seen = Escalation.objects.visible_to(user).order_by().values("pk")
    found = TrackedAction.objects.filter(Q(escalation__in=seen) | Q(owner=user)).decided()
    return found.select_related("owner", "escalation__ticket", "escalation__review")


def writes_review(user: User, escalation: Escalation) -> bool:
    """Its owner, and whoever runs the escalation."""
    return runs(user, escalation) or Review.objects.filter(escalation=escalation, owner=user).exists()


def tracked_among(user: User, actions: Sequence[TrackedAction]) -> set[int]:
    """The keys of those of which he says that they are done, whose they are and until when; of many in one query.

    He is the owner of it or of the review, or works on the escalation.
    """
    if user.is_manager:
        return {action.pk for action in actions}
    teams = _teams_of(user)
    return {action.pk for action in actions if user.pk == action.owner_id or _learns_from(user, action, teams)}


def _learns_from(user: User, action: TrackedAction, teams: set[int]) -> bool:
    escalation = action.escalation
    review = getattr(escalation, "review", None)
    people = {escalation.manager_id, escalation.ticket.assignee_id, review.owner_id if review is not None else None}
    return user.pk in people or not teams.isdisjoint({escalation.team_id, escalation.ticket.team_id})


def tracks(user: User, action: TrackedAction) -> bool:
    return action.pk in tracked_among(user, [action])


def runs(user: User, escalation: Escalation) -> bool:
    """Is its escalation manager: by name, as lead or manager of a team that it concerns, or by rank."""
    if user.is_manager or escalation.manager_id == user.pk:
        return True
    return any(_leads(user, team) for team in (escalation.team, escalation.ticket.team) if team is not None)


def works_on(user: User, escalation: Escalation) -> bool:
    """Runs it, owns the ticket, or belongs to the team that it went to."""
    if runs(user, escalation) or escalation.ticket.assignee_id == user.pk:
        return True
    teams = [team for team in (escalation.team_id, escalation.ticket.team_id) if team]
    return user.teams.filter(pk__in=teams).exists()


def may_tick(user: User, escalation: Escalation) -> bool:
    """Works on it, or has raised it: he may have taken steps of the guide before (R70)."""
    return escalation.requester_id == user.pk or works_on(user, escalation)


def was_alerted(user: User, escalation: Escalation) -> bool:
    return (
        works_on(user, escalation) or Alert.objects.filter(recipient=user, escalation_number=escalation.number).exists()
    )


def alerted_among(user: User, cards: Sequence["Card"]) -> set[int]:
    """`was_alerted` for many at once, as their cards know them: the numbers of those that he may acknowledge.

    Of a manager all, without a query; of others two, however many.
    """
    if user.is_manager:
        return {card.facts.number for card in cards}
    teams = _teams_of(user)
    heard = Alert.objects.filter(recipient=user, escalation_number__in=[card.facts.number for card in cards])
    told = set(heard.values_list("escalation_number", flat=True))
    return {card.facts.number for card in cards if card.facts.number in told or _is_about(user, card.facts, teams)}


def _teams_of(user: User) -> set[int]:
    """That he leads, manages or belongs to."""
    his = Q(lead=user) | Q(managers=user) | Q(members=user)
    return set(Team.objects.filter(his).values_list("pk", flat=True))


def _is_about(user: User, facts: "Facts", teams: set[int]) -> bool:
    people, concerned = {facts.manager_id, facts.assignee_id}, {facts.team_id, facts.ticket_team_id}
    return user.pk in people or not teams.isdisjoint(concerned)


def received(user: User, escalation: Escalation) -> bool:
    """Belongs to the team that a functional escalation went to, or manages."""
    team = escalation.team
    if team is None:
        return False
    return user.is_manager or _leads(user, team) or team.members.filter(pk=user.pk).exists()


def may_accept(user: User, escalation: Escalation) -> bool:
    """Of the receiving team, or a manager; whoever sent it takes it only where he belongs to that team."""
    if user.pk != escalation.requester_id:
        return received(user, escalation)
    team = escalation.team
    return team is not None and (_leads(user, team) or team.members.filter(pk=user.pk).exists())


def may_decide(user: User, escalation: Escalation) -> bool:
    """An authority, and never whoever asked (R2); of an exception a senior one (R15)."""
    able = user.decides_exceptions if escalation.procedure.is_exception else user.is_manager
    return able and user.pk != escalation.requester_id


def may_withdraw(user: User, escalation: Escalation) -> bool:
    return user.is_manager or user.pk == escalation.requester_id


def may_declare(user: User, escalation: Escalation) -> bool:
    """Declares resolved, verifies, closes, reopens, de-escalates: a manager (R23, R46)."""
    return user.is_manager


def confirms_access(user: User, escalation: Escalation) -> bool:
    """Says of a customer that he can work again, or that nobody waits for it (R25).

    The customer engagement executive, and whoever runs it: it is open of thousands where a service was down.
    """
    if runs(user, escalation):
        return True
    return any(one.role == Duty.ENGAGEMENT and one.person_id == user.pk for one in escalation.responsibilities.all())


def may_override(user: User, escalation: Escalation) -> bool:
    """Whoever runs it may set a condition aside, with a reason that stays on record."""
    return runs(user, escalation)


def check(allowed: bool, sentence: str) -> None:
    if not allowed:
        raise Refused(sentence)


def _leads(user: User, team: Team) -> bool:
    return team.lead_id == user.pk or team.managers.filter(pk=user.pk).exists()
