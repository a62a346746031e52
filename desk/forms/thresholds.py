"""Thresholds as rows of a form: of which promises, where, and what is done. Each button shows the page again.

The usual warnings stand in the matrix, as per cents; here stands everything that is more than that.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import InvalidInput
from common.lengths import length_words, parse_length
from common.numbers import whole
from desk.forms.conditions import Choice
from desk.forms.row_buttons import RowButtons
from sla.difference import Cells
from sla.enums import POLICY_METRICS, ThresholdAction, Told
from sla.naming import known
from sla.scopes import PRIORITIES, Cell, covers, scopes, words
from sla.thresholds import MOST, RAISABLE, STEP, Known, Threshold, check, sentence
from tickets.enums import Priority

PREFIX = "step"
MOST_ROWS = 60
PERCENT, BEFORE, AT, AFTER = "percent", "before", "at", "after"
OWN = "own"
_BUTTONS = RowButtons(PREFIX, "place")
_PLACES: dict[str, Promise] = {
    PERCENT: gettext_lazy("of the time is used"),
    BEFORE: gettext_lazy("before it is due"),
    AT: gettext_lazy("when it is due"),
    AFTER: gettext_lazy("after it was due"),
}
# Longer than any target may be, so that a lone row can be judged before it meets one.
_ANY_TARGET = timedelta(days=3660)
_PARTS = ("metric", "priority", "place", "length", "told", "tags", "raise", "team", "ladder")


@dataclass(slots=True)
class ThresholdRow:
    """One line of the editor: all as it was typed."""

    scope: Cell = ("", "")
    place: str = BEFORE
    length: str = ""
    told: Sequence[str] = ()
    tags: str = ""
    raised: str = ""
    team: str = ""
    ladder: str = ""
    number: int = 0
    sentence: str = ""
    choices: dict[str, list[Choice]] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        return {part: f"{PREFIX}-{self.number}-{part}" for part in _PARTS}

    @property
    def wants_length(self) -> bool:
        return self.place != AT

    def as_given(self) -> dict[str, Any]:
        """As `sla.thresholds.check` reads it. InvalidInput on a length that is none."""
        return {**self._position(), "actions": self._actions()}

    def _position(self) -> dict[str, Any]:
        if self.place == PERCENT:
            text = self.length.replace("%", "").strip()
            percent = whole(text, 4)
            return {"percent": text if percent is None else percent}
        if self.place == AT:
            return {"offset": 0}
        try:
            seconds = round(parse_length(self.length).total_seconds())
        except ValueError as error:
            raise InvalidInput.of("thresholds", str(error)) from error
        return {"offset": -seconds if self.place == BEFORE else seconds}

    def _actions(self) -> list[dict[str, str]]:
        tags = [tag.strip() for tag in self.tags.split(",") if tag.strip()]
        pairs = [
            *((ThresholdAction.NOTIFY, whom) for whom in self.told),
            *((ThresholdAction.TAG, tag) for tag in tags),
            *([(ThresholdAction.RAISE, self.raised)] if self.raised else []),
            *([(ThresholdAction.REASSIGN, self.team)] if self.team else []),
            *([(ThresholdAction.ESCALATE, "" if self.ladder == OWN else self.ladder)] if self.ladder else []),
        ]
        return [{"do": do.value, "value": str(value)} for do, value in pairs]


class ThresholdRows:
    """What stands in the editor, right or wrong; `of_target` reads it, and nothing that was typed is lost."""

    def __init__(self, rows: list[ThresholdRow]) -> None:
        self.rows = rows
        self.errors: list[str] = []
        self._known: Known = known()
        for number, row in enumerate(rows):
            row.number = number
            row.choices = self._choices(row)
            row.sentence = self._sentence(row)

    @classmethod
    def of(cls, cells: Cells) -> "ThresholdRows":
        """As they are stored: equal ones of several targets in as few rows as name them."""
        meant: defaultdict[Threshold, list[Cell]] = defaultdict(list)
        for cell, spec in cells.items():
            for one in spec.thresholds:
                if not one.is_usual:
                    meant[one].append(cell)
        return cls([_row_of(one, scope) for one, found in meant.items() for scope in scopes(list(cells), found)])

    @classmethod
    def read(cls, given: QueryDict) -> "ThresholdRows":
        """As they came from the form, with what the buttons in it ask for: one row more, one less."""
        rows = [_row_from(given, number) for number in _BUTTONS.numbers(given, MOST_ROWS)]
        if f"{PREFIX}-add" in given and len(rows) < MOST_ROWS:
            rows.append(ThresholdRow(told=[Told.LEAD]))
        return cls(rows)

    @staticmethod
    def is_in(given: Mapping[str, Any]) -> bool:
        """One without rows means none, no editor leaves them as they are."""
        return _BUTTONS.is_in(given)

    @staticmethod
    def is_being_edited(given: Mapping[str, Any]) -> bool:
        """Whether a button of the editor was pressed and not the one that saves."""
        return _BUTTONS.is_being_edited(given) or f"{PREFIX}-look" in given

    @property
    def most(self) -> int:
        return MOST

    def of_target(self, cell: Cell, seconds: int, usual: Sequence[int]) -> list[dict[str, Any]]:
        """What is done on the way of one target, its usual warnings too. InvalidInput, naming the target."""
        found = [row for row in self.rows if covers(row.scope, cell)]
        try:
            # Two rows that overlap and say the same say it once: whole columns and whole rows cross each other.
            rows = [row.as_given() for row in found]
            given = [*usual, *(one for number, one in enumerate(rows) if one not in rows[:number])]
            checked = check(given, target=timedelta(seconds=seconds), known=lambda: self._known)
        except InvalidInput as error:
            sentences = [said for sentences in error.errors.values() for said in sentences]
            raise InvalidInput({"thresholds": [f"{words(cell)}: {said}" for said in sentences]}) from error
        return [one.as_json() for one in checked]

    def check_scopes(self, promised: Sequence[Cell]) -> None:
        """InvalidInput where a row is about nothing that is promised: it would never be reached."""
        for row in self.rows:
            if not any(covers(row.scope, cell) for cell in promised):
                sentence_ = _("A threshold is for “%(scope)s”, and nothing of it is promised.")
                raise InvalidInput.of("thresholds", sentence_ % {"scope": words(row.scope)})

    def _sentence(self, row: ThresholdRow) -> str:
        """What it does, as far as it can be read."""
        try:
            (one,) = check([row.as_given()], target=_ANY_TARGET, known=lambda: self._known)
        except InvalidInput:
            return ""
        return f"{words(row.scope)}, {sentence(one, self._known.teams)}"

    def _choices(self, row: ThresholdRow) -> dict[str, list[Choice]]:
        metrics = {"": _("every promise"), **{one.value: str(one.label) for one in POLICY_METRICS}}
        priorities = {"": _("every priority"), **{one.value: str(one.label) for one in PRIORITIES}}
        raises = {"": _("leave it"), **{one: _raise_words(one) for one in RAISABLE}}
        ladders = {"": _("no"), OWN: _("along the team's ladder"), **{name: name for name in self._known.ladders}}
        return {
            "metric": _offered(metrics, row.scope[0]),
            "priority": _offered(priorities, row.scope[1]),
            "place": _offered({name: str(label) for name, label in _PLACES.items()}, row.place),
            "told": [Choice(one.value, str(one.label), one.value in row.told) for one in Told],
            "raise": _offered(raises, row.raised),
            "team": _offered({"": _("leave it"), **self._known.teams}, row.team),
            "ladder": _offered(ladders, row.ladder),
        }


def _raise_words(value: str) -> str:
    return _("by one step") if value == STEP else _("to %(priority)s") % {"priority": Priority(value).label}


def _offered(offered: Mapping[str, str], chosen: str) -> list[Choice]:
    """What is stored and no longer offered stays to be seen, and is refused by name."""
    known_ = dict(offered) if chosen in offered else {**offered, chosen: chosen}
    return [Choice(value, label, value == chosen) for value, label in known_.items()]


def _row_of(one: Threshold, scope: Cell) -> ThresholdRow:
    values: defaultdict[str, list[str]] = defaultdict(list)
    for action in one.actions:
        values[action.do].append(action.value)
    place, length = PERCENT, f"{one.percent} %"
    if one.percent is None:
        place = BEFORE if one.offset < 0 else AFTER if one.offset else AT
        length = length_words(timedelta(seconds=abs(one.offset))) if one.offset else ""
    ladders = values[ThresholdAction.ESCALATE]
    return ThresholdRow(
        scope,
        place,
        length,
        told=values[ThresholdAction.NOTIFY],
        tags=", ".join(values[ThresholdAction.TAG]),
        raised="".join(values[ThresholdAction.RAISE]),
        team="".join(values[ThresholdAction.REASSIGN]),
        ladder=(ladders[0] or OWN) if ladders else "",
    )


def _row_from(given: QueryDict, number: int) -> ThresholdRow:
    typed = {part: str(given.get(f"{PREFIX}-{number}-{part}", ""))[:200] for part in _PARTS}
    metric = typed["metric"] if typed["metric"] in set(POLICY_METRICS) else ""
    priority = typed["priority"] if typed["priority"] in Priority.values else ""
    return ThresholdRow(
        (metric, priority),
        typed["place"] if typed["place"] in _PLACES else PERCENT,
        typed["length"],
        told=given.getlist(f"{PREFIX}-{number}-told")[: len(Told)],
        tags=typed["tags"],
        raised=typed["raise"],
        team=typed["team"],
        ladder=typed["ladder"],
    )
