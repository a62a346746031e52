"""What was escalated and how it went: how often, how fast, what was promised, what could have been spared (R84)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypedDict

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Sum, When
from django.utils.translation import gettext as _

from escalation.enums import Cause, State
from people.models import User
from reports.asked import Asked
from reports.facts.escalations import STEPS
from reports.figures import change_of_median, change_of_share, percent, with_room
from reports.gathering import Gathered, Values
from reports.grounds import SIDE, Ground, band, cell
from reports.grounds import cases as cases_of
from reports.measures import SecondsUntil
from reports.models import EscalationFact, TicketFact
from reports.shape import Better, Change, Column, Figure, Measure, Pick, Report, Row, Table, Unit
from reports.sight import seen
from reports.source import Source
from reports.sources import flow, rates
from reports.sources.flow import OPENED

KEY = "escalations"
# Another one of the same customer within this time is a repeated one.
AGAIN_WITHIN = timedelta(days=30)
# Causes that lie with the desk: with knowledge, a clear owner or more authority it would not have come to it.
OWN_FAULTS = (Cause.EXPERIENCE, Cause.OWNERSHIP, Cause.AUTHORITY)
AVOIDABLE = Q(cause__in=OWN_FAULTS) | Q(is_bounced=True) | Q(state=State.DECLINED)
DAY = 86_400
AGES = (0, 1, 3, 7, 14)


def _again(facts: "QuerySet[Any]", user: User, _now: datetime) -> "QuerySet[Any]":
    """Whether the same customer had another one shortly before: his organisation's, or his own where he has none.

    That the reader may see: else he would read off that somebody has a matter which is closed to him.
    """
    before = seen(EscalationFact.objects.all(), user).filter(
        opened_at__lt=OuterRef("opened_at"), opened_at__gte=OuterRef("opened_at") - AGAIN_WITHIN
    )
    same_house = before.filter(organisation=OuterRef("organisation"))
    same_person = before.filter(organisation=None, customer=OuterRef("customer"))
    found: QuerySet[Any] = facts.annotate(
        again=Case(When(organisation=None, then=Exists(same_person)), default=Exists(same_house))
    )
    return found


def _aged(facts: "QuerySet[Any]", _user: User, now: datetime) -> "QuerySet[Any]":
    found: QuerySet[Any] = facts.annotate(age=SecondsUntil("resolved_at", now))
    return found


_SPARED = Ground(EscalationFact, "opened_at", AVOIDABLE)
_REPEATED = Ground(EscalationFact, "opened_at", Q(again=True), _again)
_TOLD = Ground(EscalationFact, "opened_at", Q(is_told_in_time__isnull=False))
_PROMISED = Ground(EscalationFact, "opened_at", Q(promises_kept__gt=0) | Q(promises_broken__gt=0))
_HANDED = Ground(EscalationFact, "opened_at", Q(is_bounced__isnull=False))
_TAKEN = Ground(EscalationFact, "opened_at", Q(acknowledge_seconds__isnull=False))
_UNCLOSED = Ground(EscalationFact, "", Q(state=State.RESOLVED, resolved_at__isnull=False), _aged)
_LEFT = {column: Ground(EscalationFact, "opened_at", Q(**{f"{column}__isnull": False})) for column in STEPS.values()}
GROUNDS: Mapping[str, Ground] = {
    **flow.GROUNDS,
    **dict.fromkeys(rates.FIGURES, OPENED),
    "tickets_opened": Ground(TicketFact, "opened_at"),
    "avoidable": _SPARED,
    "repeated": _REPEATED,
    "told": _TOLD,
    "promises": _PROMISED,
    "bounced": _HANDED,
    "acknowledged": _TAKEN,
    "unclosed": _UNCLOSED,
    **_LEFT,
}


class _Parts(TypedDict):
    headline: Measure
    change: Change | None
    table: Table


def build(user: User, asked: Asked, *, now: datetime) -> Report:
    facts, tickets = OPENED.facts(user, asked, now), GROUNDS["tickets_opened"].facts(user, asked, now)
    figures = [
        flow.opened(user, asked, now),
        flow.ended(user, asked, now),
        _told(user, asked, now),
        _promises(user, asked, now),
        _acknowledged(user, asked, now),
        _steps(facts),
        _avoidable(user, asked, now),
        _repeated(user, asked, now),
        _bounced(user, asked, now),
        flow.standing(user, asked, now),
        _unclosed(user, asked, now),
        *rates.figures(facts, tickets),
    ]
    return Report(KEY, _("Escalations"), tuple(figures))


def _told(user: User, asked: Asked, now: datetime) -> Figure:
    """R35: everybody who must hear of it, within the hour."""
    return Figure(
        key="told",
        title=_("Communicated within the hour"),
        note=_("Of the escalations of which somebody must hear."),
        better=Better.HIGHER,
        **_yes_or_no("told", "is_told_in_time", (_("Within the hour"), _("Late")), user, asked, now),
    )


def _yes_or_no(key: str, column: str, words: tuple[str, str], user: User, asked: Asked, now: datetime) -> _Parts:
    """The share of those of which it is so, and how many are so and not so. Two queries."""
    ground, so = GROUNDS[key], Q(**{column: True})
    facts = ground.facts(user, asked, now)
    found = facts.aggregate(yes=Count("pk", filter=so), no=Count("pk", filter=~so))
    of = found["yes"] + found["no"]
    rows = [
        Row((name, count), {"of": Pick(key, cell(**{column: is_so}))})
        for name, count, is_so in zip(words, (found["yes"], found["no"]), (True, False), strict=True)
        if count
    ]
    return {
        "headline": Measure(percent(found["yes"], of), Unit.PERCENT, Pick(key) if of else None),
        "change": change_of_share(asked, ground, facts, so),
        "table": Table((Column("name", _("What"), Unit.TEXT), Column("of", _("Escalations"))), tuple(rows)),
    }


def _promises(user: User, asked: Asked, now: datetime) -> Figure:
    """R36: updates came when they were promised."""
    facts = _PROMISED.facts(user, asked, now)
    found = facts.aggregate(
        kept=Sum("promises_kept", default=0),
        broken=Sum("promises_broken", default=0),
        timely=Count("pk", filter=Q(promises_kept__gt=0)),
        late=Count("pk", filter=Q(promises_broken__gt=0)),
        of=Count("pk"),
    )
    columns = (
        Column("name", _("Updates"), Unit.TEXT),
        Column("updates", _("How many")),
        Column("of", _("Escalations")),
    )
    rows = [
        Row((words, found[updates], found[with_any]), {"of": Pick("promises", cell(**{updates_of: band(1)}))})
        for words, updates, with_any, updates_of in (
            (_("In time"), "kept", "timely", "promises_kept"),
            (_("Late"), "broken", "late", "promises_broken"),
        )
        if found[updates]
    ]
    share = percent(found["kept"], found["kept"] + found["broken"])
    return Figure(
        key="promises",
        title=_("Promised updates kept"),
        headline=Measure(share, Unit.PERCENT, Pick("promises") if found["of"] else None),
        note=_("Of the updates that were promised to anybody."),
        better=Better.HIGHER,
        table=Table(columns, tuple(rows)),
    )


def _acknowledged(user: User, asked: Asked, now: datetime) -> Figure:
    """How long until somebody took it on, and at which level of its ladder."""
    facts = _TAKEN.facts(user, asked, now)
    rows = facts.order_by("level").values("level").annotate(of=Count("pk"), waits=Values("level_seconds"))
    columns = (
        Column("name", _("Level"), Unit.TEXT),
        Column("of", _("Acknowledged")),
        Column("median", _("After its alert"), Unit.SECONDS),
    )
    table = [
        Row(
            (
                _("Level %(n)d") % {"n": row["level"]} if row["level"] else _("Before any alert"),
                row["of"],
                row["waits"].median,
            ),
            {"of": Pick("acknowledged", cell(level=row["level"]))},
        )
        for row in rows
    ]
    found = Gathered(_TAKEN.by_side(facts, asked), "acknowledge_seconds", SIDE)
    return Figure(
        key="acknowledged",
        title=_("Time to acknowledge"),
        headline=Measure(found.whole.median, Unit.SECONDS, Pick("acknowledged") if found.whole else None),
        note=_("Median from the start; by level, from the alert of the highest level that was reached."),
        better=Better.LOWER,
        change=change_of_median(asked, found),
        table=Table(columns, tuple(table)),
    )


def _steps(facts: "QuerySet[Any]") -> Figure:
    """How long they stand at each step."""
    found = facts.aggregate(**{column: Values(column) for column in (*STEPS.values(), "solve_seconds")})
    columns = (
        Column("name", _("Step"), Unit.TEXT),
        Column("of", _("Left it")),
        Column("median", _("Median time"), Unit.SECONDS),
    )
    rows = [
        Row((str(state.label), len(found[column]), found[column].median), {"of": Pick(column)})
        for state, column in STEPS.items()
        if found[column]
    ]
    return Figure(
        key="steps",
        title=_("Time for each step"),
        headline=Measure(found["solve_seconds"].median, Unit.SECONDS),
        note=_("Median until declared resolved; below, at each step that was left."),
        better=Better.LOWER,
        table=Table(columns, tuple(rows)),
    )


def _avoidable(user: User, asked: Asked, now: datetime) -> Figure:
    facts = OPENED.facts(user, asked, now)
    found = facts.aggregate(of=Count("pk"), spared=Count("pk", filter=AVOIDABLE))
    share = percent(found["spared"], found["of"])
    return Figure(
        key="avoidable",
        title=_("Avoidable"),
        headline=Measure(share, Unit.PERCENT, Pick("avoidable") if found["spared"] else None),
        note=_("Declined, returned, or for want of experience, a clear owner or authority."),
        better=Better.LOWER,
        change=change_of_share(asked, OPENED, facts, AVOIDABLE),
        table=_number(_("Avoidable"), found["spared"], "avoidable"),
    )


def _number(words: str, number: int, figure: str) -> Table:
    columns = (Column("name", _("What"), Unit.TEXT), Column("of", _("Escalations")))
    return Table(columns, (Row((words, number), {"of": Pick(figure)}),) if number else ())


def _repeated(user: User, asked: Asked, now: datetime) -> Figure:
    of = OPENED.facts(user, asked, now).count()
    again = _REPEATED.facts(user, asked, now).count()
    return Figure(
        key="repeated",
        title=_("Repeated"),
        headline=Measure(percent(again, of), Unit.PERCENT, Pick("repeated") if again else None),
        note=_("Of customers who had another one within thirty days before."),
        better=Better.LOWER,
        table=_number(_("Repeated"), again, "repeated"),
    )


def _bounced(user: User, asked: Asked, now: datetime) -> Figure:
    return Figure(
        key="bounced",
        title=_("Returned hand-offs"),
        note=_("Of what was handed to another team."),
        better=Better.LOWER,
        **_yes_or_no("bounced", "is_bounced", (_("Returned"), _("Kept by the receiver")), user, asked, now),
    )


def _unclosed(user: User, asked: Asked, now: datetime) -> Figure:
    """R55: resolved and not closed, as they stand now whatever the days that are asked for."""
    facts = _UNCLOSED.facts(user, asked, now)
    bounds = [low * DAY for low in AGES]
    pairs = list(zip(bounds, [*bounds[1:], None], strict=True))
    found = facts.aggregate(
        of=Count("pk"),
        **{f"from_{low}": Count("pk", filter=_between(low, high)) for low, high in pairs},
    )
    columns = (Column("name", _("Resolved since"), Unit.TEXT), Column("of", _("Not closed")))
    rows = [
        Row((_days(low, high), found[f"from_{low}"]), {"of": Pick("unclosed", cell(age=band(low, high)))})
        for low, high in pairs
        if found[f"from_{low}"]
    ]
    return Figure(
        key="unclosed",
        title=_("Resolved and not closed"),
        headline=Measure(found["of"], Unit.COUNT, Pick("unclosed") if found["of"] else None),
        note=_("As it stands now."),
        better=Better.LOWER,
        table=Table(columns, tuple(rows)),
    )


def _between(low: int, high: int | None) -> Q:
    return Q(age__gte=low) if high is None else Q(age__gte=low, age__lt=high)


def _days(low: int, high: int | None) -> str:
    if high is None:
        return _("%(n)d days and more") % {"n": low // DAY}
    return _("%(low)d to below %(high)d days") % {"low": low // DAY, "high": high // DAY}


SOURCE = Source(
    key=KEY,
    title=lambda: _("Escalations"),
    build=with_room(build),
    cases=partial(cases_of, GROUNDS),
    filters=("team", "tier", "kind", "severity", "cause", "service"),
    for_managers=False,
)
