"""The desk as a `World`: read once, in a number of queries that grows with nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from calendars.models import CalendarVersion
from calendars.worktime import WorkTime
from escalation.alerting.ladders import DEFAULT_LEVELS
from escalation.coverage.proving import AHEAD
from escalation.coverage.world import LadderFacts, LevelFacts, OnDuty, Person, Span, TeamFacts, World
from escalation.models import Ladder, LadderLevel
from notifications.models import Preferences
from notifications.routing import wishes_of
from notifications.ways import standings
from people.enums import STAFF_ROLES
from people.models import Absence, Duty, Skill, Team, User, UserSkill
from sla.hours import hours_of

# As `Ladders` has them where a ladder has no level of its own.
DEFAULTS = tuple(LevelFacts(number, str(one.reach), one.delay) for number, one in enumerate(DEFAULT_LEVELS, start=1))


def load(now: datetime) -> World:
    """As it stands now, with the absences and duties of the days to come."""
    window = {"starts_at__lt": now + AHEAD + AHEAD, "ends_at__gt": now - AHEAD}
    duties = _duties(window)
    teams = _teams()
    ladders = _ladders()
    named = {key for team in teams.values() for key in (team.lead, *team.managers, *team.members) if key}
    named |= {one.person for found in duties.values() for one in found}
    named |= {key for ladder in ladders.values() for level in ladder.levels for key in level.named}
    return World(
        people=_people(named, window),
        teams=teams,
        duties=duties,
        ladders=ladders,
        skills=dict(Skill.objects.values_list("pk", "name")),
    )


def facts_of(ladder: Ladder, levels: Iterable[LadderLevel], hours: CalendarVersion | None) -> LadderFacts:
    """As it is saved; its levels, their people and its skills are at hand."""
    found = tuple(_level(number, level) for number, level in enumerate(levels, start=1))
    return LadderFacts(
        key=ladder.pk,
        name=ladder.name,
        levels=found or DEFAULTS,
        team=ladder.team_id,
        hours=hours_of(hours),
        languages=tuple(ladder.languages),
        skills=tuple(skill.pk for skill in ladder.skills.all()),
    )


def _level(number: int, level: LadderLevel) -> LevelFacts:
    return LevelFacts(
        level=number,
        reach=level.reach,
        delay=level.delay,
        steps_up=level.steps_up,
        named=tuple(person.pk for person in level.people.all()),
        in_hours=level.in_hours,
        by_mail=level.by_mail,
        repeat_every=level.repeat_every,
        repeat_times=level.repeat_times,
    )


def _ladders() -> dict[int, LadderFacts]:
    """Those without a team from the oldest on: the first serves everybody."""
    rows = Ladder.objects.select_related("calendar").prefetch_related("levels__people", "calendar__versions", "skills")
    found = {}
    for row in rows.order_by("pk"):
        hours = row.calendar.current if row.calendar is not None else None
        found[row.pk] = facts_of(row, row.levels.all(), hours)
    return found


def _teams() -> dict[int, TeamFacts]:
    managers, members = _linked(Team.managers.through), _linked(Team.members.through)
    return {
        team.pk: TeamFacts(
            key=team.pk,
            name=team.name,
            lead=team.lead_id,
            managers=tuple(managers[team.pk]),
            members=tuple(members[team.pk]),
            parent=team.parent_id,
            is_fallback=team.is_fallback,
            is_restricted=team.restricted,
        )
        for team in Team.objects.order_by("name")
    }


def _linked(through: Any) -> defaultdict[int, list[int]]:
    """People of each team in the order in which they are asked."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for team, person in through.objects.order_by("user__name", "user").values_list("team", "user"):
        found[team].append(person)
    return found


def _duties(window: Mapping[str, datetime]) -> dict[int, list[OnDuty]]:
    found: defaultdict[int, list[OnDuty]] = defaultdict(list)
    rows = Duty.objects.filter(**window).order_by("starts_at", "pk")
    for team, person, *span in rows.values_list("team", "person", "starts_at", "ends_at"):
        found[team].append(OnDuty(person, Span(*span)))
    return dict(found)


def _people(named: set[int], window: Mapping[str, datetime]) -> dict[int, Person]:
    """All colleagues, whoever stands somewhere besides, and everybody's deputies."""
    asked = Q(role__in=STAFF_ROLES) | Q(pk__in=named) | Q(deputises_for__isnull=False)
    users = list(User.objects.get_queryset().filter(asked).distinct().order_by("name", "pk"))
    away: defaultdict[int, list[Span]] = defaultdict(list)
    for person, *span in Absence.objects.filter(**window).values_list("user", "starts_at", "ends_at"):
        away[person].append(Span(*span))
    skills: defaultdict[int, set[int]] = defaultdict(set)
    for person, skill in UserSkill.objects.values_list("user", "skill"):
        skills[person].add(skill)
    reached = {one.person.pk: one.is_reached for one in standings(users)}
    wishes = _wishes(users)
    return {
        user.pk: _person(user, tuple(away[user.pk]), frozenset(skills[user.pk]), reached[user.pk], wishes.get(user.pk))
        for user in users
    }


def _wishes(users: Sequence[User]) -> dict[int, Preferences]:
    rows = Preferences.objects.filter(person__in=[user.pk for user in users])
    return {row.person_id: row for row in rows.select_related("calendar").prefetch_related("calendar__versions")}


def _person(
    user: User, away: tuple[Span, ...], skills: frozenset[int], has_way: bool, wish: Preferences | None
) -> Person:
    wish = wish or Preferences(person=user)
    works: WorkTime | None = wish.calendar.current.work_calendar() if wish.calendar else None
    return Person(
        key=user.pk,
        name=user.name,
        is_active=user.is_active,
        is_colleague=user.is_agent,
        manages=user.is_manager,
        is_admin=user.is_admin,
        deputy=user.deputy_id,
        away=away,
        language=user.language,
        skills=skills,
        has_way=has_way,
        wishes=wishes_of(wish, user.time_zone),
        breaks_through=wish.breaks_through,
        works=works,
    )
