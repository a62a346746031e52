"""A row of “Pauses that look unjustified”."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from desk.looks.ticket.honest import PauseLook, figure, pause_look
from desk.looks.ticket.waits import wait_words
from desk.looks.ticket.why import url_of
from desk.templatetags.desk_time import short
from reports.pauses import Found, Sum
from sla.models import Clock


@dataclass(frozen=True, slots=True)
class PauseRow:
    clock: Clock
    url: str
    pause: PauseLook
    reported: str
    without: str
    turns: bool


@dataclass(frozen=True, slots=True)
class SumRow:
    words: str
    pauses: int
    worked: str
    unjustified: int


def kind_rows(sums: Iterable[Sum]) -> list[SumRow]:
    return [SumRow(capfirst(wait_words(one.of)), one.pauses, short(one.worked), one.unjustified) for one in sums]


def person_rows(sums: Iterable[Sum]) -> list[SumRow]:
    nobody = _("Nobody: by itself")
    return [SumRow(one.of or nobody, one.pauses, short(one.worked), one.unjustified) for one in sums]


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
