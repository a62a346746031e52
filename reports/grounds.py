"""Which facts a figure is counted from, and the way from one of its numbers to the tickets behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from math import isfinite
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import FieldError
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext as _

from common.errors import NotFound
from common.numbers import whole
from people.models import User
from reports.asked import Asked, Span
from reports.measures import StepOf
from reports.models import EscalationFact, PromiseFact, TicketFact
from reports.narrowing import about, narrowed, of_tier
from reports.shape import Pick
from reports.sight import seen, tickets_of
from tickets.models import Service
from tickets.querysets import TicketQuerySet

STEP, SIDE = "step", "side"
_RELATIONS: Mapping[type[Model], str] = {
    TicketFact: "fact",
    PromiseFact: "promise_facts",
    EscalationFact: "escalation_facts",
}
_NUMBERS = frozenset(
    {
        *("team", "first_team", "agent", "organisation", "customer", "policy", "procedure", "criterion", "rule_key"),
        *("severity", "level", "score", "tenure"),
    }
)
_WORDS = frozenset({"metric", "priority", "kind", "origin", "cause", "state"})
_YES_OR_NO = frozenset({"is_kept", "is_kept_honestly", "is_told_in_time", "is_bounced", "is_approved"})
_BANDS = frozenset({"load", "parties", "hand_offs", "age", "promises_kept", "promises_broken"})


@dataclass(frozen=True, slots=True)
class Ground:
    """The facts whose `moment` lies in the days that are asked for, and `only` these; without a moment, of all days."""

    model: type[Model]
    moment: str = ""
    only: Q | None = None
    made: Callable[["QuerySet[Any]", User, datetime], "QuerySet[Any]"] = lambda facts, _user, _now: facts
    """Adds what a cell is told apart by and no column holds."""

    def facts(self, user: User, asked: Asked, now: datetime, span: Span | None = None) -> "QuerySet[Any]":
        found = self.made(narrowed(seen(self.model._default_manager.all(), user), asked), user, now)
        if self.only is not None:
            found = found.filter(self.only)
        if not self.moment:
            return found
        span = span or asked.span
        return found.filter(**{f"{self.moment}__gte": span.since, f"{self.moment}__lt": span.until})

    def by_step(self, facts: "QuerySet[Any]", span: Span) -> "QuerySet[Any]":
        """Each with the number of its step of the span."""
        stepped: QuerySet[Any] = facts.annotate(**{STEP: StepOf(F(self.moment), starts(span))})
        return stepped

    def by_side(self, facts: "QuerySet[Any]", asked: Asked) -> "QuerySet[Any]":
        """Each with 1 where it is from the day of the plan on, else 0; without a plan inside all are 0."""
        bounds = [asked.span.since, *([_midnight(asked)] if asked.is_divided else [])]
        sided: QuerySet[Any] = facts.annotate(**{SIDE: StepOf(F(self.moment), bounds)})
        return sided

    def divided(self, facts: "QuerySet[Any]", asked: Asked) -> "QuerySet[Any]":
        """Each with both."""
        return self.by_side(self.by_step(facts, asked.span), asked)

    def later(self, asked: Asked) -> Q:
        """From the day of the plan on."""
        return Q(**{f"{self.moment}__gte": _midnight(asked)})

    def sooner(self, asked: Asked) -> Q:
        return Q(**{f"{self.moment}__lt": _midnight(asked)})

    def where(self, cell: str, asked: Asked) -> Q:
        """What a report wrote into a cell. Raises NotFound for what none wrote."""
        tests = parse_qsl(cell, keep_blank_values=True)
        if len(dict(tests)) < len(tests) or any("\x00" in text for _key, text in tests):
            raise _unknown()
        found = Q()
        for key, text in tests:
            if key == STEP:
                found &= self._in_step(text, asked.span)
            else:
                found &= _test(key, text)
        return found

    def _in_step(self, text: str, span: Span) -> Q:
        begins = starts(span)
        number = whole(text)
        if not self.moment or number is None or not 0 <= number < len(begins):
            raise _unknown()
        within = Q(**{f"{self.moment}__gte": begins[number]})
        return within & Q(**{f"{self.moment}__lt": begins[number + 1]}) if number + 1 < len(begins) else within


def cases(grounds: Mapping[str, Ground], user: User, asked: Asked, pick: Pick, *, now: datetime) -> TicketQuerySet:
    """A ticket for each fact behind a number. Raises NotFound for a pick that no report wrote."""
    ground = grounds.get(pick.figure)
    if ground is None:
        raise _unknown()
    facts, cell_ = ground.facts(user, asked, now), ground.where(pick.cell, asked)
    try:
        facts = facts.filter(cell_)
    except FieldError as error:
        raise _unknown() from error
    return tickets_of(facts, _RELATIONS[ground.model], user)


def cell(**tests: object) -> str:
    """How a number's cases are known again: None is what has none, True and False are 1 and 0."""
    return urlencode([(key, _text(value)) for key, value in tests.items()])


def band(low: float, high: float | None = None) -> str:
    """From `low` up to `high`, without it."""
    return f"{low:g}:{'' if high is None else format(high, 'g')}"


def starts(span: Span) -> list[datetime]:
    """The first instant of each step, in the reader's zone."""
    return [datetime.combine(day, time(), span.zone) for day in span.steps()]


def _midnight(asked: Asked) -> datetime:
    if asked.plan is None:
        raise _unknown()
    return datetime.combine(asked.plan, time(), asked.span.zone)


def _test(key: str, text: str) -> Q:
    if key in _WORDS:
        return Q(**{key: text})
    if key == "tier":
        return of_tier(text)
    if key in _YES_OR_NO and text in {"0", "1"}:
        return Q(**{key: text == "1"})
    if key in _NUMBERS:
        return Q(**{key: None if text == "" else _known(text)})
    if key == "service":
        return about(Service.objects.filter(pk=_known(text)))
    if key in _BANDS:
        return _within(key, text)
    raise _unknown()


def _within(key: str, text: str) -> Q:
    low, _colon, high = text.partition(":")
    try:
        bounds = float(low), float(high or 0)
    except ValueError as error:
        raise _unknown() from error
    if not all(map(isfinite, bounds)):
        raise _unknown()
    found = Q(**{f"{key}__gte": bounds[0]})
    return found & Q(**{f"{key}__lt": bounds[1]}) if high else found


def _known(text: str) -> int:
    number = whole(text)
    if number is None:
        raise _unknown()
    return number


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _unknown() -> NotFound:
    return NotFound(_("This number is in no report any more."))
