"""How a promise is counted, as its customer may read it: the same intervals and sums, without names and internal words.

What is internal is taken out of the lines before anything is made of them, so that no sentence can hold it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from desk.looks.ticket.waits import public_words
from desk.looks.ticket.why import Day, days, last_line, sums
from desk.templatetags.desk_time import exact, exact_clock, exact_day
from sla.explain import lines_of
from sla.models import Clock
from sla.statement import Line, LineKind, Statement, Terms, statement


@dataclass(frozen=True, slots=True)
class Counting:
    promise: str
    days: list[Day]
    ahead: list[Day]
    ahead_title: str
    sums: list[tuple[str, str]]
    due_text: str
    due: str


def counting(clock: Clock, now: datetime) -> Counting:
    told = statement(lines_of(clock), until=now, zone=timezone.get_current_timezone())
    told = replace(told, lines=tuple(_public(told.lines)))
    due_text, due = last_line(clock, told)
    return Counting(
        promise=_promise(clock, told),
        days=days(told.lines),
        ahead=[] if clock.is_stopped else days(told.ahead),
        ahead_title=_("What is left, in counted time"),
        sums=sums(told),
        due_text=due_text,
        due=due,
    )


def _public(lines: tuple[Line, ...]) -> Iterator[Line]:
    """Of other terms only the target is the customer's business."""
    for line in lines:
        if line.before is None or line.after is None:
            reason = public_words(line.waits_for) if line.kind == LineKind.PAUSED else ""
            yield replace(line, reason=reason, by="", waits_for="")
        elif line.before.target != line.after.target:
            before, after = (Terms(terms.target, "", "") for terms in (line.before, line.after))
            yield replace(line, reason="", by="", before=before, after=after)


def _promise(clock: Clock, told: Statement) -> str:
    values = {
        "target": exact(told.account.target),
        "from": f"{exact_day(clock.started_at)}, {exact_clock(clock.started_at)}",
    }
    if clock.calendar_version_id is not None:
        return _("%(target)s of our working hours, counted from %(from)s.") % values
    return _("%(target)s round the clock, counted from %(from)s.") % values
