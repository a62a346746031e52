"""In any world at all: who sees an escalation, asked of all of them at once, one by one, and from its own side."""

from random import Random

import pytest

from chat.models import Room
from common.errors import NotFound
from escalation.defaults import install_procedures
from escalation.models import Escalation, Procedure, TaskForce, TaskForceMember
from escalation.permissions import access_escalation, who_see
from people.enums import MANAGING_ROLES, Role
from people.models import Team, User
from tests.factories.people import make_team, make_user
from tickets.models import Ticket

STATES = ("requested", "initiated", "resolving", "closed")
SIZE = 24


def any_world(chance: Random, at) -> None:
    """People of every rank, deputies, a leaver, open and restricted teams, calls that count and that have ended."""
    staff = [make_user(f"P{n} Worker", email=f"p{n}@meridiano.example") for n in range(6)]
    staff += [make_user("Mona Farias", Role.MANAGER), make_user("Adam Berg", Role.ADMIN)]
    customer = make_user("Cora Menezes", Role.CUSTOMER, email="cora@livraria-aurora.example")
    for person in chance.sample(staff, 3):
        User.objects.filter(pk=person.pk).update(deputy=chance.choice([one for one in staff if one != person]))
    User.objects.filter(pk=chance.choice(staff[:6]).pk).update(is_active=False)
    teams = [None, make_team("Open"), *(make_team(f"Kept {n}", restricted=True) for n in range(3))]
    for team in teams[1:]:
        Team.objects.filter(pk=team.pk).update(lead=chance.choice([None, *staff]))
        team.managers.set(chance.sample(staff, 1))
        team.members.set(chance.sample(staff, 1))
    for number in range(SIZE):
        ticket = Ticket.objects.create(
            subject=f"Matter {number}",
            requester=customer,
            team=chance.choice(teams),
            assignee=chance.choice([None, None, *staff]),
            trashed_at=chance.choice([None] * 5 + [at]),
            created_at=at,
            updated_at=at,
        )
        any_calls(chance, any_escalation(chance, ticket, staff, at), staff, at)


def any_escalation(chance: Random, ticket: Ticket, staff: list[User], at) -> Escalation:
    return Escalation.objects.create(
        **{"kind": "functional", "origin": "agent", "severity": 3, "reason": "tools", "summary": "Look at it"},
        ticket=ticket,
        state=chance.choice(STATES),
        procedure=Procedure.objects.first(),
        manager=chance.choice([None, None, None, *staff]),
        decider=chance.choice([None, None, None, *staff]),
        opened_at=at,
        step_since=at,
    )


def any_calls(chance: Random, one: Escalation, staff: list[User], at) -> None:
    for call in chance.sample(CALLS, chance.choice([0, 0, 1, 2])):
        call(one, chance.choice(staff), at, chance.choice([None, at]))


def _asked(one, person, at, over):
    one.asks.create(
        person=person, asked_as="first", asked_at=at, due_at=at, ended_at=over, end="passed" if over else ""
    )


def _responsible(one, person, at, over):
    one.responsibilities.create(role="architect", person=person, named_at=at)


def _handed(one, person, at, over):
    clock = one.deadlines.create(kind="hand_note", due_at=at)
    one.hand_overs.create(receiver=person, note="Take it", at=at, deadline=clock, dropped_at=over)


def _in_the_force(one, person, at, over):
    force = TaskForce.objects.create(escalation=one, room=Room.objects.create(subject=f"TF-{one.pk}"), formed_at=at)
    force.members.create(person=person, joined_at=at, freed_at=over)


CALLS = (_asked, _responsible, _handed, _in_the_force)


def may_see(person: User, one: Escalation) -> bool:
    """The rule in words of its own: R31 and decision 20."""
    if not person.is_active or person.role == Role.CUSTOMER or one.ticket.trashed_at:
        return False
    team = one.ticket.team
    inside = team is None or not team.restricted or team.lead_id == person.pk
    inside = inside or team.members.filter(pk=person.pk).exists() or team.managers.filter(pk=person.pk).exists()
    if inside or person.role in MANAGING_ROLES or one.ticket.assignee_id == person.pk:
        return True
    named = {one.manager_id, one.decider_id if one.state == "requested" else None}
    named |= set(one.asks.filter(ended_at=None).values_list("person", flat=True))
    named |= set(one.responsibilities.values_list("person", flat=True))
    named |= set(one.hand_overs.filter(dropped_at=None).values_list("receiver", flat=True))
    named |= set(TaskForceMember.objects.filter(force__escalation=one, freed_at=None).values_list("person", flat=True))
    stands_in_for = set(User.objects.filter(deputy=person.pk).values_list("pk", flat=True))
    return bool(named & {person.pk, *stands_in_for})


def is_let_in(person: User, one: Escalation) -> bool:
    try:
        access_escalation(person, one.number)
    except NotFound:
        return False
    return True


@pytest.mark.parametrize("seed", [1, 2])
def test_everybody_sees_the_same_from_every_side_and_what_the_rule_says(seed, db, at):
    install_procedures()
    any_world(Random(seed), at)
    every = list(Escalation.objects.select_related("ticket__team"))

    for person in User.objects.all():
        ruled = {one.number for one in every if may_see(person, one)}
        listed = list(Escalation.objects.visible_to(person).order_by("number").values_list("number", flat=True))
        assert listed == sorted(ruled), person
        assert {one.number for one in every if is_let_in(person, one)} == ruled, person
        assert {one.number for one in every if who_see(one).filter(pk=person.pk).exists()} == ruled, person
