"""A row of “Pauses that look unjustified”."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from desk.looks.honest import PauseLook, figure, pause_look
from desk.looks.why import url_of
from reports.pauses import Found
from sla.models import Clock


@dataclass(frozen=True, slots=True)
class PauseRow:
    clock: Clock
    url: str
    pause: PauseLook
    reported: str
    without: str
    turns: bool


def pause_rows(found: Iterable[Found], now: datetime) -> list[PauseRow]:
    return [
        PauseRow(
            clock=one.clock,
            url=f"{url_of(one.clock)}#honest",
            pause=pause_look(one.pause, now),
            reported=figure(one.judged.reported, now),
            without=figure(one.judged.honest, now),
            turns=one.judged.turns,
        )
        for one in found
    ]
