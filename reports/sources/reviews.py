"""Whether severe escalations are looked back on in time, and what comes of it (R92)."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from escalation.enums import State
from escalation.models import TrackedAction
from people.models import User
from reports.asked import Asked
from reports.figures import percent
from reports.grounds import Ground, cell
from reports.models import EscalationFact
from reports.shape import Better, Column, Figure, Measure, Pick, Row, Table, Unit

KEY = "reviews"
GROUND = Ground(EscalationFact, "opened_at", Q(escalation__review__isnull=False))


def reviews(user: User, asked: Asked, now: datetime) -> Figure:
    """By severity. In time is counted of those that are done or overdue; of one that runs nobody knows yet.

    What was waived is a column of its own, and neither in time nor late.
    """
    facts = GROUND.facts(user, asked, now)
    found, actions = _counted(facts, now), _actions(facts)
    rows = [
        Row(
            (
                f"S{row['severity']}",
                row["of"],
                row["done"],
                percent(row["in_time"], row["done"] + row["overdue"]),
                row["overdue"],
                row["waived"],
                actions[row["severity"]][0],
                percent(actions[row["severity"]][1], actions[row["severity"]][0]),
            ),
            {"of": Pick(KEY, cell(severity=row["severity"]))},
        )
        for row in found
    ]
    in_time, ended = sum(row["in_time"] for row in found), sum(row["done"] + row["overdue"] for row in found)
    return Figure(
        key=KEY,
        title=_("Reviews"),
        headline=Measure(percent(in_time, ended), Unit.PERCENT),
        note=_("Reviews done in time, of escalations that were opened in this time."),
        better=Better.HIGHER,
        table=Table(_columns(), tuple(rows)),
    )


def _counted(facts: "QuerySet[Any]", now: datetime) -> list[dict[str, Any]]:
    done = Q(escalation__review__done_at__isnull=False)
    waived = Q(escalation__review__waived_at__isnull=False)
    late = Q(escalation__state=State.CLOSED, escalation__review__due_at__lte=now) & ~waived
    measures = {
        "of": Count("pk"),
        "done": Count("pk", filter=done),
        "in_time": Count("pk", filter=Q(escalation__review__done_at__lte=F("escalation__review__due_at"))),
        "overdue": Count("pk", filter=~done & late),
        "waived": Count("pk", filter=waived),
    }
    return list(facts.order_by("severity").values("severity").annotate(**measures))


def _actions(facts: "QuerySet[Any]") -> dict[int, tuple[int, int]]:
    """What was decided after them by severity, in analyses too, and how much of it is done."""
    decided = TrackedAction.objects.decided().filter(escalation__in=facts.order_by().values("pk")).order_by()
    rows = decided.values_list("escalation__severity").annotate(
        n=Count("pk"), done=Count("pk", filter=Q(done_at__isnull=False))
    )
    found: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    found.update({severity: (n, done) for severity, n, done in rows})
    return found


def _columns() -> tuple[Column, ...]:
    return (
        Column("name", _("Severity"), Unit.TEXT),
        Column("of", _("Reviews")),
        Column("done", _("Done")),
        Column("in_time", _("In time"), Unit.PERCENT),
        Column("overdue", _("Overdue")),
        Column("waived", _("Waived")),
        Column("actions", _("Actions")),
        Column("actions_done", _("Actions done"), Unit.PERCENT),
    )
