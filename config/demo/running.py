"""One clock of an archived ticket: the row and the ledger that the SLA floor would have written, without asking it.

Only for promises that were kept: history with a breach in it is played, not archived. A test plays the same steps
through the true actions and compares every row.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.demo.stage import LATENESS
from people.models import Team, User
from sla.enums import ClockState, EntryKind
from sla.hours import hours_of
from sla.models import Clock, LedgerEntry, PolicyVersion, Target
from sla.moments import moments


@dataclass(slots=True)
class RunningClock:
    row: Clock
    entries: list[LedgerEntry] = field(default_factory=list)
    warnings: list[tuple[datetime, int]] = field(default_factory=list)

    @classmethod
    def started(cls, target: Target, version: PolicyVersion, team: Team | None, at: datetime, cycle: int) -> "RunningClock":
        calendar = version.calendar.current if version.calendar else None
        row = Clock(
            metric=target.metric,
            cycle=cycle,
            target_seconds=target.seconds,
            thresholds=target.thresholds,
            policy_version=version,
            calendar_version=calendar,
            responsible_team=team,
            started_at=at,
        )
        clock = cls(row)
        clock._run(at)
        clock._enter(EntryKind.STARTED, at)
        entry = clock.entries[0]
        entry.target_seconds, entry.calendar_version, entry.policy_version = target.seconds, calendar, version
        return clock

    @property
    def is_over(self) -> bool:
        return self.row.met_at is not None

    def pause(self, at: datetime, by: User | None, reason: str) -> None:
        if self.row.state == ClockState.RUNNING:
            self._count(at)
            self.row.state = ClockState.PAUSED
            self.row.due_at = None
            self._enter(EntryKind.PAUSED, at, by, reason)

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

    def _run(self, at: datetime) -> None:
        self.row.state = ClockState.RUNNING
        self.row.running_since = at
        self.row.due_at, self.row.next_moment = self._plan(at, self.row.used)

    def _count(self, at: datetime) -> None:
        """Up to `at`, with the warnings that the engine would have given on the way."""
        while self.row.running_since and self.row.next_moment and self.row.next_moment + LATENESS <= at:
            self._warn(self.row.next_moment + LATENESS)
        if self.row.running_since is not None:
            self.row.used += hours_of(self.row.calendar_version).worked(self.row.running_since, at)
        self.row.running_since = self.row.next_moment = None

    def _warn(self, at: datetime) -> None:
        row = self.row
        if row.due_at is None or row.due_at <= at:
            raise ValueError(f"{row.metric} of an archived ticket was missed at {row.due_at}: such a story is to be played.")
        used = row.used + hours_of(row.calendar_version).worked(row.running_since or at, at)
        row.warned_percent = max(percent for percent in row.thresholds if row.target * percent / 100 <= used)
        self.warnings.append((at, row.warned_percent))
        _due_at, row.next_moment = self._plan(at, used)

    def _plan(self, at: datetime, used: timedelta) -> tuple[datetime, datetime]:
        plan = moments(
            hours_of(self.row.calendar_version),
            at=at,
            used=used,
            target=self.row.target,
            thresholds=self.row.thresholds,
            warned_percent=self.row.warned_percent,
        )
        return plan.due_at, plan.next_moment

    def _enter(self, kind: str, at: datetime, by: User | None = None, reason: str = "") -> None:
        self.entries.append(LedgerEntry(clock=self.row, kind=kind, at=at, by=by, reason=reason))
