"""“What has to be known”: the report's lines in words, and the tickets behind one of its figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from reports.obligations import AFTER_HOLD, ENDS, HELD, IN_TIME, OTHERWISE, Line
from sla.enums import ObligationStep
from sla.obligations import known_facts

END_WORDS = {
    IN_TIME: _("Known in time"),
    AFTER_HOLD: _("After being held up"),
    HELD: _("Still held up"),
    OTHERWISE: _("Left without it"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell: a number, and where the tickets behind it stand; a nought leads nowhere."""

    words: str
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class DutyRow:
    line: Line
    step: str
    fact: str
    asked: Figure
    figures: list[Figure]


def duty_rows(lines: Sequence[Line]) -> list[DutyRow]:
    """One query for the names of custom fields."""
    facts = known_facts()
    return [
        DutyRow(
            line,
            str(ObligationStep(line.step).label),
            facts.get(line.fact, line.fact),
            _figure(line, "", line.asked),
            [_figure(line, end, getattr(line, end)) for end in ENDS],
        )
        for line in lines
    ]


def _figure(line: Line, end: str, number: int) -> Figure:
    asked: dict[str, str | int] = {"policy": line.policy_id, "step": line.step, "fact": line.fact, "end": end}
    return Figure(str(END_WORDS.get(end, "")), number, f"&{urlencode(asked)}#tickets" if number else "")
