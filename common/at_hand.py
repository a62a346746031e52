"""What has just been written and is about to be shown: kept beside its record, so that nobody has to read it back.

`keep` only lays rows aside; a record's related managers ask the database as ever. `lay_out` hands them to its
managers, for the one who shows the record and does nothing else with it.
"""

from collections.abc import Sequence

from django.db import models

_KEPT = "_at_hand"


def keep(record: models.Model, name: str, rows: Sequence[models.Model]) -> None:
    """These are all rows that `record.<name>` has by now."""
    record.__dict__.setdefault(_KEPT, {})[name] = rows


def kept(record: models.Model, name: str) -> Sequence[models.Model] | None:
    """What was laid aside under this name; None for nothing, which is not the same as no rows."""
    found: Sequence[models.Model] | None = record.__dict__.get(_KEPT, {}).get(name)
    return found


def lay_out(record: models.Model, *names: str) -> set[str]:
    """As `prefetch_related_objects` would, without a query; the names of which nothing is kept."""
    kept = record.__dict__.get(_KEPT, {})
    cache = record.__dict__.setdefault("_prefetched_objects_cache", {})
    for name in names:
        if name in kept:
            rows = getattr(record, name).all()
            rows._result_cache, rows._prefetch_done = list(kept[name]), True
            cache[name] = rows
    return set(names) - set(kept)
