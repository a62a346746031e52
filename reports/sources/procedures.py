"""What procedures, criteria, rules and templates are worth (R95): used, approved, time to resolve, satisfaction."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet
from django.utils.translation import gettext as _

from escalation.models import Communication, Criterion, Procedure, UpdateTemplate
from people.models import User
from reports.asked import Asked
from reports.figures import names_of, percent, with_room
from reports.gathering import Values
from reports.grounds import Ground, cell
from reports.grounds import cases as cases_of
from reports.models import EscalationFact
from reports.shape import Column, Figure, Measure, Pick, Report, Row, Table, Unit
from reports.source import Source
from reports.sources import reviews
from reports.sources.flow import OPENED
from tickets.models import RoutingRule

KEY = "procedures"
GROUNDS: Mapping[str, Ground] = {
    "procedures": OPENED,
    "criteria": Ground(EscalationFact, "opened_at", Q(criterion__isnull=False)),
    "rules": Ground(EscalationFact, "opened_at", Q(rule_key__isnull=False)),
    reviews.KEY: reviews.GROUND,
}


def build(user: User, asked: Asked, *, now: datetime) -> Report:
    figures = (
        _figure("procedures", "procedure", _("Procedures"), Procedure, user, asked, now),
        _figure("criteria", "criterion", _("Criteria"), Criterion, user, asked, now),
        _figure("rules", "rule_key", _("Routing rules that escalate"), RoutingRule, user, asked, now),
        _templates(OPENED.facts(user, asked, now)),
        reviews.reviews(user, asked, now),
    )
    return Report(KEY, _("Procedures"), figures)


def _figure(key: str, by: str, title: str, model: Any, user: User, asked: Asked, now: datetime) -> Figure:
    facts = GROUNDS[key].facts(user, asked, now)
    decided = Count("pk", filter=Q(is_approved__isnull=False))
    approved = Count("pk", filter=Q(is_approved=True))
    measures = {
        "of": Count("pk"),
        "decided": decided,
        "approved": approved,
        "solved": Values("solve_seconds"),
        "score": Avg("ticket__fact__score"),
    }
    found = list(facts.order_by().values(by).annotate(**measures))
    names = names_of(model, [row[by] for row in found], _("Removed since"))
    found.sort(key=lambda row: (-row["of"], names[row[by]]))
    rows = [
        Row(
            (
                names[row[by]],
                row["of"],
                percent(row["approved"], row["decided"]),
                row["solved"].median,
                row["score"],
            ),
            {"of": Pick(key, cell(**{by: row[by]}))},
        )
        for row in found
    ]
    of = sum(row["of"] for row in found)
    return Figure(
        key=key,
        title=title,
        headline=Measure(of, Unit.COUNT, Pick(key) if of else None),
        note=_("Escalations by them, of those opened in this time."),
        table=Table(_columns(), tuple(rows)),
    )


def _templates(facts: "QuerySet[Any]") -> Figure:
    """Of updates that were written from a template: how often, and what became of their escalations."""
    sent = Communication.objects.filter(escalation__fact__in=facts.order_by().values("pk"), template__isnull=False)
    measures = {
        "sent": Count("pk"),
        "solved": Values("escalation__fact__solve_seconds"),
        "score": Avg("escalation__ticket__fact__score"),
    }
    found: list[Any] = list(sent.order_by().values("template").annotate(**measures))
    names = names_of(UpdateTemplate, [row["template"] for row in found], _("Removed since"))
    found.sort(key=lambda row: (-row["sent"], names[row["template"]]))
    rows = [Row((names[row["template"]], row["sent"], row["solved"].median, row["score"])) for row in found]
    name, _used, _approved, *rest = _columns()
    return Figure(
        key="templates",
        title=_("Templates of updates"),
        headline=Measure(sum(row["sent"] for row in found), Unit.COUNT),
        note=_("Updates that were written from one."),
        table=Table((name, Column("sent", _("Updates")), *rest), tuple(rows)),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("name", _("Name"), Unit.TEXT),
        Column("of", _("Used")),
        Column("approved", _("Approved"), Unit.PERCENT),
        Column("solved", _("Median until resolved"), Unit.SECONDS),
        Column("score", _("Satisfaction"), Unit.SCORE),
    )


SOURCE = Source(
    key=KEY,
    title=lambda: _("Procedures"),
    build=with_room(build),
    cases=partial(cases_of, GROUNDS),
    filters=("team", "tier", "kind", "severity", "service"),
)
