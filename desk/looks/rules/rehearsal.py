"""The rehearsal beside a draft: what the last days would have been, in figures, bars and names."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from people.chain import managers_of
from people.models import Team
from sla.enums import Metric, Told
from sla.models import Policy
from sla.naming import known
from sla.policies import Terms
from sla.rehearsal.comparing import Comparison, Figures, More, Turn
from sla.rehearsal.played import Fired
from sla.rehearsal.rehearsing import rehearse
from sla.thresholds import sentence
from sla.warnings import told_by
from tickets.models import Ticket

DAYS = 30
# More than this is the command's business (`manage.py rehearse`): a page answers soon.
MOST_TICKETS = 2000
TURNS_SHOWN = 8
# The box of the bars, and how wide each is of its half of a week.
WIDTH, HEIGHT = 600, 120
BAR = 0.34


@dataclass(frozen=True, slots=True)
class Line:
    """One figure under both; `delta` is said with its sign, `tone` says whether that is better or worse."""

    words: str
    before: str
    after: str
    delta: str
    tone: str


@dataclass(frozen=True, slots=True)
class WeekBars:
    """Breaches of one week as two bars of an SVG of `WIDTH` by `HEIGHT`."""

    begins: date
    before: int
    after: int
    x_before: float
    x_after: float
    y_before: float
    y_after: float
    width: float

    @property
    def height_before(self) -> float:
        return round(HEIGHT - self.y_before, 1)

    @property
    def height_after(self) -> float:
        return round(HEIGHT - self.y_after, 1)


@dataclass(frozen=True, slots=True)
class TurnLine:
    turn: Turn
    subject: str
    alerted: str


@dataclass(frozen=True, slots=True)
class WayLine:
    """A threshold that would have come: when, what it does, and whom it would have alerted."""

    number: int
    subject: str
    metric: str
    at: datetime
    what: str
    alerted: str


@dataclass(frozen=True, slots=True)
class RehearsalLook:
    found: Comparison
    is_all: bool
    lines: list[Line]
    weeks: list[WeekBars]
    gained: list[TurnLine]
    lost: list[TurnLine]
    way: list[WayLine]


def rehearsal_look(policy: Policy, terms: Terms, now: datetime) -> RehearsalLook:
    found = rehearse(policy, terms, since=now - timedelta(days=DAYS), until=now, at_most=MOST_TICKETS)
    more = found.more[:TURNS_SHOWN]
    shown = [turn.one.number for turn in found.gained[:TURNS_SHOWN] + found.lost[:TURNS_SHOWN]]
    shown += [one.number for one in more]
    subjects = dict(Ticket.objects.filter(pk__in=shown).values_list("pk", "subject"))
    alerted = _Alerted(now)
    teams = known().teams if any(one.fired.threshold.names_a_team for one in more) else {}

    def lines(turns: list[Turn]) -> list[TurnLine]:
        return [
            TurnLine(turn, subjects.get(turn.one.number, ""), alerted.of(turn.one.team_id))
            for turn in turns[:TURNS_SHOWN]
        ]

    def way_line(one: More) -> WayLine:
        return WayLine(
            one.number,
            subjects.get(one.number, ""),
            str(Metric(one.metric).label),
            one.fired.at,
            sentence(one.fired.threshold, teams),
            alerted.by(one.fired),
        )

    return RehearsalLook(
        found,
        found.tickets < MOST_TICKETS,
        _lines(found),
        _weeks(found, now),
        lines(found.gained),
        lines(found.lost),
        [way_line(one) for one in more],
    )


class _Alerted:
    """Whom a breach of a team's promise alerts, asked once for each team."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._known: dict[int | None, str] = {}
        self._teams: dict[int | None, Team | None] = {}

    def of(self, team_id: int | None) -> str:
        if team_id not in self._known:
            people = managers_of(self._team(team_id), self._now)
            self._known[team_id] = ", ".join(person.name for person in people)
        return self._known[team_id]

    def by(self, fired: Fired) -> str:
        """Whom a threshold alerts: by name who runs the team, in words who else is meant."""
        team = self._team(fired.team_id)
        names = {Told.MANAGERS: self.of(fired.team_id), Told.LEAD: team.lead.name if team and team.lead else ""}
        return ", ".join(names.get(told) or str(told.label) for told in told_by(fired.threshold))

    def _team(self, team_id: int | None) -> Team | None:
        if team_id not in self._teams:
            rows = Team.objects.select_related("lead")
            self._teams[team_id] = rows.filter(pk=team_id).first() if team_id else None
        return self._teams[team_id]


def _lines(found: Comparison) -> list[Line]:
    before, after = found.before, found.after
    kept = [
        _line(
            _("%(metric)s kept") % {"metric": metric.label},
            before.kept_percent(metric),
            after.kept_percent(metric),
            unit=" %",
            more_is_better=True,
        )
        for metric in found.metrics
    ]
    # Every broken promise to a customer opens one escalation, and alerts a team's managers (DESIGN §3.2).
    breaches = _line(_("Breaches, escalations"), before.breaches, after.breaches)
    lines = [*kept, breaches, *_way(before, after), *_teams(before, after)]
    # No promises, so they are in none of the figures above.
    if before.missed_inside or after.missed_inside:
        lines.append(_line(_("Internal targets missed"), before.missed_inside, after.missed_inside))
    return lines


def _way(before: Figures, after: Figures) -> list[Line]:
    """What thresholds do; neither more nor less of it is better."""
    counts = [
        (_("Alerts on the way"), before.alerts, after.alerts),
        (_("Escalated by a threshold"), before.escalated, after.escalated),
    ]
    lines = [_line(words, was, would) for words, was, would in counts if was or would]
    return [replace(line, tone="") for line in lines]


def _teams(before: Figures, after: Figures) -> list[Line]:
    """The load that moves: teams whose number of breaches is another."""
    counts = {key: (before.by_team[key], after.by_team[key]) for key in before.by_team | after.by_team}
    names = dict(Team.objects.filter(pk__in=[key for key in counts if key]).values_list("pk", "name"))
    return [
        _line(_("Breaches of %(team)s") % {"team": names.get(key or 0, _("no team"))}, was, would)
        for key, (was, would) in sorted(counts.items(), key=lambda one: -one[1][1])
        if was != would
    ]


def _line(
    words: str, before: float | None, after: float | None, *, unit: str = "", more_is_better: bool = False
) -> Line:
    was, would = ("–" if value is None else f"{_figure(value, unit)}{unit}" for value in (before, after))
    change = (after or 0) - (before or 0) if before is not None and after is not None else 0
    if round(change, 1) == 0:
        return Line(words, was, would, "0", "")
    better = (change > 0) == more_is_better
    number = _figure(abs(change), unit)
    return Line(words, was, would, f"{'+' if change > 0 else '−'}{number}", "ok" if better else "breach")


def _figure(value: float, unit: str) -> str:
    return number_format(value, 1) if unit else str(value)


def _weeks(found: Comparison, now: datetime) -> list[WeekBars]:
    """The last five weeks, Monday first, as bars side by side."""
    monday = now.date() - timedelta(days=now.weekday())
    starts = [monday - timedelta(weeks=back) for back in range(4, -1, -1)]
    before, after = (_by_week(figures.by_day) for figures in (found.before, found.after))
    top = max([1, *before.values(), *after.values()])
    slot = WIDTH / len(starts)
    return [
        WeekBars(
            start,
            before[start],
            after[start],
            x_before=round(place * slot + slot * 0.12, 1),
            x_after=round(place * slot + slot * (0.16 + BAR), 1),
            y_before=round(HEIGHT - before[start] * HEIGHT / top, 1),
            y_after=round(HEIGHT - after[start] * HEIGHT / top, 1),
            width=round(slot * BAR, 1),
        )
        for place, start in enumerate(starts)
    ]


def _by_week(by_day: Any) -> Counter[date]:
    weeks: Counter[date] = Counter()
    for day, count in by_day.items():
        at = date.fromisoformat(day)
        weeks[at - timedelta(days=at.weekday())] += count
    return weeks
