"""The four pain points: load, parties, experience, ownership (R79 to R82), and whether a plan has eased them (R83)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.translation import gettext as _

from escalation.enums import Kind as EscalationKind
from people.models import User
from reports.asked import Asked
from reports.figures import change_of_mean, change_of_median, change_of_share, line, percent, with_room
from reports.gathering import Gathered, Pool
from reports.grounds import SIDE, STEP, Ground
from reports.grounds import cases as cases_of
from reports.measures import SecondsUntil
from reports.models import EscalationFact, TicketFact
from reports.saying import value_text
from reports.shape import Better, Chart, Figure, Kind, Measure, Pick, Report, Unit
from reports.source import Source
from reports.sources import pain_tables
from reports.sources.pain_tables import BAND

KEY = "pain"
HALF_YEAR, TWO_YEARS = timedelta(days=182), timedelta(days=730)
# From so many open tickets a person on, first replies are given under high load.
HIGH_LOAD = 9


def _with_tenure(facts: "QuerySet[Any]", _user: User, _now: datetime) -> "QuerySet[Any]":
    """How long whoever asked had been here: 0 less than half a year, 1 less than two years, 2 longer."""
    begun = F("opened_at")
    tenure = Case(
        When(agent__created_at__gt=begun - HALF_YEAR, then=Value(0)),
        When(agent__created_at__gt=begun - TWO_YEARS, then=Value(1)),
        When(agent__isnull=False, then=Value(2)),
        output_field=IntegerField(null=True),
    )
    found: QuerySet[Any] = facts.annotate(tenure=tenure)
    return found


def _with_unowned(facts: "QuerySet[Any]", _user: User, now: datetime) -> "QuerySet[Any]":
    """What has gone by counts as well, where it is nobody's still."""
    found: QuerySet[Any] = facts.annotate(unowned=F("unowned_seconds") + SecondsUntil("unowned_since", now))
    return found


_REPLIED = Ground(TicketFact, "first_reply_at")
_SOLVED = Ground(TicketFact, "solved_at")
_FUNCTIONAL = Ground(EscalationFact, "opened_at", Q(kind=EscalationKind.FUNCTIONAL), _with_tenure)
_OPENED = Ground(TicketFact, "opened_at", made=_with_unowned)
GROUNDS: Mapping[str, Ground] = {
    "first_reply": _REPLIED,
    "parties": _SOLVED,
    "hand_offs": _SOLVED,
    "experience": _FUNCTIONAL,
    "ownership": _OPENED,
}


def build(user: User, asked: Asked, *, now: datetime) -> Report:
    tables = (pain_tables.load, pain_tables.parties, pain_tables.experience, pain_tables.ownership)
    points = [point(user, asked, now, table) for point, table in zip(POINTS, tables, strict=True)]
    return Report(KEY, _("Pain points"), (*points, _hand_offs(user, asked, now)))


def first_reply(user: User, asked: Asked, now: datetime, table: Any = None) -> Figure:
    """R79: from opening to the first reply by the wall, against how much each had in hand."""
    facts = pain_tables.with_band(_REPLIED.facts(user, asked, now), "load", pain_tables.LOADS)
    found = Gathered(_REPLIED.divided(facts, asked), "first_reply_seconds", STEP, SIDE, BAND)
    return Figure(
        key="first_reply",
        title=_("Slow first reply under load"),
        headline=_headline("first_reply", found.whole),
        note=_("Median from the opening to the first reply, of the replies of this time."),
        finding=_of_load(found),
        better=Better.LOWER,
        change=change_of_median(asked, found),
        chart=_medians(found, _REPLIED, user, asked, now, "first_reply_seconds"),
        table=table(found) if table else None,
    )


def parties(user: User, asked: Asked, now: datetime, table: Any = None) -> Figure:
    """R80: from opening until solved, against how many had a hand in it."""
    facts = pain_tables.with_band(_SOLVED.facts(user, asked, now), "parties", pain_tables.PARTIES)
    facts = facts.annotate(is_handed=ExpressionWrapper(Q(hand_offs__gt=0), BooleanField()))
    keys = (STEP, SIDE, BAND, "is_handed")
    found = Gathered(_SOLVED.divided(facts, asked), "solve_seconds", *keys, beside="parties")
    return Figure(
        key="parties",
        title=_("Many parties, long resolution"),
        headline=_headline("parties", found.whole),
        note=_("Median from the opening until it was solved, of what was solved in this time."),
        finding=_of_parties(found),
        better=Better.LOWER,
        change=change_of_median(asked, found),
        chart=_medians(found, _SOLVED, user, asked, now, "solve_seconds"),
        table=table(found) if table else None,
    )


def experience(user: User, asked: Asked, now: datetime, table: Any = None) -> Figure:
    """R81: who hands over to where the skill is."""
    facts = _FUNCTIONAL.facts(user, asked, now)
    hit = Count("pk", filter=Q(tenure=0))
    found = facts.aggregate(of=Count("pk"), new=hit)
    return Figure(
        key="experience",
        title=_("Not enough experience"),
        headline=Measure(percent(found["new"], found["of"]), Unit.PERCENT, _pick("experience", found["of"])),
        note=_("Share of functional escalations from people who have been here for less than six months."),
        finding=pain_tables.topic_of(facts.filter(tenure=0)),
        better=Better.LOWER,
        change=change_of_share(asked, _FUNCTIONAL, facts, Q(tenure=0)),
        chart=_shares(_FUNCTIONAL, user, asked, now, hit),
        table=table(facts) if table else None,
    )


def _hand_offs(user: User, asked: Asked, now: datetime) -> Figure:
    """R80, by how often it was handed on instead of how many had a hand in it."""
    facts = _SOLVED.facts(user, asked, now)
    banded = pain_tables.with_band(facts, "hand_offs", pain_tables.HAND_OFFS)
    found = Gathered(banded, "solve_seconds", BAND, beside="hand_offs")
    each = found.whole.mean_beside
    return Figure(
        key="hand_offs",
        title=_("Hand-offs and resolution"),
        headline=Measure(None if each is None else round(each, 2), Unit.RATE, _pick("hand_offs", len(found.whole))),
        note=_("Hand-offs a ticket: to another team, or from one owner to another."),
        better=Better.LOWER,
        change=change_of_mean(asked, _SOLVED, facts, "hand_offs"),
        table=pain_tables.hand_offs(found),
    )


def ownership(user: User, asked: Asked, now: datetime, table: Any = None) -> Figure:
    """R82: how long tickets were nobody's, and how often they came back to a team."""
    facts = _OPENED.divided(_OPENED.facts(user, asked, now), asked)
    found = Gathered(facts, "unowned", STEP, SIDE, "team", beside="bounces")
    return Figure(
        key="ownership",
        title=_("No owner, unclear limits"),
        headline=_headline("ownership", found.whole),
        note=_("Median time without an owner, of the tickets that were opened in this time."),
        finding=_of_bounces(found.whole.mean_beside),
        better=Better.LOWER,
        change=change_of_median(asked, found),
        chart=_medians(found, _OPENED, user, asked, now, "unowned"),
        table=table(found) if table else None,
    )


POINTS = (first_reply, parties, experience, ownership)


def _headline(figure: str, whole: Pool) -> Measure:
    return Measure(whole.median, Unit.SECONDS, _pick(figure, len(whole)))


def _pick(figure: str, of: int) -> Pick | None:
    return Pick(figure) if of else None


def _of_load(found: Gathered) -> str:
    loaded = found.among(BAND, [low for low in pain_tables.LOADS if low >= HIGH_LOAD]).median
    if loaded is None:
        return ""
    free = found.among(BAND, [low for low in pain_tables.LOADS if low < HIGH_LOAD]).median
    words = {"n": HIGH_LOAD, "loaded": value_text(loaded, Unit.SECONDS), "free": value_text(free, Unit.SECONDS)}
    return _("With %(n)d open tickets a person and more it takes %(loaded)s, below that %(free)s.") % words


def _of_parties(found: Gathered) -> str:
    each = found.whole.mean_beside
    if each is None:
        return ""
    said = [_("Parties on average: %(n)s.") % {"n": value_text(round(each, 1), Unit.RATE)}]
    medians = {key: pool.median for key, pool in found.by("is_handed").items()}
    if len(medians) == 2:
        words = {name: value_text(medians[key], Unit.SECONDS) for name, key in (("straight", False), ("handed", True))}
        said.append(_("Handed on it takes %(handed)s, otherwise %(straight)s.") % words)
    return " ".join(said)


def _of_bounces(bounces: float | None) -> str:
    return (
        _("Bounces a ticket: %(n)s.") % {"n": value_text(round(bounces, 2), Unit.RATE)} if bounces is not None else ""
    )


def _medians(found: Gathered, ground: Ground, user: User, asked: Asked, now: datetime, column: str) -> Chart:
    """One query."""
    before = Gathered(_a_year_before(ground, user, asked, now), column, STEP)
    sides = ({step: pool.median for step, pool in one.by(STEP).items()} for one in (found, before))
    return _chart(asked, Unit.SECONDS, *sides)


def _shares(ground: Ground, user: User, asked: Asked, now: datetime, hit: Count) -> Chart:
    """Two queries."""
    this = ground.by_step(ground.facts(user, asked, now), asked.span)
    share = {"value": hit * 100.0 / Count("pk")}
    sides = (this, _a_year_before(ground, user, asked, now))
    return _chart(
        asked,
        Unit.PERCENT,
        *(dict(side.order_by().values(STEP).annotate(**share).values_list(STEP, "value")) for side in sides),
    )


def _a_year_before(ground: Ground, user: User, asked: Asked, now: datetime) -> "QuerySet[Any]":
    span = asked.span.year_before()
    return ground.by_step(ground.facts(user, asked, now, span), span)


def _chart(asked: Asked, unit: Unit, this: Mapping[int, float | None], before: Mapping[int, float | None]) -> Chart:
    """This time, and the same weeks of the year before."""
    labels = asked.span.steps()
    lines = [line("now", _("This time"), len(labels), this)]
    earlier = line("before", _("A year before"), len(labels), before, is_earlier=True)
    if any(one is not None for one in earlier.values):
        lines.append(earlier)
    return Chart(Kind.SPARK, unit, labels, tuple(lines), plan=asked.plan)


SOURCE = Source(
    key=KEY,
    title=lambda: _("Pain points"),
    build=with_room(build),
    cases=partial(cases_of, GROUNDS),
    filters=("team", "tier", "service"),
    for_managers=False,
)
