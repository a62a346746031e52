"""“Why this due time?”: a clock's account, recomputed from its ledger (DESIGN §3.9)."""

from datetime import datetime, timedelta

from sla.hours import hours_of
from sla.ledger import Account, Entry, replay
from sla.models import Clock, LedgerEntry


def account_of(clock: Clock, now: datetime) -> Account:
    """Segments, used, remaining and due time at `now`; one query unless `entries` are prefetched."""
    return replay([_as_entry(row) for row in entries_of(clock)], until=now)


def entries_of(clock: Clock) -> list[LedgerEntry]:
    """The ledger's lines, oldest first, with what an explanation names."""
    prefetched = getattr(clock, "_prefetched_objects_cache", {})
    if "entries" in prefetched:
        return list(clock.entries.all())
    return list(clock.entries.select_related("policy_version__policy", "calendar_version", "by"))


def _as_entry(row: LedgerEntry) -> Entry:
    has_target = row.target_seconds is not None
    return Entry(
        at=row.at,
        kind=row.kind,
        target=timedelta(seconds=row.target_seconds) if row.target_seconds is not None else None,
        calendar=hours_of(row.calendar_version) if has_target else None,
        policy=str(row.policy_version) if row.policy_version else "",
        reason=row.reason,
        by=row.by.name if row.by else "",
    )
