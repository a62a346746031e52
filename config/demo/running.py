"""One clock of a ticket that is written down: the row and the ledger that the SLA floor would have left.

Only for promises that are kept: history with a breach in it is played. A test plays the same steps through the true
actions and compares every row.
"""

from dataclasses import dataclass, field
from datetime import datetime

from calendars.models import CalendarVersion
from calendars.worktime import WorkTime
from config.demo.stage import LATENESS
from people.models import Team, User
from sla import clocks
from sla.enums import ClockState, EntryKind
from sla.hours import hours_of
from sla.models import Clock, LedgerEntry, PolicyVersion, Target
from sla.moments import ahead, due, next_moment
from sla.thresholds import Threshold
from tickets.enums import Wait


@dataclass(frozen=True, slots=True)
class Terms:
    """What a clock that starts now runs under; looked up once for all clocks."""

    version: PolicyVersion
    calendar: CalendarVersion | None
    hours: WorkTime

    @classmethod
    def of(cls, version: PolicyVersion) -> "Terms":
        calendar = version.calendar.current if version.calendar else None
        return cls(version, calendar, hours_of(calendar))


@dataclass(slots=True)
class RunningClock:
    row: Clock
    hours: WorkTime
    entries: list[LedgerEntry] = field(default_factory=list)
    warnings: list[tuple[datetime, Threshold]] = field(default_factory=list)

    @classmethod
    def started(cls, target: Target, terms: Terms, team: Team | None, at: datetime, cycle: int) -> "RunningClock":
        row = Clock(
            metric=target.metric,
            cycle=cycle,
            target_seconds=target.seconds,
            thresholds=target.thresholds,
            policy_version=terms.version,
            calendar_version=terms.calendar,
            responsible_team=team,
            started_at=at,
        )
        clock = cls(row, terms.hours)
        clock._run(at)
        clock._enter(EntryKind.STARTED, at)
        first = clock.entries[0]
        first.target_seconds, first.calendar_version, first.policy_version = (
            target.seconds,
            terms.calendar,
            terms.version,
        )
        return clock

    @property
    def is_over(self) -> bool:
        return self.row.met_at is not None

    def pause(self, at: datetime, by: User | None, reason: str) -> None:
        if self.row.state == ClockState.RUNNING:
            self._count(at)
            self.row.state = ClockState.PAUSED
            self.row.due_at = None
            self._enter(EntryKind.PAUSED, at, by, reason, Wait.CUSTOMER)

    def resume(self, at: datetime, by: User | None, reason: str) -> None:
        if self.row.state == ClockState.PAUSED:
            self._run(at)
            self._enter(EntryKind.RESUMED, at, by, reason)

    def meet(self, at: datetime, by: User | None) -> None:
        if not self.is_over:
            self._count(at)
            self.row.state = ClockState.MET
            self.row.met_at = at
            self._enter(EntryKind.MET, at, by)

    def reopen(self, at: datetime, by: User | None, reason: str) -> None:
        self.row.met_at = None
        self._run(at)
        self._enter(EntryKind.REOPENED, at, by, reason)

    def bring_to(self, at: datetime) -> None:
        """Give the warnings that the engine would have given by then."""
        while self.row.running_since and self.row.next_moment and self.row.next_moment + LATENESS <= at:
            self._warn(self.row.next_moment + LATENESS)

    def _run(self, at: datetime) -> None:
        self.row.state = ClockState.RUNNING
        self.row.running_since = at
        self.row.due_at = due(self.hours, at=at, used=self.row.used, target=self.row.target)
        self.row.next_moment = next_moment(self.row)

    def _count(self, at: datetime) -> None:
        self.bring_to(at)
        if self.row.running_since is not None:
            self.row.used += self.hours.worked(self.row.running_since, at)
        self.row.running_since = self.row.next_moment = None

    def _warn(self, at: datetime) -> None:
        row = self.row
        if row.due_at is None or row.due_at <= at:
            raise ValueError(
                f"{row.metric} was missed at {row.due_at}: such a story is to be played, not written down."
            )
        came = [threshold for moment, threshold in ahead(row) if moment <= at]
        if not all(threshold.only_tells for threshold in came):
            raise ValueError(f"A threshold of {row.metric} does more than tell: such a story is to be played.")
        self.warnings += [(at, threshold) for threshold in came]
        clocks.fire(row, [threshold.key for threshold in came])

    def _enter(self, kind: str, at: datetime, by: User | None = None, reason: str = "", waits_for: str = "") -> None:
        entry = LedgerEntry(clock=self.row, kind=kind, at=at, by=by, reason=reason, waits_for=waits_for)
        self.entries.append(entry)
