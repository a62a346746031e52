"""What the proof found, kept for each ladder: on saving it, and every hour."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Sum

from common import heartbeat
from common.setbacks import Round
from escalation.coverage.loading import load
from escalation.coverage.proving import QUARTER, Hole, prove
from escalation.coverage.world import LadderFacts, World
from escalation.models import Ladder, LadderReport

HEARTBEAT = "coverage"
# So many are kept in full; the rest are counted.
MOST_KEPT = 100
MOST_SPANS = 20


def holes_in(world: World, ladder: LadderFacts, now: datetime) -> list[Hole]:
    """Of all teams that it serves, the soonest first."""
    found = [hole for proof in prove(world, ladder, now) for hole in proof.holes]
    return sorted(found, key=lambda hole: (hole.spans[0].starts_at, hole.mark.level))


def prove_all(now: datetime) -> int:
    """Every ladder anew; returns how many holes there are."""
    world = load(now)
    ladders, setbacks = world.ladders, Round(HEARTBEAT, now)
    total = setbacks.each(ladders, lambda key: len(keep(key, holes_in(world, ladders[key], now), now)))
    LadderReport.objects.exclude(ladder__in=world.ladders).delete()
    heartbeat.beat(HEARTBEAT, now=now, holes=total)
    return total


def keep(ladder: int, holes: Sequence[Hole], now: datetime) -> Sequence[Hole]:
    values = {"at": now, "count": len(holes), "holes": [plain(hole) for hole in holes[:MOST_KEPT]]}
    if Ladder.objects.filter(pk=ladder).exists():
        LadderReport.objects.update_or_create(ladder_id=ladder, defaults=values)
    return holes


def count_holes() -> int:
    """Of all ladders, as they were proved last."""
    return LadderReport.objects.aggregate(n=Sum("count"))["n"] or 0


def opened(before: Iterable[Hole], after: Iterable[Hole]) -> list[Hole]:
    """Which were not there before, or are longer now by a quarter-hour. A level that moved takes its hole along."""
    known = {_identity(hole): hole.length for hole in before}
    zero = QUARTER - QUARTER
    return [hole for hole in after if hole.length >= known.get(_identity(hole), zero) + QUARTER]


def _identity(hole: Hole) -> tuple[Any, ...]:
    return (hole.mark.gap, hole.mark.reach, hole.mark.detail, hole.team.key if hole.team else None)


def plain(hole: Hole) -> dict[str, Any]:
    """As it is kept, and as its words are made."""
    mark = hole.mark
    return {
        "gap": mark.gap.value,
        "level": mark.level,
        "reach": mark.reach,
        "severity": mark.severity,
        "detail": mark.detail,
        "team": hole.team.name if hole.team else "",
        "team_id": hole.team.key if hole.team else None,
        "names": list(hole.names[:MOST_SPANS]),
        "goes_to": hole.goes_to,
        "times": len(hole.spans),
        "spans": [[span.starts_at.isoformat(), span.ends_at.isoformat()] for span in hole.spans[:MOST_SPANS]],
    }
