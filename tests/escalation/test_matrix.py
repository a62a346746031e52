"""Who may do what with an escalation at which of its states: every verb × state × role, as `rights.py` has it.

A request and a hand-off are walked once through all states. At each of them every service is called as everybody,
down to where the action would take its lock, which tells rights; and once in earnest by somebody who may, which tells
what the state allows. Nothing is kept of either. A verb, a state, a role or a call that the table lacks fails.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

import escalation
from common.errors import DomainError, InvalidInput, NotAllowedNow, NotFound, Refused
from escalation import holders, permissions, services
from escalation.enums import OPEN_STATES, ByHand, Duty, State
from escalation.initiate import raising
from escalation.models import Escalation, PlanTemplate, Procedure
from escalation.parties import forces
from escalation.procedures.procedures import install_procedures
from escalation.querysets import _CALLS
from escalation.services import resolving as resolving
from knowledge import services as knowledge
from knowledge.actions import Draft
from notifications.models import Alert
from people.enums import Role
from people.models import Team, User
from tests.conftest import AT
from tests.escalation.rights import (
    BY_DUTY,
    CALLED,
    CALLED_WHILE_OPEN,
    CALLS,
    ELSEWHERE,
    EVERYBODY,
    FORCE,
    HIDDEN,
    HOLDERS,
    INSIDE,
    MAY,
    NOT_NOW,
    RAISED,
    RANKS,
    REASON,
    REFUSED,
    ROLES,
    RUN,
    VERBS,
    Scene,
    Verb,
    cast,
)
from tests.escalation.stopping import ReachedError, plainly_locked, reach, stopping_at, undone, without_savepoints
from tests.worlds import lasting
from tickets import actions as tickets
from tickets import linking
from tickets.models import Ticket

# Rights are decided by the same code on either database; what a verb does is tried on both, elsewhere.
pytestmark = pytest.mark.once


@dataclass(frozen=True)
class Seen:
    """What was found at one state: what came of each verb as each role, and who still sees a restricted team's."""

    outcomes: dict[tuple[str, str], str]
    inside: set[str]
    from_the_other_side: set[str]


@dataclass
class Found:
    states: dict[State, Seen] = field(default_factory=dict)
    unnamed: dict[tuple[str, str], str] = field(default_factory=dict)
    raised: dict[tuple[str, str], str] = field(default_factory=dict)
    taken_over_by: set[str] = field(default_factory=set)


# What actions and services do once they know that somebody may.
AFTER_RIGHTS = (
    *("lock_escalation", "record_step", "find_colleague", "open_related"),
    *("tickets_meant", "_person", "_named", "links_of"),
)


@pytest.fixture(scope="module")
def walked(django_db_setup, django_db_blocker) -> Iterator[Found]:
    """Everything is asked once; the tests compare."""
    with lasting(django_db_blocker, AT):
        yield _walk(cast(), AT)


@pytest.fixture
def found(walked: Found, db: None) -> Found:
    return walked


def _walk(people: dict[str, User], now: datetime) -> Found:
    """A hand-off through its steps to the close, another way out of it, and a request that is declined."""
    _guided(people, now)
    found = Found(raised=_raising(people, now))
    scene = _raised(people, now, kind="functional", team_slug="payments")
    _staffed(scene)
    manager = {"user": people["manager"], "number": scene.number, "now": now}
    found.states[State.INITIATED] = _look(scene)
    found.taken_over_by = _who_take_it_over(scene)
    with undone():
        services.withdraw(**manager, reason="As agreed.")
        found.states[State.WITHDRAWN] = _look(scene)
    services.begin_communication(**manager, override_reason=REASON)
    found.states[State.COMMUNICATING] = _look(scene)
    services.begin_resolution(**manager, override_reason=REASON)
    services.choose_cause(**manager, cause="product")
    found.states[State.RESOLVING] = _look(scene)
    services.resolve(**manager, override_reason=REASON)
    found.states[State.RESOLVED] = _look(scene)
    found.unnamed = _unnamed(scene)
    services.close(**manager, override_reason=REASON)
    found.states[State.CLOSED] = _look(scene)
    scene = _raised(people, now, kind="hierarchical")
    found.states[State.REQUESTED] = _look(scene)
    services.decide(user=people["manager"], number=scene.number, decision="decline", note="No.", now=now)
    found.states[State.DECLINED] = _look(scene)
    return found


def _guided(people: dict[str, User], now: datetime) -> None:
    """Every escalation follows a guide, and a plan can be made from a template."""
    install_procedures()
    Procedure.objects.update(guide="as-always")
    knowledge.write(user=people["lead"], slug="as-always", draft=Draft("As always", "So.", (("Ask", True),)), now=now)
    knowledge.approve(user=people["manager"], slug="as-always", number=1, now=now)
    PlanTemplate.objects.create(name="Any", tasks=[{"title": "Call the bank"}])


def _opened(people: dict[str, User], now: datetime, team: str, subject: str = "Stuck") -> Ticket:
    given = {"body": "Since yesterday.", "requester": people["customer"], "now": now}
    return tickets.open_ticket(subject=subject, team=Team.objects.get(slug=team), **given)


def _raised(people: dict[str, User], now: datetime, *, kind: str, **more: Any) -> Scene:
    """By somebody of another team, with everybody around it in his place."""
    ticket = _opened(people, now, "sales" if kind == "functional" else "payments")
    given = {"severity": 3, "reason": "technical", "summary": "Look at it", "now": now, **more}
    made = services.escalate(user=people["requester"], ticket_number=ticket.number, kind=kind, **given)
    Escalation.objects.filter(pk=made.pk).update(manager=people["escalation manager"])
    Ticket.objects.filter(pk=ticket.pk).update(assignee=people["agent on it"])
    for duty, role in HOLDERS.items():
        made.responsibilities.create(role=duty, person=people[role], named_at=now)
    told = {"kind": "escalation", "title": "Look", "dedupe_key": f"matrix:{made.number}", "created_at": now}
    Alert.objects.create(recipient=people["alerted"], escalation_number=made.number, **told)
    return Scene(people, now, made.number)


def _staffed(scene: Scene) -> None:
    """A task force with a plan, a colleague to whom it is handed over, and another ticket of the customer's."""
    people, now = scene.people, scene.now
    resolving.form_task_force(
        user=people["manager"],
        number=scene.number,
        members=[people["on the task force"].email],
        experts=[people["expert"].email],
        now=now,
    )
    escalation = scene.escalation
    escalation.task_force.plans.create(version=1, body="Send the file again.", by=people["on the task force"], at=now)
    clock = escalation.deadlines.create(kind="hand_note", due_at=now + timedelta(minutes=30))
    escalation.hand_overs.create(receiver=people["handed over to"], note="All is said.", at=now, deadline=clock)
    also = _opened(people, now, "payments", subject="Also stuck")
    linking.link(source=also, target=escalation.ticket, relation="related", now=now, by=people["manager"])


def _look(scene: Scene) -> Seen:
    # Whoever was told on the way here may acknowledge, too; of them there is one.
    with undone():
        Alert.objects.exclude(recipient=scene.people["alerted"]).delete()
        with _remembering(scene):
            rights = _rights(scene, VERBS)
            with stopping_at("record_step"), plainly_locked():
                allowed = {function.__name__: _possible(scene, function, verb) for function, verb in VERBS.items()}
        escalation = scene.escalation
        Team.objects.update(restricted=True)
        seen = Escalation.objects.filter(pk=escalation.pk)
        inside = {role for role, person in scene.people.items() if seen.visible_to(person).exists()}
        other = set(permissions.who_see(scene.escalation).values_list("pk", flat=True))
    return Seen(
        outcomes={
            (name, role): NOT_NOW if outcome == MAY and not allowed[name] else outcome
            for (name, role), outcome in rights.items()
        },
        inside=inside,
        from_the_other_side={role for role, person in scene.people.items() if person.pk in other},
    )


def _unnamed(scene: Scene) -> dict[tuple[str, str], str]:
    """The duties' own verbs where nobody holds one."""
    with undone(), _remembering(scene):
        scene.escalation.responsibilities.all().delete()
        return _rights(scene, {function: VERBS[function] for function in BY_DUTY})


def _who_take_it_over(scene: Scene) -> set[str]:
    """Of all who see it, those whom the action lets."""
    found = set()
    for role in EVERYBODY:
        with undone():
            try:
                services.acknowledge_hand_over(user=scene.people[role], number=scene.number, now=scene.now)
            except NotAllowedNow:
                continue
        found.add(role)
    return found


def _raising(people: dict[str, User], now: datetime) -> dict[tuple[str, str], str]:
    ticket = _opened(people, now, "payments")
    given = {"severity": 3, "reason": "technical", "summary": "Look", "team_slug": "sales", "exception": REASON}
    found = {}
    with undone(), pytest.MonkeyPatch.context() as patch, without_savepoints():
        patch.setattr(raising, "_checked", reach)
        for kind in ByHand.values:
            for role in ROLES:
                asked = {"ticket_number": ticket.number, "kind": kind, "now": now, **given}
                found[kind, role] = _outcome(services.escalate, people[role], asked)
    return found


def _rights(scene: Scene, verbs: dict[Callable[..., Any], Verb]) -> dict[tuple[str, str], str]:
    """Down to the lock, or to what is wrong with what was given: that far only those come who may."""
    found = {}
    with undone(), stopping_at(*AFTER_RIGHTS), without_savepoints():
        for function, verb in verbs.items():
            asked = {"number": scene.number, "now": scene.now, **verb.given(scene)}
            for role in ROLES:
                found[function.__name__, role] = _outcome(function, scene.people[role], asked)
    return found


def _outcome(function: Callable[..., Any], user: User, asked: dict[str, Any]) -> str:
    try:
        function(user=user, **asked)
    except NotFound:
        return HIDDEN
    except Refused:
        return REFUSED
    except (ReachedError, DomainError):
        return MAY
    return MAY


def _possible(scene: Scene, function: Callable[..., Any], verb: Verb) -> bool:
    """Whether the state lets it: the action itself, up to where it would write down what it has done."""
    with undone():
        verb.first(scene)
        try:
            function(user=scene.people[verb.by], number=scene.number, now=scene.now, **verb.given(scene))
        except (NotAllowedNow, InvalidInput, Refused):
            return False
        except ReachedError:
            pass
    return True


@contextmanager
def _remembering(scene: Scene) -> Iterator[None]:
    """While nothing changes, sight and rights are asked once of each person, and not once for each verb."""
    found = permissions.access_escalation(scene.people["admin"], scene.number)
    seeing = set(permissions.who_see(found).values_list("pk", flat=True))

    def access(user: User, number: int) -> Escalation:
        if user.pk not in seeing:
            raise NotFound
        return found

    with pytest.MonkeyPatch.context() as patch:
        for name, function in vars(permissions).copy().items():
            if inspect.isfunction(function) and [*inspect.signature(function).parameters] == ["user", "escalation"]:
                patch.setattr(permissions, name, cache(function))
        for place, name in ((forces, "is_member"), (forces, "is_expert"), (resolving, "holds"), (holders, "holder_of")):
            patch.setattr(place, name, cache(getattr(place, name)))
        patch.setattr(permissions, "access_escalation", access)
        yield


def _expected(state: State) -> dict[tuple[str, str], str]:
    # A request has no task force yet.
    nobody = FORCE if state in (State.REQUESTED, State.DECLINED) else set()
    cells = {}
    for function, verb in VERBS.items():
        for role in ROLES:
            known = MAY if state in verb.at else NOT_NOW
            answer = known if verb.who == EVERYBODY or role in verb.who - nobody else REFUSED
            cells[function.__name__, role] = answer if role in EVERYBODY else HIDDEN
    return cells


def _differences(seen: dict[tuple[str, str], str], wanted: dict[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    assert seen.keys() == wanted.keys()
    return {cell: f"{answer}, and not {wanted[cell]}" for cell, answer in seen.items() if answer != wanted[cell]}


@pytest.mark.parametrize("state", State)
def test_each_verb_is_open_to_whom_and_when_the_table_says(found, state):
    assert _differences(found.states[state].outcomes, _expected(state)) == {}


@pytest.mark.parametrize("state", State)
def test_of_a_restricted_team_only_those_within_and_those_who_are_called_see_it(found, state):
    called = CALLED | CALLED_WHILE_OPEN if state in OPEN_STATES else CALLED

    assert found.states[state].inside == INSIDE | called
    assert found.states[state].from_the_other_side == INSIDE | called


def test_what_nobody_is_named_for_is_done_by_whoever_runs_it(found):
    wanted = {
        (function.__name__, role): HIDDEN if role not in EVERYBODY else MAY if role in RUN else REFUSED
        for function in BY_DUTY
        for role in ROLES
    }

    assert _differences(found.unnamed, wanted) == {}


def test_only_whoever_it_is_handed_over_to_takes_it_over(found):
    assert found.taken_over_by == {"handed over to"}


def test_who_may_raise_what_by_hand(found):
    seeing = EVERYBODY | {"customer"}
    wanted = {
        (kind, role): MAY if role in who else REFUSED if role in seeing else HIDDEN
        for kind, who in RAISED.items()
        for role in ROLES
    }

    assert _differences(found.raised, wanted) == {}


def test_the_table_has_every_service_of_an_escalation():
    """What takes a `user` by name is a door's way in; with a `number` it is about an escalation."""
    doors = set()
    for module in pkgutil.walk_packages(escalation.__path__, "escalation."):
        if ".migrations" not in module.name:
            doors |= set(filter(_is_service, vars(importlib.import_module(module.name)).values()))
    of_an_escalation = {function for function in doors if "number" in inspect.signature(function).parameters}

    assert of_an_escalation == VERBS.keys()
    assert doors - of_an_escalation == ELSEWHERE


def _is_service(found: object) -> bool:
    if not inspect.isfunction(found) or found.__name__.startswith("_"):
        return False
    user = inspect.signature(found).parameters.get("user")
    return found.__module__.startswith("escalation.") and user is not None and user.kind is user.KEYWORD_ONLY


def test_the_cast_has_every_rank_every_duty_and_whoever_is_called():
    ranks = {RANKS.get(role, Role.AGENT) for role in ROLES}

    assert ranks == set(Role)
    assert HOLDERS.keys() == set(Duty)
    assert {(rows.split()[0], person) for rows, _number, person, _counts in _CALLS} == CALLS.keys()
    assert set(CALLS.values()) <= EVERYBODY
    assert set().union(*(verb.who for verb in VERBS.values())) <= EVERYBODY
