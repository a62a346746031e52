"""The live board: how the desk stands now and for the next hours, by team and person, and what is unusual (R87)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q

from escalation.models import Escalation
from escalation.overview import owing
from people.models import Absence, Team, User
from reports.facts.load import full_hour
from reports.forecast.standing import there_of, with_who_is_there
from reports.models import TicketFact
from reports.sight import seen, seen_load
from reports.unusual import Usual, usual
from tickets.models import Ticket

HOUR = timedelta(hours=1)
WEEKS = 8
_AHEAD = {"past": timedelta(), "hour": HOUR, "four_hours": 4 * HOUR, "day": 24 * HOUR}


@dataclass(frozen=True, slots=True)
class Load:
    """Open tickets of one hand; each later column holds the earlier ones, as `due:<4h` in the search does."""

    open: int = 0
    unowned: int = 0
    past: int = 0
    hour: int = 0
    four_hours: int = 0
    day: int = 0

    def __add__(self, other: "Load") -> "Load":
        return Load(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class TeamNow:
    """`team` is None for what is nobody's; `usual_open` of this hour in earlier weeks, `arrived` in the last hour."""

    team: Team | None
    load: Load
    there: int
    people: int
    usual_open: Usual | None
    arrived: int
    usual_arrived: Usual | None


@dataclass(frozen=True, slots=True)
class PersonNow:
    person: User
    load: Load
    is_away: bool

    @property
    def is_full(self) -> bool:
        return self.person.capacity is not None and self.load.open >= self.person.capacity


@dataclass(frozen=True, slots=True)
class Board:
    """`promises`: escalations that owe anything within the hour or already; `decisions`: asks that wait."""

    load: Load
    urgent_unowned: int
    promises: int
    decisions: int
    teams: Sequence[TeamNow]
    people: Sequence[PersonNow]


def board(user: User, *, now: datetime) -> Board:
    """What the reader may see. Eleven queries, whatever the number of teams, people and tickets."""
    held = _held(user, now)
    by_team = _summed((team, load) for (team, _owner), load in held.items())
    by_owner = _summed((owner, load) for (_team, owner), load in held.items() if owner is not None)
    return Board(
        load=sum(held.values(), Load()),
        urgent_unowned=Ticket.objects.visible_to(user).active().urgent().unowned().count(),
        promises=owing(Escalation.objects.visible_to(user).live(), now + HOUR).count(),
        decisions=Escalation.objects.visible_to(user).requested().count(),
        teams=_teams(user, by_team, now),
        people=_people(by_owner, now),
    )


def _held(user: User, now: datetime) -> dict[tuple[int | None, int | None], Load]:
    """By team and owner, so that one reading serves both."""
    within = {name: Count("pk", filter=Q(next_due_at__lt=now + ahead)) for name, ahead in _AHEAD.items()}
    rows = (
        Ticket.objects.visible_to(user)
        .active()
        .order_by()
        .values_list("team", "assignee")
        .annotate(open=Count("pk"), **within)
        .values_list("team", "assignee", "open", *_AHEAD)
    )
    return {(team, owner): Load(open_, open_ if owner is None else 0, *ahead) for team, owner, open_, *ahead in rows}


def _summed(parts: Iterable[tuple[int | None, Load]]) -> dict[int | None, Load]:
    found: dict[int | None, Load] = defaultdict(Load)
    for key, load in parts:
        found[key] += load
    return found


def _teams(user: User, loads: dict[int | None, Load], now: datetime) -> list[TeamNow]:
    """Busiest first; a team that has nothing and gets nothing is left out."""
    open_before, arrived = _open_before(user, now), _arrivals(user, now)
    teams: dict[int | None, Team] = {team.pk: team for team in with_who_is_there(Team.objects.all())}
    found = []
    for key in {*loads, *arrived[0]}:
        team = teams.get(key)
        there, people = there_of(team, now) if team is not None else (0, 0)
        load = loads.get(key, Load())
        found.append(
            TeamNow(
                team=team,
                load=load,
                there=there,
                people=people,
                usual_open=usual(load.open, open_before(key)),
                arrived=arrived[0][key],
                usual_arrived=usual(arrived[0][key], [week[key] for week in arrived[1:]] if arrived[1:] else []),
            )
        )
    return sorted(found, key=lambda one: (-one.load.past, -one.load.hour, -one.load.open, one.team is None))


def _open_before(user: User, now: datetime) -> Callable[[int | None], list[int]]:
    """What each team had in hand at this hour, week by week; weeks of which nothing is known are left out."""
    hours = [full_hour(now) - timedelta(weeks=back) for back in range(1, WEEKS + 1)]
    rows = seen_load(user).filter(hour__in=hours).values_list("hour", "team", "open")
    by_hour: dict[datetime, Counter[int | None]] = defaultdict(Counter)
    for hour, team, open_ in rows:
        by_hour[hour][team] += open_
    return lambda team: [week[team] for week in by_hour.values()]


def _arrivals(user: User, now: datetime) -> list[Counter[int | None]]:
    """How many came to each team in the last hour, and in the same hour of each earlier week that the desk has seen."""
    facts = seen(TicketFact.objects.all(), user).order_by()
    first = TicketFact.objects.order_by("opened_at").values_list("opened_at", flat=True).first()
    found = []
    for until in (now - timedelta(weeks=back) for back in range(WEEKS + 1)):
        if first is None or until - HOUR < first:
            break
        rows = facts.filter(opened_at__gte=until - HOUR, opened_at__lt=until).values_list(F("team"))
        found.append(Counter(dict(rows.annotate(n=Count("pk")))))
    return found or [Counter()]


def _people(loads: dict[int | None, Load], now: datetime) -> list[PersonNow]:
    """Whoever owns anything, the most pressed first."""
    people = User.objects.filter(pk__in=[key for key in loads if key is not None])
    away = set(
        Absence.objects.filter(user__in=people, starts_at__lte=now, ends_at__gt=now).values_list("user_id", flat=True)
    )
    rows = [PersonNow(person, loads[person.pk], person.pk in away) for person in people]
    return sorted(rows, key=lambda one: (-one.load.past, -one.load.hour, -one.load.open, one.person.name))
