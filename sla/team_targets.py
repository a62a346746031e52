"""Internal targets as plain values; as given by a person, checked; and held against what the customer is promised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from people.models import Team
from sla.enums import LONGEST_SECONDS, WARN_AT, Metric
from sla.models import PolicyVersion, TeamTarget
from sla.thresholds import is_whole
from tickets.enums import PRIORITY_RANK, Priority

if TYPE_CHECKING:
    from sla.policies import Terms


FIELD = "team_targets"
_KNOWN = {"team", "priority", "seconds", "round_the_clock", "escalates", "warn_at"}


@dataclass(frozen=True, slots=True)
class TeamTargetSpec:
    """How long a team may hold a ticket of a priority, in seconds of the policy's calendar or round the clock.

    `warn_at` per cent of that whoever has the ticket is warned; None for no warning.
    """

    team: Team
    priority: str
    seconds: int
    round_the_clock: bool = False
    escalates: bool = False
    warn_at: int | None = WARN_AT


class Sum(NamedTuple):
    """Of all teams at a priority, in seconds, and what the customer is promised; None where solving is not.

    `is_comparable`: all of it is counted in the same hours.
    """

    priority: Priority
    seconds: int
    promised: int | None
    is_comparable: bool

    @property
    def is_too_long(self) -> bool:
        return self.is_comparable and self.promised is not None and self.seconds > self.promised


def team_specs_of(version: PolicyVersion) -> tuple[TeamTargetSpec, ...]:
    return tuple(
        TeamTargetSpec(row.team, row.priority, row.seconds, row.round_the_clock, row.escalates, row.warn_at)
        for row in version.team_targets.all()
    )


def write_team_targets(version: PolicyVersion, specs: Sequence[TeamTargetSpec]) -> None:
    """In place of those that the version has, if it has any (a draft)."""
    version.team_targets.all().delete()
    TeamTarget.objects.bulk_create(
        [
            TeamTarget(
                version=version,
                team=spec.team,
                priority=spec.priority,
                seconds=spec.seconds,
                round_the_clock=spec.round_the_clock,
                escalates=spec.escalates,
                warn_at=spec.warn_at,
            )
            for spec in specs
        ]
    )


def check_team_targets(given: Any) -> tuple[TeamTargetSpec, ...]:
    """The targets, the team by its short name; InvalidInput in one sentence. One query, none for nothing."""
    if not isinstance(given, list | tuple):
        raise _wrong(_("Internal targets are a list of objects with team, priority and seconds."))
    teams = {team.slug: team for team in Team.objects.all()} if given else {}
    specs = tuple(check_team_target(one, teams) for one in given)
    if len({(spec.team.pk, spec.priority) for spec in specs}) < len(specs):
        raise _wrong(_("Two internal targets are for the same team and priority."))
    return specs


def check_team_target(given: Any, teams: Mapping[str, Team]) -> TeamTargetSpec:
    if not isinstance(given, dict):
        raise _wrong(_("An internal target is an object with team, priority and seconds."))
    unknown = set(given) - _KNOWN
    if unknown:
        raise _wrong(_("An internal target has no “%(name)s”.") % {"name": sorted(unknown)[0]})
    team = teams.get(str(given.get("team")))
    if team is None:
        raise _wrong(_("There is no team “%(team)s”.") % {"team": str(given.get("team"))[:80]})
    if given.get("priority") not in Priority.values:
        raise _wrong(_("A target's priority is one of %(known)s.") % {"known": ", ".join(Priority.values)})
    seconds = given.get("seconds")
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds <= LONGEST_SECONDS:
        raise _wrong(_("A target takes between one second and a year."))
    flags = {name: given.get(name, False) for name in ("round_the_clock", "escalates")}
    if not all(isinstance(flag, bool) for flag in flags.values()):
        raise _wrong(
            _("Whether an internal target is counted round the clock, and whether it escalates, is true or false.")
        )
    return TeamTargetSpec(team, given["priority"], seconds, **flags, warn_at=_warned_at(given.get("warn_at", WARN_AT)))


def _warned_at(given: Any) -> int | None:
    if given is not None and not (is_whole(given) and 0 < given < 100):
        raise _wrong(_("A team is warned at a whole per cent between 1 and 99, or not at all."))
    return given


def sums_of(terms: "Terms") -> list[Sum]:
    """One for each priority at which a team has a target, the most pressing first."""
    found = []
    for priority in sorted(Priority, key=lambda one: -PRIORITY_RANK[one]):
        specs = [spec for spec in terms.team_targets if spec.priority == priority]
        promise = next(
            (one for one in terms.targets if one.metric == Metric.RESOLUTION and one.priority == priority), None
        )
        if specs:
            always = {spec.round_the_clock for spec in specs} | ({promise.round_the_clock} if promise else set())
            seconds = sum(spec.seconds for spec in specs)
            found.append(
                Sum(priority, seconds, promise.seconds if promise else None, terms.calendar is None or len(always) == 1)
            )
    return found


def _wrong(sentence: str) -> InvalidInput:
    return InvalidInput.of(FIELD, sentence)
