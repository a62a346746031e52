"""Promises, working hours and ledgers as the API shows them."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Annotated, Any, NotRequired, TypedDict

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from api.ask import instant, moment
from api.schema import CONDITIONS
from api.shapes.basic import Day, Moment, Url
from api.shapes.team_targets import TeamTargetShape, team_target_shape
from api.shapes.thresholds import ThresholdShape, threshold_shape
from calendars.changes import difference
from calendars.models import Calendar, CalendarVersion
from calendars.worktime import Interval
from sla.enums import Metric, ObligationStep
from sla.matching import Match
from sla.models import Policy, PolicyVersion
from sla.reach import Place
from sla.thresholds import read
from tickets.conditions import Part
from tickets.enums import Priority

VERSIONS_SHOWN = 200


class TargetShape(TypedDict):
    metric: Annotated[str, Metric]
    priority: Annotated[str, Priority]
    seconds: int
    thresholds: list[ThresholdShape]
    round_the_clock: bool


Conditions = Annotated[dict[str, Any], CONDITIONS]


class ObligationShape(TypedDict):
    """What has to be known before a ticket leaves a step."""

    fact: str
    before: Annotated[str, ObligationStep]


class PolicyShape(TypedDict):
    """A policy in its newest published version. Without a calendar it runs round the clock.

    `shaded_by` names the policies that together take every ticket before it, so that none ever comes to it.
    """

    id: int
    name: str
    version: int
    enabled: bool
    order: int
    shaded_by: list[int]
    calendar: int | None
    conditions: Conditions
    severities: dict[str, int]
    valid_from: Moment | None
    valid_until: Moment | None
    obligations: list[ObligationShape]
    pauses: dict[str, list[str]]
    targets: list[TargetShape]
    team_targets: list[TeamTargetShape]


class PartShape(TypedDict):
    """One thing that a policy asks: what was wanted, what was found, and both in one sentence."""

    key: str
    wanted: str
    found: str
    holds: bool
    sentence: str


class OtherPolicyShape(TypedDict):
    """A policy that does not take the ticket, and why."""

    policy: str
    version: int
    reason: str


class MatchShape(TypedDict):
    """The policy that takes the ticket as it is now, null where nothing is promised; clocks keep the one they have."""

    policy: str | None
    version: int | None
    parts: list[PartShape]
    others: list[OtherPolicyShape]


class PolicyPage(TypedDict):
    results: list[PolicyShape]
    next: Url | None


class PeriodShape(TypedDict):
    weekday: int
    start: str
    end: str


class HolidayShape(TypedDict):
    """A date on which nothing opens; `source` only where it was copied from a country or region, such as BR-SP."""

    date: Day
    name: str
    source: NotRequired[str]


class HoursShape(TypedDict):
    start: str
    end: str


class DayShape(TypedDict):
    """A date with hours of its own, which hold instead of the week's, on a holiday too."""

    date: Day
    name: str
    periods: list[HoursShape]


class CalendarShape(TypedDict):
    """A calendar in its newest version; weekday 0 is Monday, 00:00 to 00:00 a whole day."""

    id: int
    name: str
    version: int
    time_zone: str
    periods: list[PeriodShape]
    holidays: list[HolidayShape]
    days: list[DayShape]


class CalendarPage(TypedDict):
    results: list[CalendarShape]
    next: Url | None


class CalendarVersionShape(TypedDict):
    """A version as it was kept, what it changed in the one before it, by whom and when."""

    number: int
    created_at: Moment
    by: str
    changes: list[str]
    time_zone: str
    periods: list[PeriodShape]
    holidays: list[HolidayShape]
    days: list[DayShape]


class CalendarVersions(TypedDict):
    """The newest first; at most two hundred."""

    results: list[CalendarVersionShape]


class HolidayOffer(TypedDict):
    """What the library knows today; nothing is kept until a calendar is changed with it."""

    results: list[HolidayShape]


IntervalShape = TypedDict("IntervalShape", {"from": Moment, "to": Moment, "minutes": float})


class DueShape(TypedDict):
    """When so many working minutes have passed; the ledger's minutes add up to them."""

    due_at: Moment
    ledger: list[IntervalShape]


def policies_with_all() -> QuerySet[Policy]:
    """Those that have been published; a draft is nobody's business as yet."""
    versions = PolicyVersion.objects.published().order_by("-number").prefetch_related("targets", "team_targets")
    in_force = PolicyVersion.objects.published().filter(policy=OuterRef("pk"))
    return Policy.objects.filter(Exists(in_force)).prefetch_related(Prefetch("versions", versions))


def policy_shape(policy: Policy, places: Mapping[int, Place]) -> PolicyShape:
    """Of a policy from `policies_with_all`; `places` of those that are asked."""
    version = policy.versions.all()[0]
    return {
        "id": policy.pk,
        "name": policy.name,
        "version": version.number,
        "enabled": policy.is_enabled,
        "order": policy.order,
        "shaded_by": [taker.policy.pk for taker in places[policy.pk].takers] if policy.pk in places else [],
        "calendar": version.calendar_id,
        "conditions": version.conditions,
        "severities": version.severities,
        "valid_from": moment(version.valid_from),
        "valid_until": moment(version.valid_until),
        "obligations": version.obligations,
        "pauses": version.pauses,
        "targets": [
            {
                "metric": target.metric,
                "priority": target.priority,
                "seconds": target.seconds,
                "thresholds": [threshold_shape(one) for one in read(target.thresholds)],
                "round_the_clock": target.round_the_clock,
            }
            for target in version.targets.all()
        ],
        "team_targets": [team_target_shape(own) for own in version.team_targets.all()],
    }


def match_shape(match: Match) -> MatchShape:
    return {
        "policy": match.version.policy.name if match.version else None,
        "version": match.version.number if match.version else None,
        "parts": [part_shape(part) for part in match.parts],
        "others": [
            {"policy": other.version.policy.name, "version": other.version.number, "reason": other.reason}
            for other in match.others
        ],
    }


def part_shape(part: Part) -> PartShape:
    return {
        "key": part.key,
        "wanted": part.wanted,
        "found": part.found,
        "holds": part.holds,
        "sentence": part.sentence,
    }


def calendar_shape(calendar: Calendar) -> CalendarShape:
    version = calendar.current
    return {
        "id": calendar.pk,
        "name": calendar.name,
        "version": version.number,
        "time_zone": version.time_zone,
        "periods": version.periods,
        "holidays": version.holidays,
        "days": version.days,
    }


def version_shapes(calendar: Calendar) -> list[CalendarVersionShape]:
    """Two queries, however many versions there are."""
    rows = list(calendar.versions.select_related("created_by")[: VERSIONS_SHOWN + 1])
    before = [*rows[1:], None]
    return [_version_shape(row, earlier) for row, earlier in zip(rows, before, strict=True)][:VERSIONS_SHOWN]


def _version_shape(row: CalendarVersion, earlier: CalendarVersion | None) -> CalendarVersionShape:
    changes = difference(earlier.content, row.content) if earlier else []
    return {
        "number": row.number,
        "created_at": instant(row.created_at),
        "by": row.created_by.name if row.created_by else "",
        "changes": [line for change in changes for line in change.details or (change.words,)],
        "time_zone": row.time_zone,
        "periods": row.periods,
        "holidays": row.holidays,
        "days": row.days,
    }


def interval_shapes(intervals: Iterable[Interval]) -> list[IntervalShape]:
    return [
        {"from": instant(from_), "to": instant(to), "minutes": number((to - from_) / timedelta(minutes=1))}
        for from_, to in intervals
    ]


def number(value: float) -> float:
    """Whole where it is whole: 60 and not 60.0."""
    return int(value) if value == int(value) else value
