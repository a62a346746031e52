"""How a forecast reads: chances as whole hundredths, verdicts beside each other, weeks and tenths as rows."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reports.forecast import words
from reports.forecast.readiness import HELD_BACK, Readiness
from reports.models import ForecastRun, Outlook
from reports.saying import day_text, value_text
from reports.shape import Unit

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Coming:
    """One ticket, why it is here, and what to do."""

    outlook: Outlook
    why: list[str]
    step: str
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure of the forecast beside the same of the order of time left."""

    name: str
    model: str
    time_left: str
    note: str


@dataclass(frozen=True, slots=True)
class WeekRow:
    since: datetime
    model: str
    time_left: str
    is_better: bool


@dataclass(frozen=True, slots=True)
class TenthRow:
    foretold: str
    came_true: str
    width: float
    """Of what came true, of a hundred."""


@dataclass(frozen=True, slots=True)
class JudgedLook:
    rows: int
    happened: int
    figures: list[Beside]
    weeks: list[WeekRow]
    tenths: list[TenthRow]


@dataclass(frozen=True, slots=True)
class NeedRow:
    """What a forecast takes: how much there is of it, and how much it takes."""

    name: str
    found: int
    needed: int

    @property
    def percent(self) -> float:
        return min(PERCENT, PERCENT * self.found / self.needed)


@dataclass(frozen=True, slots=True)
class ReadinessLook:
    rows: list[NeedRow]
    when: str


def readiness_look(ready: Readiness) -> ReadinessLook:
    old = _("Looks that an escalation followed, older than %(n)d days: to learn from") % {"n": HELD_BACK.days}
    new = _("The same in the newest four weeks: to judge it by")
    return ReadinessLook([NeedRow(old, ready.found, ready.fewest), NeedRow(new, ready.held, 1)], _when(ready))


def _when(ready: Readiness) -> str:
    if ready.is_ready:
        return _("There is enough: it learns from it in the coming night.")
    if ready.ready_at is None:
        return _("Too few tickets are escalated to say when there will be enough.")
    day = {"day": day_text(localdate(ready.ready_at))}
    if ready.is_sure:
        return _("Enough has happened: by %(day)s it is old enough to learn from.") % day
    return _("At the pace of the newest four weeks there is enough about %(day)s.") % day


def likely_row(outlook: Outlook) -> Coming:
    chance = outlook.chance or 0.0
    return Coming(outlook, words.reasons(outlook), words.step(outlook), max(1, round(chance * PERCENT)))


def reach_row(outlook: Outlook) -> Coming:
    return Coming(outlook, [], words.step_in_line(outlook))


def judged_look(run: ForecastRun | None) -> JudgedLook | None:
    """By the newest judgement that there is; None where nothing was judged."""
    judged = (run.judged_again or run.judged) if run is not None else {}
    if "model" not in judged:
        return None
    model, plain = judged["model"], judged["time_left"]
    return JudgedLook(
        rows=judged["rows"],
        happened=judged["happened"],
        figures=[
            Beside(_("Found"), _share(model["recall"]), _share(plain["recall"]), _("of what was escalated, flagged")),
            Beside(
                _("Right"), _share(model["precision"]), _share(plain["precision"]), _("of what was flagged, escalated")
            ),
            Beside(_("Lift"), _times(model["lift"]), _times(plain["lift"]), _("times as often as by chance")),
        ],
        weeks=[_week(week) for week in judged["weeks"]],
        tenths=[
            TenthRow(_share(one["foretold"]), _share(one["came_true"]), round(one["came_true"] * PERCENT, 1))
            for one in judged["calibration"]
        ],
    )


def _week(week: dict[str, Any]) -> WeekRow:
    model, plain = week["model"]["recall"], week["time_left"]["recall"]
    better = (model or 0) > (plain or 0)
    return WeekRow(datetime.fromtimestamp(week["since"], UTC), _share(model), _share(plain), better)


def _share(value: float | None) -> str:
    return value_text(None if value is None else round(value * PERCENT), Unit.PERCENT)


def _times(value: float | None) -> str:
    return value_text(None if value is None else round(value, 1), Unit.RATE)
