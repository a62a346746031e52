"""Many targets named in few words: “every promise”, “First reply”, “every promise at Urgent”. Pure."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from sla.enums import POLICY_METRICS, Metric
from tickets.enums import PRIORITY_RANK, Priority

PRIORITIES = sorted(Priority, key=lambda one: -PRIORITY_RANK[one])

Cell = tuple[str, str]
"""Metric and priority of a target; as a scope, “” stands for each that is promised."""


def scopes(promised: Collection[Cell], meant: Collection[Cell]) -> Iterator[Cell]:
    """The fewest of these that name exactly the cells that are meant: all, whole columns, whole rows, single ones."""
    rest = set(meant) & set(promised)
    if rest and rest == set(promised):
        yield "", ""
        return
    wholes = [*((metric.value, "") for metric in POLICY_METRICS), *(("", priority.value) for priority in PRIORITIES)]
    for scope in wholes:
        covered = {cell for cell in promised if covers(scope, cell)}
        if covered and covered <= set(meant) and covered & rest:
            yield scope
            rest -= covered
    for metric in POLICY_METRICS:
        for priority in PRIORITIES:
            if (metric.value, priority.value) in rest:
                yield metric.value, priority.value


def covers(scope: Cell, cell: Cell) -> bool:
    return scope[0] in {"", cell[0]} and scope[1] in {"", cell[1]}


def words(scope: Cell) -> str:
    metric, priority = scope
    if not priority:
        return str(Metric(metric).label) if metric else _("Every promise")
    known = {"metric": Metric(metric).label if metric else "", "priority": Priority(priority).label}
    return (_("%(metric)s at %(priority)s") if metric else _("Every promise at %(priority)s")) % known
