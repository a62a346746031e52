"""How many escalations come and go (R30): opened by kind, ended by how, and where those that were opened stand now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, TextChoices
from django.utils.translation import gettext as _

from escalation.enums import Kind as EscalationKind
from escalation.enums import State
from people.models import User
from reports.asked import Asked
from reports.figures import change_of_count, counts, share
from reports.grounds import STEP, Ground, cell
from reports.models import EscalationFact
from reports.shape import Better, Chart, Column, Figure, Kind, Measure, Pick, Row, Table, Unit

# Both from the bottom of the stack up.
KINDS = (EscalationKind.AUTOMATIC, EscalationKind.FUNCTIONAL, EscalationKind.HIERARCHICAL)
ENDS = (State.CLOSED, State.WITHDRAWN, State.DECLINED)

OPENED = Ground(EscalationFact, "opened_at")
GROUNDS: Mapping[str, Ground] = {
    "opened": OPENED,
    "ended": Ground(EscalationFact, "closed_at", Q(state__in=ENDS)),
    "standing": OPENED,
    "still_open": Ground(EscalationFact, "opened_at", ~Q(state__in=ENDS)),
}


def opened(user: User, asked: Asked, now: datetime) -> Figure:
    found = _Flow.of("opened", "kind", KINDS, user, asked, now)
    return Figure(
        key="opened",
        title=_("Escalations opened"),
        headline=found.headline(),
        note=_("By kind."),
        better=Better.LOWER,
        change=change_of_count(asked, OPENED, OPENED.facts(user, asked, now)),
        chart=found.chart(asked),
        table=found.table(_("Kind"), _("Opened")),
    )


def ended(user: User, asked: Asked, now: datetime) -> Figure:
    found = _Flow.of("ended", "state", ENDS, user, asked, now)
    return Figure(
        key="ended",
        title=_("Escalations ended"),
        headline=found.headline(),
        note=_("By how they ended."),
        chart=found.chart(asked),
        table=found.table(_("End"), _("Ended")),
    )


def standing(user: User, asked: Asked, now: datetime) -> Figure:
    facts = OPENED.facts(user, asked, now)
    found = dict(facts.order_by().values_list("state").annotate(of=Count("pk")))
    of, still = sum(found.values()), sum(count for state, count in found.items() if state not in ENDS)
    columns = (Column("name", _("Where it stands"), Unit.TEXT), Column("of", _("Escalations")), _share())
    rows = [
        Row((str(state.label), found[state], share(found[state], of)), {"of": Pick("standing", cell(state=state))})
        for state in State
        if state in found
    ]
    return Figure(
        key="standing",
        title=_("Still open"),
        headline=Measure(still, Unit.COUNT, Pick("still_open") if still else None),
        note=_("Of those opened in this time; below, where all of them stand now."),
        better=Better.LOWER,
        table=Table(columns, tuple(rows)),
    )


@dataclass(frozen=True, slots=True)
class _Flow:
    """How many in each step of the time, by the parts of a stack."""

    figure: str
    by: str
    parts: Sequence[TextChoices]
    steps: Mapping[str, Mapping[int, int]]

    @classmethod
    def of(cls, figure: str, by: str, parts: Sequence[TextChoices], user: User, asked: Asked, now: datetime) -> "_Flow":
        """One query."""
        ground = GROUNDS[figure]
        stepped = ground.by_step(ground.facts(user, asked, now), asked.span).order_by()
        steps: dict[str, dict[int, int]] = {part: {} for part in parts}
        for row in stepped.values(by, STEP).annotate(of=Count("pk")):
            steps[row[by]][row[STEP]] = row["of"]
        return cls(figure, by, parts, steps)

    def headline(self) -> Measure:
        of = sum(sum(steps.values()) for steps in self.steps.values())
        return Measure(of, Unit.COUNT, Pick(self.figure) if of else None)

    def chart(self, asked: Asked) -> Chart:
        labels = asked.span.steps()
        series = tuple(counts(part, str(part.label), len(labels), self.steps[part]) for part in self.parts)
        return Chart(Kind.STACK, Unit.COUNT, labels, series, plan=asked.plan)

    def table(self, head: str, of: str) -> Table:
        totals = {part: sum(self.steps[part].values()) for part in self.parts}
        whole = sum(totals.values())
        rows = [
            Row((str(part.label), total, share(total, whole)), {"of": Pick(self.figure, cell(**{self.by: part}))})
            for part, total in totals.items()
            if total
        ]
        return Table((Column("name", head, Unit.TEXT), Column("of", of), _share()), tuple(rows))


def _share() -> Column:
    return Column("share", _("Share"), Unit.PERCENT)
