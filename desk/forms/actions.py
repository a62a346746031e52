"""What a rule or a macro does, as rows of a form: what, and which. A plain form: each button shows the page again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.numbers import whole
from desk.forms.conditions import Choice
from desk.forms.row_buttons import RowButtons
from tickets.enums import Priority
from tickets.routing.action import ESCALATES, IN_MACROS, IN_RULES, ME, Raise
from tickets.routing.existing import known_now, known_to_macros
from tickets.routing.grammar import BEST_LEVEL, MOST_ACTIONS, SEVERITIES, Do, Known, Owner, check
from tickets.routing.steps import statuses

PREFIX = "do"
_BUTTONS = RowButtons(PREFIX, "what")
# Which can be chosen; what is not here is typed.
_OFFERED: dict[str, Callable[[Known], Mapping[str, Any]]] = {
    Do.TEAM: lambda known: known.teams,
    Do.ASSIGN: lambda known: dict(Owner.choices),
    Do.PRIORITY: lambda known: dict(Priority.choices),
    Do.SEVERITY: lambda known: _severities(),
    Do.REPLY: lambda known: {name: name for name in sorted(known.replies or ())},
    Do.WEBHOOK: lambda known: {name: name for name in sorted(known.endpoints or ())},
    Do.PROPOSE: lambda known: dict(Raise.choices),
    Do.OPEN: lambda known: dict(Raise.choices),
    Do.MACRO: lambda known: {name: name for name in known.macros or ()},
    Do.OWNER: lambda known: {ME: _("whoever applies it"), **(known.people or {})},
    Do.STATUS: lambda known: statuses(),
    Do.GUIDE: lambda known: known.guides or {},
}


def _severities() -> dict[str, str]:
    return {str(level): f"S{level}" for level in SEVERITIES}


@dataclass(frozen=True, slots=True)
class Part:
    """One more thing to be chosen in a row, with its name in the form."""

    label: str
    name: str
    choices: list[Choice]


@dataclass(slots=True)
class ActionRow:
    """One line: one of `choices` where it `is_listed`, otherwise `value` is typed. Whom: of owners only."""

    number: int
    what: str
    value: str = ""
    skill: str = ""
    level: str = ""
    senior: bool = False
    on_duty: bool = False
    label: str = ""
    is_listed: bool = False
    choices: list[Choice] = field(default_factory=list)
    skills: list[Choice] = field(default_factory=list)
    levels: list[Choice] = field(default_factory=list)
    team: str = ""
    severity: str = ""
    reason: str = ""
    ladder: str = ""
    more: list["Part"] = field(default_factory=list)

    @property
    def names(self) -> dict[str, str]:
        parts = ("what", "value", "skill", "level", "senior", "duty")
        return {part: f"{PREFIX}-{self.number}-{part}" for part in parts}

    @property
    def is_owner(self) -> bool:
        return self.what == Do.ASSIGN

    @property
    def is_escalation(self) -> bool:
        return self.what in ESCALATES

    @property
    def is_long(self) -> bool:
        """A text of several lines."""
        return self.what == Do.NOTE

    @property
    def is_gone(self) -> bool:
        """It names what is not there any more: the list says so, and nothing else is chosen by itself."""
        return bool(self.is_listed and self.value and not any(choice.chosen for choice in self.choices))

    def as_given(self) -> dict[str, Any]:
        given: dict[str, Any] = {"do": self.what, "value": self.value}
        if self.is_owner:
            given |= {
                "skill": self.skill,
                "level": whole(self.level) or 0,
                "senior": self.senior,
                "on_duty": self.on_duty,
            }
        if self.is_escalation:
            team = self.team if self.value == Raise.FUNCTIONAL else ""
            given |= {"team": team, "severity": whole(self.severity) or 0, "reason": self.reason, "ladder": self.ladder}
        return given


class ActionRows:
    """What stands in the editor, right or wrong; `actions` reads it, and nothing that was chosen is lost."""

    may: Sequence[Do] = IN_RULES

    def __init__(self, rows: list[ActionRow]) -> None:
        self._known = self.exists()
        self.rows = rows
        self.errors: list[str] = []
        for number, row in enumerate(rows):
            row.number = number
            self._dress(row)

    def exists(self) -> Known:
        """What can be named."""
        return known_now()

    @classmethod
    def of(cls, actions: list[dict[str, Any]]) -> "ActionRows":
        """As they are stored."""
        return cls([_row_of(one) for one in actions])

    @classmethod
    def read(cls, given: QueryDict) -> "ActionRows":
        """As they came from the form, with what the buttons in it ask for: one row more, one less."""
        rows = [_row_from(given, number) for number in _BUTTONS.numbers(given, MOST_ACTIONS + 1)]
        if (added := _BUTTONS.added(given)) in cls.may:
            rows.append(ActionRow(0, added))
        return cls(rows)

    @staticmethod
    def is_in(given: Mapping[str, Any]) -> bool:
        return _BUTTONS.is_in(given)

    @staticmethod
    def is_being_edited(given: Mapping[str, Any]) -> bool:
        return _BUTTONS.is_being_edited(given)

    @property
    def addable(self) -> list[Choice]:
        return [Choice(do.value, str(do.label), False) for do in self.may]

    def actions(self) -> list[dict[str, Any]]:
        """As they are stored. InvalidInput on `actions`; the sentences are kept in `errors` too."""
        try:
            return check([row.as_given() for row in self.rows], self._known, may=self.may)
        except InvalidInput as error:
            self.errors = error.errors["actions"]
            raise

    def given(self) -> list[dict[str, Any]]:
        """As they stand there, checked by nobody."""
        return [row.as_given() for row in self.rows]

    def _dress(self, row: ActionRow) -> None:
        row.label = str(Do(row.what).label) if row.what in Do.values else row.what
        offered = _OFFERED[row.what](self._known) if row.what in _OFFERED else {}
        row.is_listed = row.what in _OFFERED
        row.choices = [Choice(str(value), str(label), str(value) == row.value) for value, label in offered.items()]
        if row.is_escalation:
            row.more = self._of_escalation(row)
        if row.is_owner:
            skills = sorted(self._known.skills or ())
            row.skills = [Choice("", _("any"), not row.skill), *(Choice(one, one, one == row.skill) for one in skills)]
            if row.skill and row.skill not in skills:
                row.skills.append(Choice(row.skill, _("%(name)s (gone)") % {"name": row.skill}, True))
            levels = ["", *map(str, range(1, BEST_LEVEL + 1))]
            row.levels = [Choice(one, one or _("any"), one == row.level) for one in levels]

    def _of_escalation(self, row: ActionRow) -> list[Part]:
        known, prefix = self._known, f"{PREFIX}-{row.number}-"
        return [
            Part(_("team"), f"{prefix}team", _choices(row.team, known.teams, none=_("none"))),
            Part(_("severity"), f"{prefix}severity", _choices(row.severity or "3", _severities())),
            Part(_("reason"), f"{prefix}reason", _choices(row.reason, known.reasons)),
            Part(
                _("ladder"),
                f"{prefix}ladder",
                _choices(row.ladder, {name: name for name in sorted(known.ladders or ())}, none=_("the team's")),
            ),
        ]


class MacroRows(ActionRows):
    """What a macro does."""

    may = IN_MACROS

    def exists(self) -> Known:
        return known_to_macros()


def _choices(chosen: str, offered: Mapping[str, Any], *, none: str = "") -> list[Choice]:
    """What is chosen and not there any more stands among them, and says so."""
    found = [Choice("", none, not chosen)] if none else []
    found += [Choice(value, str(label), value == chosen) for value, label in offered.items()]
    if chosen and chosen not in offered:
        found.append(Choice(chosen, _("%(name)s (gone)") % {"name": chosen}, True))
    return found


def _row_of(one: dict[str, Any]) -> ActionRow:
    return ActionRow(
        0,
        str(one.get("do", "")),
        str(one.get("value", "")),
        skill=str(one.get("skill", "")),
        level=str(one.get("level", "") or ""),
        senior=bool(one.get("senior")),
        on_duty=bool(one.get("on_duty")),
        team=str(one.get("team", "")),
        severity=str(one.get("severity", "") or ""),
        reason=str(one.get("reason", "")),
        ladder=str(one.get("ladder", "")),
    )


def _row_from(given: QueryDict, number: int) -> ActionRow:
    name = f"{PREFIX}-{number}-"
    return ActionRow(
        number,
        str(given[f"{name}what"]),
        given.get(f"{name}value", "").strip(),
        skill=given.get(f"{name}skill", ""),
        level=given.get(f"{name}level", ""),
        senior=f"{name}senior" in given,
        on_duty=f"{name}duty" in given,
        team=given.get(f"{name}team", ""),
        severity=given.get(f"{name}severity", ""),
        reason=given.get(f"{name}reason", ""),
        ladder=given.get(f"{name}ladder", ""),
    )
