"""What a policy promises, as plain values; and as given by a person, checked: one clear sentence per mistake."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from calendars.models import Calendar
from common.errors import InvalidInput
from sla.enums import LONGEST_SECONDS, POLICY_METRICS, WARN_AT, AppliesTo
from sla.models import PolicyVersion, Target, default_pauses, default_severities
from sla.naming import known
from sla.obligations import Obligation, obligations_of
from sla.team_targets import TeamTargetSpec, team_specs_of, write_team_targets
from sla.thresholds import Known, Threshold, at_percent, check, is_whole, read
from tickets.enums import Priority, Wait
from tickets.vocabulary import check as check_conditions

USUAL = at_percent(WARN_AT)


@dataclass(frozen=True, slots=True)
class TargetSpec:
    metric: str
    priority: str
    seconds: int
    thresholds: tuple[Threshold, ...] = (USUAL,)
    round_the_clock: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What one version promises: to whom, what, in whose hours, from when until when."""

    targets: tuple[TargetSpec, ...]
    conditions: dict[str, Any] = field(default_factory=dict)
    severities: dict[str, int] = field(default_factory=default_severities)
    calendar: Calendar | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    obligations: tuple[Obligation, ...] = ()
    team_targets: tuple[TeamTargetSpec, ...] = ()
    pauses: dict[str, list[str]] = field(default_factory=default_pauses)


def terms_of(version: PolicyVersion) -> Terms:
    """Three queries, unless calendar, targets and team targets are in hands."""
    return Terms(
        targets=tuple(
            TargetSpec(target.metric, target.priority, target.seconds, read(target.thresholds), target.round_the_clock)
            for target in version.targets.all()
        ),
        conditions=version.conditions,
        severities=version.severities,
        calendar=version.calendar,
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        obligations=obligations_of(version),
        team_targets=team_specs_of(version),
        pauses=version.pauses,
    )


def check_terms(terms: Terms) -> Terms:
    """The terms as they are kept, or InvalidInput on the first field that is wrong.

    The targets are checked as they are read.
    """
    if not terms.targets:
        raise _wrong(_("A policy needs at least one target."))
    conditions = check_conditions(terms.conditions)
    check_severities(terms.severities)
    if terms.valid_from and terms.valid_until and terms.valid_until <= terms.valid_from:
        raise InvalidInput.of("valid_until", _("A policy must end after it begins."))
    return replace(terms, conditions=conditions, pauses=check_pauses(terms.pauses))


def write_terms(version: PolicyVersion, terms: Terms) -> None:
    """The rows that hang on a version, in place of those that it has (a draft)."""
    write_targets(version, terms.targets)
    write_team_targets(version, terms.team_targets)


def write_targets(version: PolicyVersion, specs: Sequence[TargetSpec]) -> None:
    version.targets.all().delete()
    Target.objects.bulk_create(
        [
            Target(
                version=version,
                metric=spec.metric,
                priority=spec.priority,
                seconds=spec.seconds,
                thresholds=[threshold.as_kept() for threshold in spec.thresholds],
                round_the_clock=spec.round_the_clock,
            )
            for spec in specs
        ]
    )


def check_applies_to(given: str) -> str:
    if given not in AppliesTo.values:
        raise InvalidInput.of("applies_to", _("A change applies to “new” or to “new_and_open” tickets."))
    return given


def check_targets(given: Sequence[Any]) -> list[TargetSpec]:
    """The targets, or InvalidInput on the field `targets`."""
    if not isinstance(given, list | tuple) or not given:
        raise _wrong(_("A policy needs at least one target."))
    # Asked once for all targets, and only where a threshold names a team or a ladder.
    names = cache(known)
    specs = [_check_target(target, names) for target in given]
    if len({(spec.metric, spec.priority) for spec in specs}) < len(specs):
        raise _wrong(_("Two targets are for the same metric and priority."))
    return specs


def check_pauses(given: Any) -> dict[str, list[str]]:
    """The metrics that each reason for standing still stops, in one order; or InvalidInput on the field `pauses`."""
    if not isinstance(given, dict) or not all(isinstance(metrics, list | tuple) for metrics in given.values()):
        raise InvalidInput.of("pauses", _("Pauses are lists of targets by what is waited for."))
    for wait, metrics in given.items():
        if wait not in Wait.values:
            sentence = _("There is no “%(wait)s” to wait for; there are %(known)s.")
            raise InvalidInput.of("pauses", sentence % {"wait": str(wait)[:40], "known": ", ".join(Wait.values)})
        if not all(metric in POLICY_METRICS for metric in metrics):
            sentence = _("A pause stops some of %(known)s.")
            raise InvalidInput.of("pauses", sentence % {"known": ", ".join(POLICY_METRICS)})
    kept = {wait.value: [one.value for one in POLICY_METRICS if one in given.get(wait, ())] for wait in Wait}
    return {wait: metrics for wait, metrics in kept.items() if metrics}


def check_severities(given: Any) -> dict[str, int]:
    """Severity 1 to 4 by priority, or InvalidInput."""
    if not isinstance(given, dict) or not set(given) <= set(Priority.values):
        raise InvalidInput.of("severities", _("Severities are given by priority."))
    if not all(is_whole(value) and 1 <= value <= 4 for value in given.values()):
        raise InvalidInput.of("severities", _("A severity is 1, 2, 3 or 4."))
    return given


def _check_target(given: Any, names: Callable[[], Known]) -> TargetSpec:
    if not isinstance(given, dict):
        raise _wrong(_("A target is an object with metric, priority and seconds."))
    unknown = set(given) - {"metric", "priority", "seconds", "thresholds", "round_the_clock"}
    if unknown:
        raise _wrong(_("A target has no “%(name)s”.") % {"name": sorted(unknown)[0]})
    if given.get("metric") not in POLICY_METRICS:
        raise _wrong(_("A target's metric is one of %(known)s.") % {"known": ", ".join(POLICY_METRICS)})
    if given.get("priority") not in Priority.values:
        raise _wrong(_("A target's priority is one of %(known)s.") % {"known": ", ".join(Priority.values)})
    seconds = given.get("seconds")
    if not is_whole(seconds) or not 0 < seconds <= LONGEST_SECONDS:
        raise _wrong(_("A target takes between one second and a year."))
    if not isinstance(given.get("round_the_clock", False), bool):
        raise _wrong(_("Whether a target is counted round the clock is true or false."))
    thresholds = check(given.get("thresholds", [USUAL.percent]), target=timedelta(seconds=seconds), known=names)
    return TargetSpec(given["metric"], given["priority"], seconds, thresholds, given.get("round_the_clock", False))


def _wrong(sentence: str) -> InvalidInput:
    return InvalidInput.of("targets", sentence)
