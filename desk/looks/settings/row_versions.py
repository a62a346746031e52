"""What a row of a list has been, change by change, and what somebody else has made of it meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models

from common.configuring import changes_of
from desk.looks.settings.audit import ChangeLine, lines_of

MOST = 20


@dataclass(frozen=True, slots=True)
class RowVersion:
    """`way` names it to whoever returns to it: a change of the trail, and which side of it."""

    line: ChangeLine
    way: str
    is_in_force: bool
    is_before: bool = False


def versions_of(row: models.Model) -> list[RowVersion]:
    """The newest first; the oldest may be what it was before the trail knew it."""
    lines = lines_of(list(changes_of(row).select_related("by")[:MOST]))
    found = [RowVersion(line, f"after-{line.change.pk}", at == 0) for at, line in enumerate(lines)]
    if lines and lines[-1].change.before:
        found.append(RowVersion(lines[-1], f"before-{lines[-1].change.pk}", is_in_force=False, is_before=True))
    return found


def last_change(row: models.Model) -> int:
    return changes_of(row).values_list("pk", flat=True).first() or 0


def changed_since(row: models.Model, seen: int) -> Sequence[ChangeLine]:
    return lines_of(list(changes_of(row).filter(pk__gt=seen).select_related("by")[:MOST]))
