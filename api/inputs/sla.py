"""What the calls about promises and working hours take."""

from api.fields import (
    AwareTime,
    Choice,
    Conditions,
    Day,
    Input,
    ListOf,
    NumberParameter,
    ObjectOf,
    Parameters,
    Text,
    ThresholdField,
    WholeNumber,
    YesNo,
)
from calendars.parse import DAY_LIMIT, HOLIDAY_LIMIT, HOURS_LIMIT, PERIOD_LIMIT, SOURCE_LIMIT
from sla.enums import LONGEST_SECONDS, POLICY_METRIC_CHOICES, AppliesTo, ObligationStep
from sla.thresholds import MOST
from tickets.enums import Priority

# A hundred years.
HIGHEST_MINUTES = 100 * 366 * 24 * 60


class TargetInput(Input):
    metric = Choice(POLICY_METRIC_CHOICES)
    priority = Choice(Priority.choices)
    seconds = WholeNumber(min_value=1, max_value=LONGEST_SECONDS)
    thresholds = ListOf(child=ThresholdField(), required=False, max_length=MOST)
    round_the_clock = YesNo(required=False)


class TeamTargetInput(Input):
    """How long a team, named by its short name, may hold a ticket of a priority."""

    team = Text(max_length=40)
    priority = Choice(Priority.choices)
    seconds = WholeNumber(min_value=1, max_value=LONGEST_SECONDS)
    round_the_clock = YesNo(required=False)
    escalates = YesNo(required=False)
    warn_at = WholeNumber(required=False, allow_null=True, min_value=1, max_value=99)


class ObligationInput(Input):
    fact = Text(max_length=80)
    before = Choice(ObligationStep.choices)


class PolicyInput(Input):
    """`applies_to` matters for a change: to new tickets only, or to the open ones too."""

    name = Text(max_length=80)
    calendar = WholeNumber(required=False, allow_null=True, min_value=1, max_value=2**62)
    conditions = Conditions(required=False)
    targets = ListOf(child=TargetInput(), allow_empty=False, max_length=40)
    severities = ObjectOf(child=WholeNumber(min_value=1, max_value=4), required=False)
    obligations = ListOf(child=ObligationInput(), required=False, max_length=40)
    team_targets = ListOf(child=TeamTargetInput(), required=False, max_length=800)
    pauses = ObjectOf(child=ListOf(child=Choice(POLICY_METRIC_CHOICES), max_length=10), required=False)
    valid_from = AwareTime(required=False, allow_null=True)
    valid_until = AwareTime(required=False, allow_null=True)
    applies_to = Choice(AppliesTo.choices, default=AppliesTo.NEW)


class PolicyChange(PolicyInput):
    name = Text(required=False, max_length=80)
    targets = ListOf(child=TargetInput(), required=False, allow_empty=False, max_length=40)


class PeriodInput(Input):
    weekday = WholeNumber(min_value=0, max_value=6)
    start = Text(max_length=8)
    end = Text(max_length=8)


class HolidayInput(Input):
    """A date on which nothing opens; `source` is the country or region it was copied from, such as BR-SP."""

    date = Day()
    name = Text(required=False, allow_blank=True, max_length=100)
    source = Text(required=False, allow_blank=True, max_length=SOURCE_LIMIT)  # type: ignore[assignment] # DRF takes declared fields off the class, so its own attribute of this name stays


class HoursInput(Input):
    start = Text(max_length=8)
    end = Text(max_length=8)


class DayInput(Input):
    """A date with hours of its own: they hold instead of the week's, on a holiday too."""

    date = Day()
    name = Text(required=False, allow_blank=True, max_length=100)
    periods = ListOf(child=HoursInput(), allow_empty=False, max_length=HOURS_LIMIT)


class CalendarInput(Input):
    """Weekday 0 is Monday; an end not after its start runs past midnight, and 00:00 to 00:00 is a whole day."""

    name = Text(max_length=100)
    time_zone = Text(max_length=60)
    periods = ListOf(child=PeriodInput(), allow_empty=False, max_length=PERIOD_LIMIT)
    holidays = ListOf(child=HolidayInput(), required=False, max_length=HOLIDAY_LIMIT)
    days = ListOf(child=DayInput(), required=False, max_length=DAY_LIMIT)
    applies_to = Choice(AppliesTo.choices, default=AppliesTo.NEW)


class CalendarChange(CalendarInput):
    name = Text(required=False, max_length=100)
    time_zone = Text(required=False, max_length=60)
    periods = ListOf(child=PeriodInput(), required=False, allow_empty=False, max_length=PERIOD_LIMIT)


class ReturnInput(Input):
    """The number of an earlier version; `applies_to` as for a change."""

    number = WholeNumber(min_value=1, max_value=2**31 - 1)
    applies_to = Choice(AppliesTo.choices, default=AppliesTo.NEW)


class HolidayParameters(Parameters):
    """`subdivision` is a region's code such as SP, `language` one such as pt_BR; without it the country's own."""

    country = Text(max_length=2)
    subdivision = Text(required=False, allow_blank=True, max_length=40, default="")
    year = NumberParameter(min_value=1970, max_value=2100)
    language = Text(required=False, allow_blank=True, max_length=10, default="")


class DueParameters(Parameters):
    start = AwareTime()
    minutes = NumberParameter(min_value=0, max_value=HIGHEST_MINUTES)
