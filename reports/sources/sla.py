"""How promises to customers were kept (R78): as reported and honestly; by target, policy, team, tier and agent."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from people.enums import Tier
from people.models import Team, User
from reports.asked import Asked
from reports.figures import between_shares, line, names_of, percent, with_room
from reports.grounds import SIDE, STEP, Ground, cell
from reports.grounds import cases as cases_of
from reports.models import PromiseFact
from reports.saying import value_text
from reports.shape import Better, Chart, Column, Figure, Kind, Measure, Pick, Report, Row, Table, Unit
from reports.source import Source
from reports.statistics import Share
from sla.enums import Metric
from sla.models import Policy
from tickets.enums import Priority

KEY = "sla"
# Of a hundred promises so many are to be kept.
GOAL = 95.0

_DECIDED = Ground(PromiseFact, "decided_at")
_TURNED = Ground(PromiseFact, "decided_at", Q(is_kept=True, is_kept_honestly=False))
GROUNDS: Mapping[str, Ground] = {
    "kept": _DECIDED,
    "honest": _TURNED,
    **{f"kept_by_{by}": _DECIDED for by in ("policy", "team", "tier", "priority", "agent")},
}
# In this order, of what is nothing nothing is said.
_METRICS = [metric for metric in Metric if metric is not Metric.INTERNAL]


class Tally(NamedTuple):
    """Promises that were decided: how many, how many of them kept, and kept without doubtful pauses."""

    of: int = 0
    kept: int = 0
    honest: int = 0

    def plus(self, other: "Tally") -> "Tally":
        return Tally(self.of + other.of, self.kept + other.kept, self.honest + other.honest)

    @property
    def share(self) -> float | None:
        return percent(self.kept, self.of)

    @property
    def honest_share(self) -> float | None:
        return percent(self.honest, self.of)


_Groups = dict[Any, Tally]
_COUNTED: dict[str, Any] = {
    "of": Count("ticket"),
    "kept": Count("ticket", filter=Q(is_kept=True)),
    "honest": Count("ticket", filter=Q(is_kept_honestly=True)),
}
_BY = ("policy", "team", "tier", "priority", "agent", "metric")


def build(user: User, asked: Asked, *, now: datetime) -> Report:
    """Two groupings, the change, and the names: eight queries at most."""
    groups = _groups(user, asked, now)
    figures = [kept(user, asked, now), _honest(groups["metric"])]
    figures += [_of(by, groups[by]) for by in ("policy", "team", "tier", "priority")]
    if user.is_manager:
        figures.append(_of("agent", groups["agent"]))
    return Report(KEY, _("SLA"), tuple(figures))


def kept(user: User, asked: Asked, now: datetime) -> Figure:
    """The share of promises kept, step by step, by target."""
    facts = _DECIDED.divided(_DECIDED.facts(user, asked, now), asked)
    steps: dict[str, dict[int, Tally]] = {}
    sides = [Tally(), Tally()]
    for row in facts.order_by().values(STEP, SIDE, "metric").annotate(**_COUNTED):
        one, of_metric = Tally(row["of"], row["kept"], row["honest"]), steps.setdefault(row["metric"], {})
        of_metric[row[STEP]] = of_metric.get(row[STEP], Tally()).plus(one)
        sides[row[SIDE]] = sides[row[SIDE]].plus(one)
    shown = [metric for metric in _METRICS if metric in steps]
    totals = {metric: _sum(steps[metric].values()) for metric in shown}
    whole = _sum(totals.values())
    labels = asked.span.steps()
    lines = [
        line(metric, str(metric.label), len(labels), {at: one.share for at, one in steps[metric].items()})
        for metric in shown
    ]
    return Figure(
        key="kept",
        title=_("SLA kept"),
        headline=Measure(whole.share, Unit.PERCENT, Pick("kept") if whole.of else None),
        note=_("Share of the promises that were decided in this time."),
        finding=_finding(whole),
        better=Better.HIGHER,
        change=between_shares(*(Share(side.kept, side.of) for side in sides)) if asked.is_divided else None,
        chart=Chart(Kind.LINES, Unit.PERCENT, labels, tuple(lines), goal=GOAL, plan=asked.plan),
        table=_table("kept", _("Target"), [({"metric": one}, str(one.label), totals[one]) for one in shown]),
    )


def _finding(whole: Tally) -> str:
    if whole.kept == whole.honest:
        return ""
    share = value_text(whole.honest_share, Unit.PERCENT)
    return _("Without pauses that look unjustified it would be %(share)s.") % {"share": share}


def _honest(groups: _Groups) -> Figure:
    """What looks kept because of pauses that look unjustified (`sla.honest`)."""
    whole = _sum(groups.values())
    rows = [
        Row(
            (str(metric.label), one.share, one.honest_share, one.kept - one.honest),
            {"turned": Pick("honest", cell(metric=metric.value))} if one.kept - one.honest else {},
        )
        for metric in _METRICS
        if (one := groups.get(metric.value)) is not None
    ]
    columns = (
        Column("name", _("Target"), Unit.TEXT),
        Column("share", _("As reported"), Unit.PERCENT),
        Column("honest", _("Without doubtful pauses"), Unit.PERCENT),
        Column("turned", _("Promises")),
    )
    turned = whole.kept - whole.honest
    return Figure(
        key="honest",
        title=_("Kept by doubtful pauses"),
        headline=Measure(turned, Unit.COUNT, Pick("honest") if turned else None),
        note=_("Promises that count as kept, and would have been missed but for pauses that look unjustified."),
        better=Better.LOWER,
        table=Table(columns, tuple(rows)),
    )


def _of(by: str, groups: _Groups) -> Figure:
    title, column, named = _TITLES[by]
    names = named(groups)
    lines = [({by: key}, names.get(key, str(key)), one) for key, one in groups.items()]
    lines.sort(key=lambda one: (one[2].share or 0, one[1]))
    whole, figure = _sum(groups.values()), f"kept_by_{by}"
    headline = Measure(whole.share, Unit.PERCENT, Pick(figure) if whole.of else None)
    table = _table(figure, column(), lines)
    return Figure(figure, title(), headline, note=_("The lowest share first."), better=Better.HIGHER, table=table)


def _table(figure: str, name: str, lines: Iterable[tuple[dict[str, Any], str, Tally]]) -> Table:
    columns = (
        Column("name", name, Unit.TEXT),
        Column("share", _("Kept"), Unit.PERCENT),
        Column("honest", _("Without doubtful pauses"), Unit.PERCENT),
        Column("of", _("Decided")),
        Column("missed", _("Missed")),
    )
    rows = []
    for tests, words, one in lines:
        picks = {"of": Pick(figure, cell(**tests)), "missed": Pick(figure, cell(**tests, is_kept=False))}
        missed = one.of - one.kept
        rows.append(
            Row(
                (words, one.share, one.honest_share, one.of, missed),
                picks if missed else {"of": picks["of"]},
            )
        )
    return Table(columns, tuple(rows))


def _groups(user: User, asked: Asked, now: datetime) -> dict[str, _Groups]:
    """All of them folded out of one grouping: shares add up, whatever is left out."""
    facts = _DECIDED.facts(user, asked, now).annotate(tier=Coalesce("organisation__tier", Value(Tier.STANDARD.value)))
    found: dict[str, _Groups] = {by: {} for by in _BY}
    for row in facts.order_by().values(*_BY).annotate(**_COUNTED):
        one = Tally(row["of"], row["kept"], row["honest"])
        for by in _BY:
            found[by][row[by]] = found[by].get(row[by], Tally()).plus(one)
    return found


def _sum(tallies: Iterable[Tally]) -> Tally:
    found = Tally()
    for one in tallies:
        found = found.plus(one)
    return found


_TITLES: Mapping[str, Any] = {
    "policy": (lambda: _("By policy"), lambda: _("Policy"), lambda keys: names_of(Policy, keys, "")),
    "team": (lambda: _("By team"), lambda: _("Team"), lambda keys: names_of(Team, keys, _("No team"))),
    "tier": (lambda: _("By tier"), lambda: _("Tier"), lambda _keys: _labels(Tier)),
    "priority": (lambda: _("By priority"), lambda: _("Priority"), lambda _keys: _labels(Priority)),
    "agent": (lambda: _("By agent"), lambda: _("Agent"), lambda keys: names_of(User, keys, _("Nobody"))),
}


def _labels(choices: Any) -> dict[str, str]:
    return {value: str(label) for value, label in choices.choices}


SOURCE = Source(
    key=KEY,
    title=lambda: _("SLA"),
    build=with_room(build),
    cases=partial(cases_of, GROUNDS),
    filters=("team", "tier", "policy", "target", "agent", "priority", "service"),
    for_managers=False,
)
