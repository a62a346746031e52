"""Who can be given a ticket: who is there, how much each has, whose turn it is. Reads; `Turns` moves the turn."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from django.db.models import Count

from people import chain
from people.enums import STAFF_ROLES
from people.models import Absence, Team, User, UserSkill
from tickets.models import RoutingTurn, Ticket


@dataclass(frozen=True, slots=True)
class Member:
    """`open`: the tickets that he has; `gravest`: the severity beyond which rules give him nothing (R68)."""

    key: int
    name: str
    open: int = 0
    capacity: int | None = None
    gravest: int = 2
    is_senior: bool = False
    is_away: bool = False
    skills: dict[str, int] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.open >= self.capacity


class Roster(Protocol):
    """What `choosing` asks of a team, named by its short name."""

    def members(self, team: str) -> list[Member]: ...

    def on_duty(self, team: str) -> list[Member]: ...

    def lead(self, team: str) -> Member | None: ...

    def last(self, rule: int, team: str) -> int: ...


class People:
    """Of one moment; each team is read once. What is given is counted here only, not written."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._teams: dict[str, Team | None] = {}
        self._members: dict[str, list[int]] = {}
        self._on_duty: dict[str, list[int]] = {}
        self._leads: dict[str, int | None] = {}
        self._people: dict[int, Member] = {}
        self._last: dict[tuple[int, str], int] = {}

    def members(self, team: str) -> list[Member]:
        """Those of the team who work at the desk, in the order of their turns; the absent among them."""
        if team not in self._members:
            people = User.objects.active().filter(teams__slug=team, role__in=STAFF_ROLES).order_by("pk")
            self._members[team] = self._learn(people)
        return [self._people[key] for key in self._members[team]]

    def on_duty(self, team: str) -> list[Member]:
        """Whoever is on duty for the team, or his deputy; may be somebody of another team."""
        if team not in self._on_duty:
            self._on_duty[team] = self._learn(chain.on_duty(self._team(team), self._now))
        return [self._people[key] for key in self._on_duty[team]]

    def lead(self, team: str) -> Member | None:
        """The lead, or the deputy who stands in for him; None where there is nobody."""
        if team not in self._leads:
            known = self._team(team)
            found = next(iter(chain.lead_of(known, self._now)), None)
            self._leads[team] = self._learn([found])[0] if found is not None and found.is_agent else None
        key = self._leads[team]
        return None if key is None else self._people[key]

    def last(self, rule: int, team: str) -> int:
        """The key of whoever had the last turn of this rule; 0 where nobody had one."""
        if (rule, team) not in self._last:
            self._last[rule, team] = self._last_turn(rule, team)
        return self._last[rule, team]

    def give(self, rule: int, team: str, to: int, *, takes_turn: bool) -> None:
        """Somebody has one more, and has had his turn."""
        self._people[to] = replace(self._people[to], open=self._people[to].open + 1)
        if takes_turn:
            self._last[rule, team] = to

    def _last_turn(self, rule: int, team: str) -> int:
        row = RoutingTurn.objects.filter(rule=rule, team__slug=team).first()
        return row.last if row else 0

    def _team(self, slug: str) -> Team | None:
        if slug not in self._teams:
            self._teams[slug] = Team.objects.select_related("lead").filter(slug=slug).first()
        return self._teams[slug]

    def _learn(self, found: Iterable[User]) -> list[int]:
        people = list(found)
        new = [person for person in people if person.pk not in self._people]
        if new:
            keys = [person.pk for person in new]
            away = set(
                Absence.objects.filter(user__in=keys, starts_at__lte=self._now, ends_at__gt=self._now).values_list(
                    "user_id", flat=True
                )
            )
            mine = Ticket.objects.active().filter(assignee__in=keys, trashed_at=None).order_by()
            load = dict(mine.values_list("assignee").annotate(count=Count("pk")))
            skills: dict[int, dict[str, int]] = {}
            for key, name, level in UserSkill.objects.filter(user__in=keys).values_list("user", "skill__name", "level"):
                skills.setdefault(key, {})[name] = level
            for person in new:
                self._people[person.pk] = _member(person, load.get(person.pk, 0), person.pk in away, skills)
        return [person.pk for person in people]


class Everybody(People):
    """The same with all there and none full: of days that are past, or of a ticket that is only thought of."""

    def _learn(self, found: Iterable[User]) -> list[int]:
        known = set(self._people)
        keys = super()._learn(found)
        for key in set(keys) - known:
            self._people[key] = replace(self._people[key], open=0, capacity=None, is_away=False)
        return keys


class Turns(People):
    """The same where tickets are really given: whose turn it is is held until the transaction ends."""

    def give(self, rule: int, team: str, to: int, *, takes_turn: bool) -> None:
        super().give(rule, team, to, takes_turn=takes_turn)
        if takes_turn:
            RoutingTurn.objects.filter(rule=rule, team__slug=team).update(last=to)

    def _last_turn(self, rule: int, team: str) -> int:
        known = self._team(team)
        if known is None or not rule:
            return 0
        row = RoutingTurn(rule_id=rule, team=known)
        # Two first turns at once: one of the rows is there, and both wait for it below.
        RoutingTurn.objects.bulk_create([row], ignore_conflicts=True)
        return RoutingTurn.objects.select_for_update().get(rule=rule, team=known).last


def _member(person: User, load: int, is_away: bool, skills: dict[int, dict[str, int]]) -> Member:
    return Member(
        key=person.pk,
        name=person.name,
        open=load,
        capacity=person.capacity,
        gravest=person.gravest_severity,
        is_senior=person.is_senior or person.gravest_severity == 1,
        is_away=is_away,
        skills=skills.get(person.pk, {}),
    )
