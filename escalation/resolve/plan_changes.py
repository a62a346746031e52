"""What differs between two versions of a plan (R44). Pure: it reads tasks and asks nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from escalation.models import PlanTask


class Sort(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    OWNER = "owner"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Change:
    """`before` is None for a task that came, `after` for one that went."""

    sort: Sort
    before: PlanTask | None
    after: PlanTask | None


def changes(before: Sequence[PlanTask], after: Sequence[PlanTask]) -> list[Change]:
    """In the order of the new plan, what went last. A title that changed in its place is one task and not two."""
    old = {task.title: task for task in before}
    new = {task.title for task in after}
    gone = [task for task in before if task.title not in new]
    found: list[Change] = []
    for position, task in enumerate(after):
        known = old.get(task.title)
        if known is None:
            known = _same_place(before, position, gone)
            if known is None:
                found.append(Change(Sort.ADDED, None, task))
                continue
            gone.remove(known)
            found.append(Change(Sort.RENAMED, known, task))
        if known.owner_id != task.owner_id:
            found.append(Change(Sort.OWNER, known, task))
        if known.due_at != task.due_at:
            found.append(Change(Sort.DUE, known, task))
    return found + [Change(Sort.REMOVED, task, None) for task in gone]


def _same_place(before: Sequence[PlanTask], position: int, gone: Sequence[PlanTask]) -> PlanTask | None:
    """The task that stood there and whose title is nowhere any more."""
    if position < len(before) and any(before[position] is task for task in gone):
        return before[position]
    return None
