"""A policy's targets as given by a person, checked: one clear sentence per mistake."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from sla.enums import Metric
from tickets.enums import Priority

LONGEST_SECONDS = 366 * 24 * 3600


@dataclass(frozen=True, slots=True)
class TargetSpec:
    metric: str
    priority: str
    seconds: int
    thresholds: tuple[int, ...]


def check_targets(given: Sequence[Any]) -> list[TargetSpec]:
    """The targets, or InvalidInput on the field `targets`."""
    if not isinstance(given, list | tuple) or not given:
        raise _wrong(_("A policy needs at least one target."))
    specs = [_check_target(target) for target in given]
    if len({(spec.metric, spec.priority) for spec in specs}) < len(specs):
        raise _wrong(_("Two targets are for the same metric and priority."))
    return specs


def check_severities(given: Any) -> dict[str, int]:
    """Severity 1 to 4 by priority, or InvalidInput."""
    if not isinstance(given, dict) or not set(given) <= set(Priority.values):
        raise InvalidInput.of("severities", _("Severities are given by priority."))
    if not all(_is_whole(value) and 1 <= value <= 4 for value in given.values()):
        raise InvalidInput.of("severities", _("A severity is 1, 2, 3 or 4."))
    return given


def _check_target(given: Any) -> TargetSpec:
    if not isinstance(given, dict):
        raise _wrong(_("A target is an object with metric, priority and seconds."))
    unknown = set(given) - {"metric", "priority", "seconds", "thresholds"}
    if unknown:
        raise _wrong(_("A target has no “%(name)s”.") % {"name": sorted(unknown)[0]})
    if given.get("metric") not in Metric.values:
        raise _wrong(_("A target's metric is one of %(known)s.") % {"known": ", ".join(Metric.values)})
    if given.get("priority") not in Priority.values:
        raise _wrong(_("A target's priority is one of %(known)s.") % {"known": ", ".join(Priority.values)})
    seconds = given.get("seconds")
    if not _is_whole(seconds) or not 0 < seconds <= LONGEST_SECONDS:
        raise _wrong(_("A target takes between one second and a year."))
    thresholds = given.get("thresholds", [75])
    if not isinstance(thresholds, list | tuple) or not all(_is_whole(step) and 0 < step < 100 for step in thresholds):
        raise _wrong(_("Thresholds are whole per cents between 1 and 99."))
    return TargetSpec(given["metric"], given["priority"], seconds, tuple(sorted(set(thresholds))))


def _is_whole(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _wrong(sentence: str) -> InvalidInput:
    return InvalidInput.of("targets", sentence)
