"""Whether a promise was kept, from its ledger alone. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sla.enums import EntryKind
from sla.honest import Word, judge
from sla.ledger import Entry, replay

# After which the lines before say no more how it ended.
_OPEN_AGAIN = frozenset({EntryKind.REOPENED})
_ENDS = frozenset({EntryKind.MET, EntryKind.CANCELLED, EntryKind.SET_ASIDE})


class Kept(NamedTuple):
    """How it ended, by the names of `PromiseFact`."""

    decided_at: datetime
    is_kept: bool
    is_kept_honestly: bool
    target_seconds: int
    used_seconds: int
    paused_seconds: int


def kept(entries: Sequence[Entry], words: Sequence[Word]) -> Kept | None:
    """None of one that still runs, or that was cancelled or set aside before it was decided.

    What was broken stays broken, whatever comes after: it is counted up to that moment.
    """
    broken_at = next((entry.at for entry in entries if entry.kind == EntryKind.BREACHED), None)
    decided_at = broken_at or _met_at(entries)
    if decided_at is None:
        return None
    decided_at = decided_at.astimezone(UTC)
    account, honestly = replay(entries, until=decided_at), broken_at is None
    if honestly and any(entry.kind == EntryKind.PAUSED for entry in entries):
        honestly = not judge(entries, words, until=entries[-1].at).turns
    return Kept(
        decided_at=decided_at,
        is_kept=broken_at is None,
        is_kept_honestly=honestly,
        target_seconds=int(account.target.total_seconds()),
        used_seconds=int(account.used.total_seconds()),
        paused_seconds=int(account.paused.total_seconds()),
    )


def _met_at(entries: Sequence[Entry]) -> datetime | None:
    """Of its last end, unless it was opened again since."""
    for entry in reversed(entries):
        if entry.kind in _OPEN_AGAIN:
            return None
        if entry.kind in _ENDS:
            return entry.at if entry.kind == EntryKind.MET else None
    return None
