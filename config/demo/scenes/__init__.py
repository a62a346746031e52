"""The tickets that are told by hand: what a newcomer meets first, and escalations in every step."""

from collections.abc import Callable
from datetime import datetime

from calendars.worktime import WorkTime
from config.demo.scene import Scene
from config.demo.scenes import ended, major, quiet, waiting
from config.demo.story import Step

Telling = Callable[[datetime, WorkTime], Scene]

SCENES: tuple[Telling, ...] = (*major.SCENES, *waiting.SCENES, *quiet.SCENES, *ended.SCENES)


def told(now: datetime, business: WorkTime) -> list[Step]:
    return [step for tell in SCENES for step in tell(now, business).steps]
