"""Whose turn comes too late: each team's line in the order of its due times, at the pace at which it answers. Pure.

No model, only what the team has done in the last weeks and who is there now; so it works on every desk.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from calendars.worktime import WorkTime


@dataclass(frozen=True, slots=True)
class InLine:
    ticket: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """`turn_at`: when the team comes to it; None where nobody is there to come. `ahead`: how many are before it."""

    ticket: int
    due_at: datetime
    ahead: int
    turn_at: datetime | None

    @property
    def is_too_late(self) -> bool:
        return self.turn_at is None or self.turn_at > self.due_at


def turns(line: Sequence[InLine], *, pace: float, hours: WorkTime, now: datetime) -> Iterator[Turn]:
    """`line` by due time; `pace` in answers a working hour, nought where nobody is there. What is late is no turn."""
    for ahead, one in enumerate(line):
        if one.due_at <= now:
            continue
        turn_at = hours.due(now, timedelta(hours=(ahead + 1) / pace)) if pace > 0 else None
        yield Turn(one.ticket, one.due_at, ahead, turn_at)
