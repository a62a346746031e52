"""The second matrix of a policy: how long each team may hold a ticket, a row for each team (R42)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.lengths import length_words, parse_length
from desk.forms.cells import Cell
from people.models import Team
from sla.enums import WARN_AT
from sla.team_targets import FIELD, TeamTargetSpec, check_team_target
from tickets.enums import PRIORITY_RANK, Priority

PRIORITIES = sorted(Priority, key=lambda one: -PRIORITY_RANK[one])
# What is said once for a row.
FLAGS = ("round_the_clock", "escalates")
WARN = "warn_at"


@dataclass(frozen=True, slots=True)
class TeamRow:
    team: Team
    cells: list[Cell]
    warn_at: forms.BoundField
    flags: list[forms.BoundField]


class TeamMatrix:
    """The boxes of one form. An empty box is no target; a flag that is not touched leaves each target its own."""

    def __init__(
        self, form: forms.Form, base: Sequence[TeamTargetSpec], in_force: Sequence[TeamTargetSpec] | None
    ) -> None:
        self._form = form
        self._teams = list(Team.objects.order_by("name", "pk"))
        self._base = _by_place(base)
        self._in_force = None if in_force is None else _by_place(in_force)
        words = {"round_the_clock": _("%(team)s: round the clock"), "escalates": _("%(team)s: escalates when missed")}
        for team in self._teams:
            for priority in PRIORITIES:
                form.fields[_box(team, priority)] = forms.CharField(
                    label=f"{team.name}, {priority.label}",
                    required=False,
                    max_length=40,
                    widget=forms.TextInput({"placeholder": _("none")}),
                )
            form.fields[_box(team, WARN)] = forms.IntegerField(
                label=_("%(team)s: warn at so many per cent") % {"team": team.name},
                required=False,
                min_value=1,
                max_value=99,
                widget=forms.NumberInput({"placeholder": _("none")}),
            )
            for flag in FLAGS:
                label = words[flag] % {"team": team.name}
                form.fields[_box(team, flag)] = forms.BooleanField(label=label, required=False)

    @property
    def columns(self) -> list[str]:
        return [str(priority.label) for priority in PRIORITIES]

    @property
    def rows(self) -> Iterator[TeamRow]:
        for team in self._teams:
            cells = [Cell(self._form[_box(team, one)], self._was(team, one)) for one in PRIORITIES]
            yield TeamRow(team, cells, self._form[_box(team, WARN)], [self._form[_box(team, flag)] for flag in FLAGS])

    @property
    def is_used(self) -> bool:
        return bool(self._base) or any(
            field.errors for row in self.rows for field in (row.warn_at, *(cell.field for cell in row.cells))
        )

    def specs(self, errors: dict[str, list[str]]) -> tuple[TeamTargetSpec, ...]:
        """After the form is valid; what is wrong goes to its box."""
        by_slug = {team.slug: team for team in self._teams}
        found = []
        for team in self._teams:
            for priority in PRIORITIES:
                name = _box(team, priority)
                text = self._form.cleaned_data[name].strip()
                if not text or text.casefold() == _("none"):
                    continue
                try:
                    given = {"team": team.slug, "priority": priority.value, "seconds": _seconds(text)}
                    given[WARN] = self._warning(team, priority)
                    found.append(check_team_target(given | self._flags(team, priority), by_slug))
                except ValueError as error:
                    errors[name] = [str(error)]
                except InvalidInput as error:
                    errors[name] = error.errors[FIELD]
        return tuple(found)

    def initial(self) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for team in self._teams:
            given |= {_box(team, one): _words(self._base.get((team.pk, one))) for one in PRIORITIES}
            given |= {_box(team, flag): self._has(team, flag) for flag in FLAGS}
            given[_box(team, WARN)] = self._warned_at(team)
        return given

    def _has(self, team: Team, flag: str) -> bool:
        row = [self._base[team.pk, one] for one in PRIORITIES if (team.pk, one) in self._base]
        return bool(row) and all(getattr(spec, flag) for spec in row)

    def _warned_at(self, team: Team) -> int | None:
        """What the row's box shows: that of its first target."""
        row = [self._base[team.pk, one] for one in PRIORITIES if (team.pk, one) in self._base]
        return row[0].warn_at if row else WARN_AT

    def _warning(self, team: Team, priority: str) -> int | None:
        own, given = self._base.get((team.pk, priority)), self._form.cleaned_data[_box(team, WARN)]
        untouched = own is not None and given == self._warned_at(team)
        return own.warn_at if own and untouched else given

    def _flags(self, team: Team, priority: str) -> dict[str, bool]:
        own = self._base.get((team.pk, priority))
        ticked = {flag: bool(self._form.cleaned_data[_box(team, flag)]) for flag in FLAGS}
        return {
            flag: getattr(own, flag) if own and ticked[flag] == self._has(team, flag) else ticked[flag]
            for flag in FLAGS
        }

    def _was(self, team: Team, priority: str) -> str:
        if self._in_force is None:
            return ""
        was = _words(self._in_force.get((team.pk, priority)))
        is_ = (self._form[_box(team, priority)].value() or "").strip()
        return (was or _("none")) if _promise(was) != _promise(is_) else ""


def _by_place(specs: Sequence[TeamTargetSpec]) -> dict[tuple[int, str], TeamTargetSpec]:
    return {(spec.team.pk, spec.priority): spec for spec in specs}


def _box(team: Team, name: str) -> str:
    return f"team{team.pk}-{name}"


def _words(spec: TeamTargetSpec | None) -> str:
    return length_words(timedelta(seconds=spec.seconds)) if spec else ""


def _seconds(text: str) -> int:
    return round(parse_length(text).total_seconds())


def _promise(text: str) -> Any:
    """The length in a box, None for none; what cannot be read is like nothing else."""
    if not text or text.casefold() == _("none"):
        return None
    try:
        return parse_length(text)
    except ValueError:
        return object()
