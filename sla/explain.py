"""“Why this due time?”: a clock's account, recomputed from its ledger (DESIGN §3.9)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from common.questions import Question
from sla.enums import EntryKind
from sla.hours import hours_of
from sla.ledger import Account, Entry, SegmentKind, replay, settle
from sla.models import Clock, LedgerEntry
from sla.querysets import ClockQuerySet
from sla.thresholds import Threshold

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Ending(TypedDict):
        has_come: bool

    ToldClock = WithAnnotations[Clock, _Ending]


def account_of(clock: Clock, now: datetime) -> Account:
    """Segments, used, remaining and due time at `now`; one query unless `entries` are prefetched."""
    return replay(lines_of(clock), until=now)


def settled_account_of(clock: Clock, now: datetime) -> Account:
    """The same for an explanation: of a clock that is stopped, as it stood when it was stopped."""
    return settle(lines_of(clock), until=now)


@dataclass(frozen=True, slots=True)
class Passed:
    """A threshold on a clock's way. `at` is None where the clock stands still before it."""

    threshold: Threshold
    at: datetime | None
    has_fired: bool


def passed_by(clock: Clock, account: Account) -> Iterator[Passed]:
    """In their order: what has fired, and of a clock that is not stopped what lies ahead of it."""
    for amount, threshold in clock.milestones:
        if threshold.key in clock.fired:
            yield Passed(threshold, account.reached(amount), has_fired=True)
        elif not clock.is_stopped:
            runs = account.state == SegmentKind.RUNNING
            yield Passed(threshold, account.reaches(amount) if runs else None, has_fired=False)


def lines_of(clock: Clock) -> list[Entry]:
    """The ledger's lines as `sla.ledger` reads them."""
    return [_as_entry(row) for row in entries_of(clock)]


def entries_of(clock: Clock) -> Sequence[LedgerEntry]:
    """The ledger's lines as they were written, oldest first, with what an explanation names."""
    found: Sequence[LedgerEntry] | None = getattr(clock, "written_lines", None)
    return list(_named().filter(clock=clock)) if found is None else found


def with_entries(clocks: ClockQuerySet) -> ClockQuerySet:
    """With all that an explanation reads: one query more, however many clocks there are."""
    return clocks.prefetch_related(Prefetch("entries", _named(), to_attr="written_lines"))


def with_ending(clocks: QuerySet[Clock]) -> "QuerySet[ToldClock]":
    """Each says of a stopped clock whether what was promised came (`has_come`), or it ended without, late as it was."""
    came = LedgerEntry.objects.filter(clock=OuterRef("pk"), kind=EntryKind.MET, at=OuterRef("met_at"))
    return clocks.annotate(has_come=Exists(came))


def has_come(clock: Clock) -> bool:
    """The same of one clock that is stopped, by its ledger."""
    return any(row.kind == EntryKind.MET and row.at == clock.met_at for row in entries_of(clock))


def load_entries(clocks: Sequence[Clock]) -> None:
    """The same for clocks of one ticket that are there already; one query."""
    written = _lines_on.rows(clocks[0].ticket_id) if clocks else []
    for clock in clocks:
        clock.written_lines = [row for row in written if row.clock_id == clock.pk]  # type: ignore[attr-defined] # as `with_entries` names it


@Question
def _lines_on(ticket: int) -> "QuerySet[LedgerEntry]":
    return _named().filter(clock__ticket=ticket)


def _named() -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.select_related("policy_version__policy", "calendar_version__calendar", "by")


def _as_entry(row: LedgerEntry) -> Entry:
    if row.target_seconds is None:
        by = row.by.name if row.by else ""
        return Entry(at=row.at, kind=row.kind, reason=row.reason, by=by, waits_for=row.waits_for)
    return Entry(
        at=row.at,
        kind=row.kind,
        target=timedelta(seconds=row.target_seconds),
        calendar=hours_of(row.calendar_version),
        policy=str(row.policy_version) if row.policy_version else "",
        reason=row.reason,
        by=row.by.name if row.by else "",
        hours=str(row.calendar_version) if row.calendar_version else "",
        waits_for=row.waits_for,
    )
