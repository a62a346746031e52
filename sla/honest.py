"""The honest clock: which pauses look unjustified, and what a clock would show without them. Pure.

A pause is meant for time in which we cannot go on. One that waits for the customer is held against the conversation
(was he asked anything, was he the one who waited?), each against the clock (late in the day, just before it was due?).
What comes of it is a question for a manager and never a verdict: nothing is changed by looking.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice

from calendars.worktime import WorkTime
from sla.enums import EntryKind
from sla.ledger import Account, Entry, Segment, SegmentKind, replay, settle
from tickets.enums import Wait

# The share of the target below which a pause is “just before it was due”.
NEARLY_DUE = 0.1
END_OF_DAY = timedelta(minutes=30)
# A gap in the calendar that is a night and not a lunch.
NIGHT = timedelta(hours=4)
_LOOK_AHEAD = timedelta(days=14)
# A message and the pause that is sent with it may be written by two statements.
_TOGETHER = timedelta(seconds=5)
_NOTHING = timedelta()


class Sign(StrEnum):
    CUSTOMER_WAITED = "customer_waited"
    NOTHING_ASKED = "nothing_asked"
    JUST_BEFORE_DUE = "just_before_due"
    END_OF_DAY = "end_of_day"
    LONGER_THAN_PROMISE = "longer_than_promise"


# The first two say that there was no ground for it; of the others it takes two.
WEIGHT = {
    Sign.CUSTOMER_WAITED: 2,
    Sign.NOTHING_ASKED: 2,
    Sign.JUST_BEFORE_DUE: 1,
    Sign.END_OF_DAY: 1,
    Sign.LONGER_THAN_PROMISE: 1,
}
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A public message: who wrote it, when, and whether it asks anything."""

    at: datetime
    by_customer: bool
    asks: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """`worked` is the working time that it let go by; `word_at` when the last word before it was said."""

    at: datetime
    to: datetime
    worked: timedelta
    reason: str
    waits_for: str
    by: str
    word_at: datetime | None
    signs: tuple[Sign, ...]

    @property
    def weight(self) -> int:
        """Nothing where no working time went by: such a pause gained nothing."""
        return sum(WEIGHT[sign] for sign in self.signs) if self.worked else 0

    @property
    def looks_unjustified(self) -> bool:
        return self.weight >= ENOUGH


@dataclass(frozen=True, slots=True)
class Judged:
    """`reported` is the clock as it is; `honest` as it would be without the pauses that look unjustified."""

    pauses: tuple[Pause, ...]
    reported: Account
    honest: Account

    @property
    def unjustified(self) -> tuple[Pause, ...]:
        return tuple(pause for pause in self.pauses if pause.looks_unjustified)

    @property
    def turns(self) -> bool:
        """Whether the promise, kept so far, was missed but for these pauses."""
        return self.reported.missed_at is None and self.honest.missed_at is not None


def judge(entries: Sequence[Entry], words: Sequence[Word], *, until: datetime) -> Judged:
    """All pauses of a clock up to `until`, or up to its stop; `words` in the order in which they were said."""
    reported = settle(entries, until=until)
    paused = [segment for segment in reported.segments if segment.kind == SegmentKind.PAUSED]
    pauses = tuple(_judged(segment, entries, words) for segment in paused)
    out = {pause.at for pause in pauses if pause.looks_unjustified}
    kept = [entry for entry in entries if entry.kind != EntryKind.PAUSED or entry.at.astimezone(UTC) not in out]
    return Judged(pauses, reported, replay(kept, until=reported.until) if out else reported)


def _judged(segment: Segment, entries: Sequence[Entry], words: Sequence[Word]) -> Pause:
    then = replay(entries, until=segment.from_)
    number = bisect_right(words, segment.from_ + _TOGETHER, key=lambda word: word.at)
    word = words[number - 1] if number else None
    # What the customer is not waited for need not be asked of him.
    on_him = segment.waits_for in {"", Wait.CUSTOMER}
    held = {
        Sign.CUSTOMER_WAITED: on_him and word is not None and word.by_customer,
        Sign.NOTHING_ASKED: on_him and (word is None or not (word.by_customer or word.asks)),
        Sign.JUST_BEFORE_DUE: then.remaining <= then.target * NEARLY_DUE,
        Sign.END_OF_DAY: _at_the_end_of_a_day(then.calendar, segment),
        Sign.LONGER_THAN_PROMISE: segment.paused > then.target,
    }
    return Pause(
        segment.from_,
        segment.to,
        segment.paused,
        segment.reason,
        segment.waits_for,
        segment.by,
        word.at if word else None,
        tuple(sign for sign, holds in held.items() if holds),
    )


def _at_the_end_of_a_day(calendar: WorkTime, segment: Segment) -> bool:
    """Set shortly before the desk closed for the night, and kept beyond its opening."""
    opened = list(islice(calendar.intervals(segment.from_, segment.from_ + _LOOK_AHEAD), 2))
    if len(opened) < 2 or opened[0].from_ > segment.from_:
        return False
    closing, opening = opened[0].to, opened[1].from_
    late = closing - segment.from_ <= END_OF_DAY and opening - closing >= NIGHT
    return late and segment.to > opening
