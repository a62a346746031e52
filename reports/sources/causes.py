"""What is at the root of escalations, the most frequent first (R84), and of which products (R86)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escalation.enums import Cause
from escalation.models import OwnCause
from people.models import User
from reports.asked import Asked
from reports.figures import change_of_count, names_of, share, with_room
from reports.grounds import Ground, cell
from reports.grounds import cases as cases_of
from reports.shape import Better, Chart, Column, Figure, Kind, Measure, Pick, Report, Row, Series, Table, Unit
from reports.source import Source
from reports.sources.flow import OPENED
from tickets.models import Service, TicketService

KEY = "causes"
# As Pareto had it: so many of a hundred come from few.
MOST = 80

GROUNDS: Mapping[str, Ground] = {"causes": OPENED, "causes_by_service": OPENED}


def build(user: User, asked: Asked, *, now: datetime) -> Report:
    return Report(KEY, _("Causes"), (causes(user, asked, now), _by_service(OPENED.facts(user, asked, now))))


def causes(user: User, asked: Asked, now: datetime) -> Figure:
    facts = OPENED.facts(user, asked, now)
    found = dict(facts.order_by().values_list("cause").annotate(n=Count("pk")))
    names, of = _names(found), sum(found.values())
    # What nobody has looked into yet is no cause, and stands behind them all.
    ordered = sorted(found, key=lambda cause: (not cause, -found[cause], names[cause]))
    rows, so_far = [], 0
    for cause in ordered:
        so_far += found[cause]
        row = (names[cause], found[cause], share(found[cause], of), share(so_far, of))
        rows.append(Row(row, {"of": Pick("causes", cell(cause=cause))}))
    columns = (
        Column("name", _("Cause"), Unit.TEXT),
        Column("of", _("Escalations")),
        Column("share", _("Share"), Unit.PERCENT),
        Column("so_far", _("With those above"), Unit.PERCENT),
    )
    bars = Series("of", _("Escalations"), tuple(found[cause] for cause in ordered))
    return Figure(
        key="causes",
        title=_("Causes"),
        headline=Measure(of, Unit.COUNT, Pick("causes") if of else None),
        note=_("Of the escalations that were opened in this time."),
        finding=_pareto([found[cause] for cause in ordered if cause]),
        change=change_of_count(asked, OPENED, facts),
        chart=Chart(Kind.BARS, Unit.COUNT, tuple(names[cause] for cause in ordered), (bars,)),
        better=Better.LOWER,
        table=Table(columns, tuple(rows)),
    )


def _pareto(ordered: Sequence[int]) -> str:
    """How few make most of them."""
    of, so_far = sum(ordered), 0
    for number, count in enumerate(ordered, start=1):
        so_far += count
        if so_far * 100 >= of * MOST:
            words = {"share": round(share(so_far, of) or 0), "n": number}
            return (
                ngettext(
                    "Of those with a known cause, %(share)d %% come from %(n)d cause.",
                    "Of those with a known cause, %(share)d %% come from %(n)d causes.",
                    number,
                )
                % words
            )
    return ""


def _by_service(facts: "QuerySet[Any]") -> Figure:
    """Which causes which service has; an escalation about two services is counted with both."""
    inside = TicketService.objects.filter(ticket__escalation_facts__in=facts.order_by().values("pk")).order_by()
    rows = list(
        inside.values_list("service", "ticket__escalation_facts__cause").annotate(
            n=Count("ticket__escalation_facts", distinct=True)
        )
    )
    services, names = names_of(Service, {row[0] for row in rows}, ""), _names({row[1] for row in rows})
    rows.sort(key=lambda row: (-row[2], services[row[0]], names[row[1]]))
    columns = (
        Column("name", _("Service"), Unit.TEXT),
        Column("cause", _("Cause"), Unit.TEXT),
        Column("of", _("Escalations")),
    )
    table = [
        Row(
            (services[service], names[cause], of), {"of": Pick("causes_by_service", cell(service=service, cause=cause))}
        )
        for service, cause, of in rows
    ]
    return Figure(
        key="causes_by_service",
        title=_("Causes by service"),
        headline=Measure(len({row[0] for row in rows}), Unit.COUNT),
        note=_("Services with escalations."),
        better=Better.LOWER,
        table=Table(columns, tuple(table)),
    )


def _names(causes: Any) -> dict[str, str]:
    """One of the desk's own by what it is called now, or by its key where somebody has deleted it since. One query."""
    own = dict(OwnCause.objects.values_list("key", "name"))
    known = {value: str(label) for value, label in Cause.choices}
    return {cause: known.get(cause) or own.get(cause, cause) or _("Not chosen yet") for cause in causes}


SOURCE = Source(
    key=KEY,
    title=lambda: _("Causes"),
    build=with_room(build),
    cases=partial(cases_of, GROUNDS),
    filters=("team", "tier", "kind", "severity", "service"),
    for_managers=False,
)
