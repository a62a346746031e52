"""Whom a level reaches at a moment, and who of them would hear of it: `alerting.reaching`, asked of a `World`. Pure.

A test runs real ladders beside it, and both must name the same people.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escalation.coverage.world import LadderFacts, LevelFacts, Person, TeamFacts, World
from escalation.enums import NOT_OF_THE_TEAM, Reach
from notifications.quiet import held_until


class Gap(TextChoices):
    """Why an alert ends with nobody."""

    NOBODY = "nobody", _("Nobody stands there")
    ABSENT = "absent", _("Everybody is away, and so are the deputies")
    UNSEEN = "unseen", _("Whoever stands there, or stands in, may not see what the team keeps to itself")
    GONE = "gone", _("Whoever stood there has left")
    DEPUTIES = "deputies", _("Deputies stand in for each other in a circle")
    CHAIN = "chain", _("The teams stand above each other in a circle")
    OUTSIDER = "outsider", _("Whoever stands there is no colleague")
    NO_WAY = "no_way", _("Nothing besides the page reaches them")
    PAGE_ONLY = "page_only", _("No level tells anybody outside the page")
    QUIET = "quiet", _("Everybody there wants to be left alone")
    CLOSED = "closed", _("Outside working hours, and no level is for then")
    LANGUAGE = "language", _("Nobody who is reached speaks the language")
    SKILL = "skill", _("Nobody who is reached has the skill")
    NO_DECIDER = "no_decider", _("Nobody can decide what is asked up the chain")
    OWN_DECIDER = "own_decider", _("The only one who can decide would be asked about his own request")


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is alerted; `gap` says why nobody is. `asked` are those who should have been."""

    people: tuple[Person, ...]
    asked: tuple[Person, ...] = ()
    gap: Gap | None = None


def standing(world: World, level: LevelFacts, team: TeamFacts | None, at: datetime) -> Standing:
    """For a ticket that nobody owns yet; the hours of the ladder are not asked."""
    asked = tuple(_ASKED[Reach(level.reach)](world, level, team, at))
    people = present(world, asked, at, team)
    if level.reach in NOT_OF_THE_TEAM:
        people = _hearing(team, people)
    if people:
        return Standing(people, asked)
    return Standing((), asked, _why(world, level, team, asked, at))


def last_resort(world: World, at: datetime, about: TeamFacts | None) -> tuple[Person, ...]:
    """`people.chain.last_resort`: the fallback team, then the administrators."""
    team = world.fallback()
    members = sorted(_people(world, team.members), key=lambda one: (one.name, one.key)) if team else []
    staff = [one for one in members if one.is_active and one.is_colleague]
    asked = [*_people(world, [team.lead, *team.managers]), *staff] if team else []
    return _hearing(about, present(world, asked, at, about)) or tuple(_active_admins(world))


def instead_of(
    world: World, level: LevelFacts, team: TeamFacts | None, told_before: bool, at: datetime
) -> tuple[Person, ...]:
    """Who is alerted where the last level reaches nobody (`Reaching.instead_of`)."""
    if told_before and level.reach in (Reach.ASSIGNEE, Reach.MANAGERS_ABOVE):
        return ()
    return last_resort(world, at, team)


def present(world: World, people: Iterable[Person], at: datetime, about: TeamFacts | None = None) -> tuple[Person, ...]:
    """Each or the first deputy along the line who is there and hears of that team, in order, nobody twice."""
    found = (_stand_in(world, person, at, about)[0] for person in people)
    return tuple(dict.fromkeys(person for person in found if person is not None))


def hears(person: Person, level: LevelFacts, severity: int, at: datetime) -> Gap | None:
    """None where it reaches his eyes or ears; else why not. A level for the page alone asks for no way."""
    if not person.is_colleague:
        return Gap.OUTSIDER
    if not level.by_mail:
        return None
    if not person.has_way:
        return Gap.NO_WAY
    is_grave = severity <= person.breaks_through
    return None if is_grave or held_until(person.wishes, at) is None else Gap.QUIET


def deciders(world: World, team: TeamFacts | None, at: datetime) -> list[Person]:
    """Who may decide what is asked up the chain, whoever asks (`hierarchical.authorities`)."""
    chain: list[Person] = []
    for step in upward(world, team):
        chain += present(world, _people(world, [step.lead, *step.managers]), at)
    return list(dict.fromkeys(person for person in (*chain, *_active_admins(world)) if person.manages))


def upward(world: World, team: TeamFacts | None) -> Iterator[TeamFacts]:
    """The team and those above it; a ring of parents ends the walk."""
    seen: set[int] = set()
    while team is not None and team.key not in seen:
        yield team
        seen.add(team.key)
        team = world.teams.get(team.parent) if team.parent is not None else None


def is_ring(world: World, team: TeamFacts) -> bool:
    *_before, last = upward(world, team)
    return last.parent is not None and last.parent in world.teams


def ever_asked(world: World, ladder: LadderFacts, team: TeamFacts | None) -> list[Person]:
    """Everybody whose coming and going can change an answer about this ladder and team, deputies included."""
    found: dict[int, Person] = {}
    duties = world.duties.get(team.key, ()) if team else ()
    teams = [*upward(world, team), *([world.fallback()] if world.fallback() else [])]
    keys = [key for one in teams if one for key in (one.lead, *one.managers)]
    keys += fallback.members if (fallback := world.fallback()) else ()
    keys += [key for level in ladder.levels for key in level.named]
    keys += [*(team.members if team else ()), *(duty.person for duty in duties)]
    ahead = [*_people(world, keys), *world.admins()]
    while ahead:
        person = ahead.pop()
        if person.key not in found:
            found[person.key] = person
            ahead += _people(world, [person.deputy])
    return list(found.values())


def _hearing(about: TeamFacts | None, people: tuple[Person, ...]) -> tuple[Person, ...]:
    return tuple(person for person in people if about is None or about.lets_in(person))


def _stand_in(world: World, person: Person, at: datetime, about: TeamFacts | None = None) -> tuple[Person | None, bool]:
    """Whoever is there and hears of it; and, where nobody does, whether the deputies run in a circle."""
    seen: set[int] = set()
    one: Person | None = person
    while one is not None and one.key not in seen:
        if one.is_there(at) and (one is person or about is None or about.lets_in(one)):
            return one, False
        seen.add(one.key)
        one = world.people.get(one.deputy) if one.deputy is not None else None
    return None, one is not None


def _why(world: World, level: LevelFacts, team: TeamFacts | None, asked: tuple[Person, ...], at: datetime) -> Gap:
    if present(world, asked, at):
        return Gap.UNSEEN
    if any(_stand_in(world, person, at)[1] for person in asked):
        return Gap.DEPUTIES
    if asked:
        return Gap.ABSENT if any(person.is_active for person in asked) else Gap.GONE
    above = level.reach == Reach.MANAGERS_ABOVE and team is not None
    return Gap.CHAIN if above and team is not None and is_ring(world, team) else Gap.NOBODY


def _people(world: World, keys: Iterable[int | None]) -> list[Person]:
    return [world.people[key] for key in keys if key is not None and key in world.people]


def _active_admins(world: World) -> list[Person]:
    return [person for person in world.admins() if person.is_active]


def _assignee(world: World, level: LevelFacts, team: TeamFacts | None, at: datetime) -> Iterable[Person]:
    return ()


def _lead(world: World, level: LevelFacts, team: TeamFacts | None, at: datetime) -> Iterable[Person]:
    return _people(world, [team.lead] if team else [])


def _managers(world: World, level: LevelFacts, team: TeamFacts | None, at: datetime) -> Iterable[Person]:
    """Never nobody while there is an administrator (`people.chain.managers_of`)."""
    for one in (team, world.fallback()):
        if one is not None and (found := _managing(world, one, team, at)):
            return found
    return _active_admins(world)


def _managing(world: World, asked: TeamFacts, about: TeamFacts | None, at: datetime) -> tuple[Person, ...]:
    """Whoever manages a team by name, or in another's place; the fallback team's where they may hear of it."""
    found = present(world, _people(world, asked.managers), at, about)
    return found if asked is about else _hearing(about, found)


def _above(world: World, level: LevelFacts, team: TeamFacts | None, at: datetime) -> Iterable[Person]:
    above = next(islice(upward(world, team), level.steps_up, None), None)
    return _people(world, above.managers if above else [])


def _members(world: World, level: LevelFacts, team: TeamFacts | None, at: datetime) -> Iterable[Person]:
    return [person for person in _people(world, team.members if team else []) if person.is_active]


def _on_duty(world: World, level: LevelFacts, team: TeamFacts | None, at: datetime) -> Iterable[Person]:
    duties = world.duties.get(team.key, ()) if team else ()
    return _people(world, [duty.person for duty in duties if duty.span.holds(at)])


def _named(world: World, level: LevelFacts, team: TeamFacts | None, at: datetime) -> Iterable[Person]:
    return sorted(_people(world, level.named), key=lambda one: (one.name, one.key))


def _admins(world: World, level: LevelFacts, team: TeamFacts | None, at: datetime) -> Iterable[Person]:
    return _active_admins(world)


_ASKED: dict[Reach, Callable[[World, LevelFacts, TeamFacts | None, datetime], Iterable[Person]]] = {
    Reach.ASSIGNEE: _assignee,
    Reach.LEAD: _lead,
    Reach.MANAGERS: _managers,
    Reach.MANAGERS_ABOVE: _above,
    Reach.TEAM: _members,
    Reach.ON_DUTY: _on_duty,
    Reach.NAMED: _named,
    Reach.ADMINS: _admins,
}
