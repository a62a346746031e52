"""What a report is asked for: which days in whose zone, of whom, and around which day to compare. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from common.errors import InvalidInput

LONGEST = timedelta(days=366 * 3)
DAYS_IN_DAYS = 31
DAYS_IN_WEEKS = 370


class Step(StrEnum):
    """How finely a time is cut."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days, `first` to `last` with both, as a calendar in `zone` has them."""

    first: date
    last: date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        """Raises InvalidInput for days the wrong way round, and for more than three years."""
        if self.last < self.first:
            raise InvalidInput.of("until", _("The last day is before the first: choose them the other way round."))
        if self.last - self.first > LONGEST:
            raise InvalidInput.of("since", _("A report covers three years at most: choose a later first day."))

    @property
    def since(self) -> datetime:
        """The first instant of the first day."""
        return datetime.combine(self.first, time(), self.zone)

    @property
    def until(self) -> datetime:
        """The first instant after the last day."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def step(self) -> Step:
        if self.days <= DAYS_IN_DAYS:
            return Step.DAY
        return Step.WEEK if self.days <= DAYS_IN_WEEKS else Step.MONTH

    def steps(self) -> tuple[date, ...]:
        """The first day of each step; the first of them may lie before the span, as its week or month began."""
        return tuple(self._steps())

    def _steps(self) -> Iterator[date]:
        day = step_of(self.first, self.step)
        while day <= self.last:
            yield day
            day = _after(day, self.step)

    def year_before(self) -> "Span":
        """As many days, fifty-two weeks earlier, so that weekdays stand beside their like."""
        return Span(self.first - timedelta(weeks=52), self.last - timedelta(weeks=52), self.zone)


def step_of(day: date, step: Step) -> date:
    """The first day of the step in which a day lies; weeks begin on Monday (ISO 8601)."""
    if step is Step.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step is Step.WEEK else day


def _after(day: date, step: Step) -> date:
    if step is Step.MONTH:
        return (day + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 if step is Step.WEEK else 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """`of` narrows by team, tier, policy and the like: the key of a filter to the key of what is chosen."""

    span: Span
    plan: date | None = None
    of: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_divided(self) -> bool:
        """Whether there are days before the plan and days from it on."""
        return self.plan is not None and self.span.first < self.plan <= self.span.last
