"""Ladders in the settings: their list, the levels of one, whom they would reach, and a rehearsal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.dates import said
from desk.looks.rules.holes import HoleLook, hole_look
from desk.templatetags.desk_time import clock_text, words
from escalation.coverage.proving import Proof, Step
from escalation.coverage.rehearsing import Told, rehearse
from escalation.coverage.standing import Gap
from escalation.coverage.terms import named_by_policies, named_by_rules
from escalation.coverage.world import LevelFacts, Person, Span
from escalation.enums import LIVE_STATES, Reach
from escalation.models import Criterion, Escalation, Ladder, LadderVersion
from people.models import Team

DAY_BEGINS, NIGHT_BEGINS = time(8), time(18)
DAYS = 14
SATURDAY = 5


class Use(NamedTuple):
    """Who leads an escalation onto it: policies and routing rules that name it, criteria of the teams it serves."""

    policies: list[str]
    rules: list[str]
    criteria: int
    teams: int


@dataclass(frozen=True, slots=True)
class LadderLine:
    ladder: Ladder
    used: str
    is_common: bool
    levels: list[str]
    holes: int
    worst: HoleLook | None
    proved_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeatCell:
    """`tone`: c0 to c3, or cx where nobody is scheduled."""

    text: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    title: str
    cells: list[HeatCell]


@dataclass(frozen=True, slots=True)
class Heat:
    days: list[tuple[str, bool]]
    rows: list[HeatRow]


@dataclass(frozen=True, slots=True)
class Line:
    """Of a rehearsal: what happens when; `bad` where it is a hole."""

    when: datetime
    title: str
    detail: str
    bad: bool


def ladder_lines(now: datetime) -> list[LadderLine]:
    """All of them, each with what uses it and what was found last; the same few questions for any number."""
    rows = list(Ladder.objects.select_related("team", "report").prefetch_related("levels").order_by("name"))
    uses = uses_of(rows)
    common = min((row.pk for row in rows if row.team_id is None), default=None)
    return [_line(row, use_words(uses[row.pk]), row.pk == common, now) for row in rows]


def _line(row: Ladder, used: str, is_common: bool, now: datetime) -> LadderLine:
    report = getattr(row, "report", None)
    worst = hole_look(report.holes[0], now) if report and report.holes else None
    levels = [level.get_reach_display() for level in row.levels.all()]
    return LadderLine(row, used, is_common, levels, report.count if report else 0, worst, report.at if report else None)


def uses_of(ladders: Sequence[Ladder]) -> dict[int, Use]:
    named, by_rules = named_by_policies(), named_by_rules()
    by_team = dict(
        Criterion.objects.enabled().exclude(team=None).order_by().values_list("team").annotate(n=Count("pk"))
    )
    own = {ladder.team_id for ladder in Ladder.objects.exclude(team=None)}
    teams = set(Team.objects.values_list("pk", flat=True))
    common = Ladder.objects.filter(team=None).order_by("pk").values_list("pk", flat=True).first()
    found = {}
    for ladder in ladders:
        served = {ladder.team_id} if ladder.team_id else (teams - own if ladder.pk == common else set())
        criteria = sum(by_team.get(team, 0) for team in served if team)
        found[ladder.pk] = Use(named.get(ladder.name, []), by_rules.get(ladder.name, []), criteria, len(served))
    return found


def use_words(use: Use) -> str:
    """“Used by 3 SLA policies and 2 criteria.”"""
    parts = [
        ngettext("%(n)d team", "%(n)d teams", use.teams) % {"n": use.teams} if use.teams else "",
        ngettext("%(n)d SLA policy", "%(n)d SLA policies", len(use.policies)) % {"n": len(use.policies)}
        if use.policies
        else "",
        ngettext("%(n)d routing rule", "%(n)d routing rules", len(use.rules)) % {"n": len(use.rules)}
        if use.rules
        else "",
        ngettext("%(n)d criterion", "%(n)d criteria", use.criteria) % {"n": use.criteria} if use.criteria else "",
    ]
    said = ", ".join(part for part in parts if part)
    return _("Used by %(what)s.") % {"what": said} if said else _("Used by nothing yet.")


def kept_by(ladder: Ladder, current: LadderVersion | None) -> int:
    """How many that are open have the levels of before its last publication frozen onto them.

    Before the first version is what the ladder was when it was first drafted: the same levels.
    """
    if current is None or current.number == 1:
        return 0
    live = Q(state__in=LIVE_STATES, ladder_name=ladder.name, opened_at__lt=current.published_at)
    return Escalation.objects.filter(live).count()


def now_words(level: LevelFacts, step: Step) -> str:
    """Beside a level: who stands there at this moment, and for whom."""
    found = step.cells[level.level - 1].standing
    if found.people:
        return _("now %(names)s") % {"names": names_of(found.people)}
    if level.reach == Reach.ASSIGNEE:
        return _("whoever owns the ticket")
    return _("now nobody")


def names_of(people: Sequence[Person]) -> str:
    shown = ", ".join(one.name for one in people[:3])
    more = len(people) - 3
    return shown if more <= 0 else _("%(names)s and %(n)d more") % {"names": shown, "n": more}


def heat(proof: Proof, severity: int, zone: tzinfo) -> Heat:
    """Fourteen days, each by day and by night; a cell says how many there are at the worst moment of it."""
    first = proof.span.starts_at.astimezone(zone).date()
    dates = [first + timedelta(days=n) for n in range(DAYS)]
    by_day = [_between(date, DAY_BEGINS, date, NIGHT_BEGINS, zone) for date in dates]
    by_night = [_between(date, NIGHT_BEGINS, date + timedelta(days=1), DAY_BEGINS, zone) for date in dates]
    rows = []
    for level in proof.ladder.levels:
        title = {"n": level.level, "who": Reach(level.reach).label}
        rows.append(_row(_("%(n)d %(who)s, day") % title, proof, by_day, severity, level.level))
        if not level.in_hours:
            rows.append(_row(_("%(n)d %(who)s, night") % title, proof, by_night, severity, level.level))
    whole = [Span(day.starts_at, night.ends_at) for day, night in zip(by_day, by_night, strict=True)]
    rows.append(_row(_("Anybody"), proof, whole, severity, 0))
    rows.append(HeatRow(_("If nobody"), [_cell(_fewest_last(proof, part)) for part in whole]))
    return Heat([(said(date, "D j"), date.weekday() >= SATURDAY) for date in dates], rows)


def _between(first: Any, begins: time, last: Any, ends: time, zone: tzinfo) -> Span:
    return Span(datetime.combine(first, begins, tzinfo=zone), datetime.combine(last, ends, tzinfo=zone))


def _row(title: str, proof: Proof, parts: Sequence[Span], severity: int, level: int) -> HeatRow:
    return HeatRow(title, [_cell(_fewest(proof, part, severity, level)) for part in parts])


def _fewest(proof: Proof, part: Span, severity: int, level: int) -> int | None:
    """None where the level is scheduled at no moment of it, or all of it has gone by."""
    counts = []
    for step in proof.steps:
        if step.span.starts_at < part.ends_at and part.starts_at < step.span.ends_at:
            counts.append(step.cells[level - 1].count(severity) if level else len(step.anybody(severity)))
    return min((count for count in counts if count is not None), default=None)


def _fewest_last(proof: Proof, part: Span) -> int | None:
    """Of the last resort; whoever is there is alerted, so each severity counts alike."""
    steps = (step for step in proof.steps if step.span.starts_at < part.ends_at and part.starts_at < step.span.ends_at)
    return min((len(step.last_resort) for step in steps), default=None)


def last_resort_words(proof: Proof | None, now: datetime) -> str:
    """“Fallback team Operations, then every administrator. Now Viktor Sandell and 3 more.”"""
    if proof is None:
        return _("The fallback team, then every administrator.")
    team, people = proof.world.fallback(), proof.at(max(now, proof.span.starts_at)).last_resort
    whose = _("Fallback team %(team)s, then every administrator.") % {"team": team.name} if team else ""
    names = _("Now %(names)s.") % {"names": names_of(people)} if people else _("Now nobody: there is no administrator.")
    return f"{whose or _('Every administrator: there is no fallback team.')} {names}"


def _cell(count: int | None) -> HeatCell:
    if count is None:
        return HeatCell("–", "cx", _("not scheduled"))
    tone = f"c{min(count, 3)}"
    return HeatCell(str(count), tone, ngettext("%(n)d person", "%(n)d people", count) % {"n": count})


def rehearsal(proof: Proof, severity: int, at: datetime) -> list[Line]:
    """Who would be alerted when, if nobody acknowledged."""
    told = rehearse(proof.world, proof.ladder, proof.team, severity, at)
    return [_told_line(one) for one in told]


def _told_line(told: Told) -> Line:
    number = told.level.level
    if told.is_closed:
        return Line(told.at, _("Level %(n)d: outside its hours") % {"n": number}, _("Passed over at once."), bad=False)
    if not told.people:
        gap = told.standing.gap or Gap.NOBODY
        asked = names_of(told.standing.asked)
        detail = f"{asked}: {gap.label}" if asked else str(gap.label)
        return Line(told.at, _("Level %(n)d: nobody") % {"n": number}, f"{detail}.{_instead(told)}", bad=True)
    title = _("Level %(n)d: %(names)s") % {"n": number, "names": names_of(told.people)}
    deaf = [f"{one.name}: {_DEAF[gap]}" for one, gap in told.deaf]
    return Line(told.at, title, " ".join([_by_words(told), *deaf]), bad=len(deaf) == len(told.people))


def _instead(told: Told) -> str:
    if not told.instead:
        return ""
    return " " + _("In its place the last resort: %(names)s.") % {"names": names_of(told.instead)}


def _by_words(told: Told) -> str:
    stands_in = [one.name for one in told.standing.asked if one not in told.people]
    said = [_("In place of %(names)s.") % {"names": ", ".join(stands_in)}] if stands_in else []
    said.append(_("In the app and by mail.") if told.level.by_mail else _("In the app."))
    if told.level.repeat_every:
        known = {"every": words(told.level.repeat_every), "times": told.level.repeat_times}
        said.append(_("Again every %(every)s, %(times)d times.") % known)
    return " ".join(said)


_DEAF = {
    Gap.QUIET: gettext_lazy("wants to be left alone then, and hears of it afterwards."),
    Gap.NO_WAY: gettext_lazy("nothing but the page reaches him."),
    Gap.OUTSIDER: gettext_lazy("is no colleague."),
}


def day_words(zone: tzinfo, now: datetime) -> str:
    place = str(zone).rpartition("/")[2].replace("_", " ")
    return _("Day is 08:00 to 18:00 in %(place)s, night the rest. Absences, duties and calendars as of %(at)s.") % {
        "place": place,
        "at": clock_text(now, now),
    }
