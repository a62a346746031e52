"""A small desk without a hole, and all that can be wrong with it: the table of `test_coverage.py`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from calendars.worktime import Period, work_calendar
from escalation.coverage.standing import Gap
from escalation.coverage.world import LadderFacts, LevelFacts, OnDuty, Person, Span, TeamFacts, World
from notifications.quiet import Wishes
from tests.conftest import AT

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
FOREVER = Span(AT - DAY, AT + 40 * DAY)
FRIDAY_NIGHT = Span(datetime(2026, 11, 27, 18, tzinfo=UTC), datetime(2026, 11, 28, 8, tzinfo=UTC))
ROSA, MONA, VIKTOR, ANNA, ELENA, ADAM, NADIA = range(1, 8)
PAYMENTS, OPERATIONS = 1, 2
LEAD, MANAGERS, ABOVE, DUTY, TEAM, NAMED, ADMINS = range(1, 8)
SQL, RUSSIAN = 1, "ru"
OFFICE = work_calendar("UTC", tuple(Period(day, time(9), time(18)) for day in range(5)), frozenset())
NIGHT = Wishes(ZoneInfo("Europe/Madrid"), (time(22), time(7)))


def _person(key: int, name: str, **fields) -> Person:
    return Person(key, name, **fields)


def clean() -> World:
    """Each level has somebody at each moment, who hears of it; two can decide whoever asks."""
    people = [
        _person(ROSA, "Rosa", language=RUSSIAN),
        _person(MONA, "Mona", manages=True, skills=frozenset({SQL})),
        _person(VIKTOR, "Viktor", manages=True),
        _person(ANNA, "Anna"),
        _person(ELENA, "Elena"),
        _person(ADAM, "Adam", manages=True, is_admin=True),
        _person(NADIA, "Nadia"),
    ]
    reaches = ("lead", "managers", "managers_above", "on_duty", "team", "named", "admins")
    levels = tuple(
        LevelFacts(number, reach, QUARTER, named=(NADIA,) if reach == "named" else ())
        for number, reach in enumerate(reaches, start=1)
    )
    ladder = LadderFacts(1, "Payments", levels, PAYMENTS, OFFICE, (RUSSIAN,), (SQL,))
    return World(
        people={one.key: one for one in people},
        teams={
            PAYMENTS: TeamFacts(PAYMENTS, "Payments", ROSA, (MONA,), (ANNA,), OPERATIONS),
            OPERATIONS: TeamFacts(OPERATIONS, "Operations", VIKTOR, (VIKTOR,), (), None, True),
        },
        duties={PAYMENTS: [OnDuty(ELENA, FOREVER)]},
        ladders={1: ladder},
        skills={SQL: "SQL"},
    )


def ladder_of(world: World) -> LadderFacts:
    return world.ladders[1]


Change = Callable[[World], World]


def both(*changes: Change) -> Change:
    def change(world: World) -> World:
        for one in changes:
            world = one(world)
        return world

    return change


def person(key: int, **fields) -> Change:
    return lambda world: replace(world, people={**world.people, key: replace(world.people[key], **fields)})


def away(key: int, span: Span = FRIDAY_NIGHT, **fields) -> Change:
    return person(key, away=(span,), **fields)


def team(key: int, **fields) -> Change:
    return lambda world: replace(world, teams={**world.teams, key: replace(world.teams[key], **fields)})


def duties(*found: OnDuty) -> Change:
    return lambda world: replace(world, duties={PAYMENTS: list(found)})


def ladder(**fields) -> Change:
    return lambda world: replace(world, ladders={1: replace(ladder_of(world), **fields)})


def only(*levels: int, **fields) -> Change:
    """No other levels; all of them changed alike."""

    def change(world: World) -> World:
        kept = (one for one in ladder_of(world).levels if one.level in levels)
        found = tuple(replace(one, level=number, **fields) for number, one in enumerate(kept, start=1))
        return ladder(levels=found)(world)

    return change


def level(number: int, **fields) -> Change:
    def change(world: World) -> World:
        levels = (replace(one, **fields) if one.level == number else one for one in ladder_of(world).levels)
        return ladder(levels=tuple(levels))(world)

    return change


@dataclass(frozen=True)
class Planted:
    """`span` where it is not there all the time; `severity` where grave alerts get through."""

    change: Change
    gap: Gap
    level: int = 0
    span: Span | None = None
    severity: int = 1
    detail: str = ""


HOUR_OFF = Span(AT + 3 * DAY, AT + 3 * DAY + timedelta(hours=1))
NOON = Span(datetime(2026, 11, 25, 12, tzinfo=UTC), datetime(2026, 11, 25, 13, tzinfo=UTC))
FIRST_NIGHT = Span(datetime(2026, 11, 18, 21, tzinfo=UTC), datetime(2026, 11, 19, 6, tzinfo=UTC))

PLANTED: dict[str, Planted] = {
    "the team has no lead": Planted(team(PAYMENTS, lead=None), Gap.NOBODY, LEAD),
    "there is no team above": Planted(team(PAYMENTS, parent=None), Gap.NOBODY, ABOVE),
    "the level asks for a team too far up": Planted(level(ABOVE, steps_up=2), Gap.NOBODY, ABOVE),
    "nobody manages the team above": Planted(team(OPERATIONS, managers=()), Gap.NOBODY, ABOVE),
    "nobody belongs to the team": Planted(team(PAYMENTS, members=()), Gap.NOBODY, TEAM),
    "nobody is ever on duty": Planted(duties(), Gap.NOBODY, DUTY),
    "an hour between two duties": Planted(
        duties(OnDuty(ELENA, Span(AT - DAY, HOUR_OFF.starts_at)), OnDuty(ANNA, Span(HOUR_OFF.ends_at, AT + 40 * DAY))),
        Gap.NOBODY,
        DUTY,
        HOUR_OFF,
    ),
    "somebody else's team is on duty": Planted(
        lambda world: replace(world, duties={OPERATIONS: world.duties[PAYMENTS]}), Gap.NOBODY, DUTY
    ),
    "nobody is named": Planted(level(NAMED, named=()), Gap.NOBODY, NAMED),
    "whoever was named is deleted": Planted(level(NAMED, named=(99,)), Gap.NOBODY, NAMED),
    "there is no administrator": Planted(person(ADAM, is_admin=False), Gap.NOBODY, ADMINS),
    "the lead is away without a deputy": Planted(away(ROSA), Gap.ABSENT, LEAD, FRIDAY_NIGHT),
    "the lead and the deputy are away at once": Planted(
        both(away(ROSA, deputy=ANNA), away(ANNA, NOON), away(ROSA, NOON, deputy=ANNA)), Gap.ABSENT, LEAD, NOON
    ),
    "two absences touch": Planted(
        person(ROSA, away=(Span(AT + DAY, AT + 2 * DAY), Span(AT + 2 * DAY, AT + 3 * DAY))),
        Gap.ABSENT,
        LEAD,
        Span(AT + DAY, AT + 3 * DAY),
    ),
    "the absence began long ago": Planted(
        away(ROSA, Span(AT - 9 * DAY, AT + DAY)), Gap.ABSENT, LEAD, Span(AT, AT + DAY)
    ),
    "the managers above are away": Planted(away(VIKTOR), Gap.ABSENT, ABOVE, FRIDAY_NIGHT),
    "whoever is on duty is away": Planted(away(ELENA), Gap.ABSENT, DUTY, FRIDAY_NIGHT),
    "the whole team is away": Planted(away(ANNA), Gap.ABSENT, TEAM, FRIDAY_NIGHT),
    "whoever is named is away": Planted(away(NADIA), Gap.ABSENT, NAMED, FRIDAY_NIGHT),
    "the administrators are away": Planted(away(ADAM), Gap.ABSENT, ADMINS, FRIDAY_NIGHT),
    "nobody of the managers, the fallback and the administrators is there": Planted(
        both(away(MONA), away(VIKTOR), away(ADAM)), Gap.ABSENT, MANAGERS, FRIDAY_NIGHT
    ),
    "whoever stands in for the lead sees nothing of the team": Planted(
        both(away(ROSA, deputy=NADIA), team(PAYMENTS, is_restricted=True)), Gap.UNSEEN, LEAD, FRIDAY_NIGHT
    ),
    "whoever is named sees nothing of the team": Planted(team(PAYMENTS, is_restricted=True), Gap.UNSEEN, NAMED),
    "the lead has left": Planted(person(ROSA, is_active=False), Gap.GONE, LEAD),
    "whoever is named has left": Planted(person(NADIA, is_active=False), Gap.GONE, NAMED),
    "whoever is on duty has left": Planted(person(ELENA, is_active=False), Gap.GONE, DUTY),
    "two stand in for each other and both are away": Planted(
        both(away(ROSA, deputy=ANNA), away(ANNA, deputy=ROSA)), Gap.DEPUTIES, LEAD, FRIDAY_NIGHT
    ),
    "one stands in for himself": Planted(away(ROSA, deputy=ROSA), Gap.DEPUTIES, LEAD, FRIDAY_NIGHT),
    "three deputies in a circle": Planted(
        both(away(ROSA, deputy=ANNA), away(ANNA, deputy=NADIA), away(NADIA, deputy=ROSA)),
        Gap.DEPUTIES,
        LEAD,
        FRIDAY_NIGHT,
    ),
    "the team above is below": Planted(team(OPERATIONS, parent=PAYMENTS), Gap.CHAIN),
    "a team stands above itself": Planted(team(PAYMENTS, parent=PAYMENTS), Gap.CHAIN, ABOVE),
    "mail to the lead comes back": Planted(person(ROSA, has_way=False), Gap.NO_WAY, LEAD),
    "nothing reaches who is on duty": Planted(person(ELENA, has_way=False), Gap.NO_WAY, DUTY),
    "no level mails": Planted(only(LEAD, MANAGERS, by_mail=False), Gap.PAGE_ONLY),
    "a customer is named": Planted(person(NADIA, is_colleague=False), Gap.OUTSIDER, NAMED),
    "the lead sleeps": Planted(person(ROSA, wishes=NIGHT), Gap.QUIET, LEAD, FIRST_NIGHT, severity=3),
    "the lead sleeps whatever burns": Planted(
        person(ROSA, wishes=NIGHT, breaks_through=0), Gap.QUIET, LEAD, FIRST_NIGHT
    ),
    "who is named keeps office hours": Planted(
        person(NADIA, wishes=Wishes(UTC, None, OFFICE.next_open), works=OFFICE),
        Gap.QUIET,
        NAMED,
        Span(AT + timedelta(hours=8), AT + timedelta(hours=23)),
        severity=3,
    ),
    "all levels are for working hours": Planted(
        only(LEAD, MANAGERS, in_hours=True), Gap.CLOSED, 0, Span(AT + timedelta(hours=8), AT + timedelta(hours=23))
    ),
    "the only level for the night has nobody": Planted(
        both(duties(), level(LEAD, in_hours=True), only(LEAD, DUTY)), Gap.NOBODY, 2
    ),
    "nobody speaks the language": Planted(person(ROSA, language="en"), Gap.LANGUAGE, detail="ru"),
    "who speaks it is away": Planted(away(ROSA), Gap.LANGUAGE, 0, FRIDAY_NIGHT, detail="ru"),
    "nobody has the skill": Planted(person(MONA, skills=frozenset()), Gap.SKILL, detail="SQL"),
    "who has it is away": Planted(away(MONA), Gap.SKILL, 0, FRIDAY_NIGHT, detail="SQL"),
    "only one can decide": Planted(both(person(MONA, manages=False), person(VIKTOR, manages=False)), Gap.OWN_DECIDER),
    "only one is there to decide": Planted(both(away(MONA), away(VIKTOR)), Gap.OWN_DECIDER, 0, FRIDAY_NIGHT),
    "nobody can decide": Planted(
        both(*(person(key, manages=False, is_admin=False) for key in (MONA, VIKTOR, ADAM))), Gap.NO_DECIDER
    ),
}
