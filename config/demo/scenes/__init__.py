"""The tickets that are told by hand: what a newcomer meets first, and escalations in every step."""

from collections.abc import Callable, Iterable
from datetime import datetime

from calendars.worktime import WorkTime
from config.demo.scene import Scene
from config.demo.scenes import criteria, ended, handoffs, major, outage, quiet, waiting
from config.demo.story import Step

Telling = Callable[[datetime, WorkTime], Scene]

# Plain enough to be written down as rows.
WRITTEN: tuple[Telling, ...] = (*waiting.WRITTEN, *quiet.WRITTEN, *outage.WRITTEN)
# With escalations, missed promises or files: only the true actions know what comes of these.
PLAYED: tuple[Telling, ...] = (
    *(*major.PLAYED, *waiting.PLAYED, *quiet.PLAYED, *ended.PLAYED),
    *handoffs.PLAYED,
    *criteria.PLAYED,
)


def told(scenes: Iterable[Telling], now: datetime, business: WorkTime) -> list[list[Step]]:
    """Each scene as its steps."""
    return [tell(now, business).steps for tell in scenes]
