"""A policy as a form: the matrix of targets, a row for each priority, a column for each promise."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calendars.models import Calendar
from common.errors import InvalidInput
from common.lengths import length_words, parse_length
from common.numbers import whole
from desk.forms import pause_boxes
from desk.forms.cells import Cell
from desk.forms.conditions import ConditionRows
from desk.forms.team_targets import TeamMatrix
from desk.forms.thresholds import ThresholdRows
from sla.difference import Cells, cells_of
from sla.enums import POLICY_METRICS, ObligationStep
from sla.obligations import check_obligations, known_facts
from sla.policies import TargetSpec, Terms, check_pauses, check_targets
from sla.scopes import PRIORITIES
from sla.thresholds import Threshold, read
from tickets.enums import Priority

USUAL_STEP = 75


@dataclass(frozen=True, slots=True)
class Row:
    priority: Priority
    severity: forms.BoundField
    cells: list[Cell]
    warn_at: forms.BoundField
    always: forms.BoundField


class PolicyForm(forms.Form):
    """What a draft promises. An empty box is no promise; `terms` reads the form, `initial_of` writes it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    calendar = forms.ModelChoiceField(
        Calendar.objects.active(),
        label=gettext_lazy("Calendar"),
        required=False,
        empty_label=gettext_lazy("Round the clock, every day"),
    )
    valid_from = forms.DateTimeField(
        label=gettext_lazy("Valid from"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    valid_until = forms.DateTimeField(
        label=gettext_lazy("Valid until"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    pauses = forms.MultipleChoiceField(choices=pause_boxes.choices, required=False)
    obligations = forms.MultipleChoiceField(
        label=gettext_lazy("Obligations"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, given: QueryDict | None, *, base: Terms, in_force: Terms | None, initial: dict[str, Any]
    ) -> None:
        # A button of an editor of rows shows what was typed again; it judges nothing and keeps nothing.
        is_edited = given is not None and (ConditionRows.is_being_edited(given) or ThresholdRows.is_being_edited(given))
        super().__init__(None if is_edited else given, initial=_as_typed(given) if given and is_edited else initial)
        shown = given is not None and ConditionRows.is_in(given)
        self.editor = ConditionRows.read(given) if given and shown else ConditionRows.of(base.conditions)
        self.base = base
        self._base_cells = cells_of(base)
        asked = given if given is not None and ThresholdRows.is_in(given) else None
        self.steps = ThresholdRows.of(self._base_cells) if asked is None else ThresholdRows.read(asked)
        self.fields["obligations"].choices = _duties()  # type: ignore[attr-defined] # a MultipleChoiceField
        self._in_force = cells_of(in_force) if in_force else {}
        for priority in PRIORITIES:
            self._add_row(priority)
        self.teams = TeamMatrix(self, base.team_targets, in_force.team_targets if in_force else None)
        if not is_edited:
            self.initial = {**self.teams.initial(), **self.initial}

    def _add_row(self, priority: Priority) -> None:
        levels = [(str(level), f"S{level}") for level in (1, 2, 3, 4)]
        self.fields[_severity(priority)] = forms.ChoiceField(
            label=_("Severity of %(priority)s") % {"priority": priority.label}, choices=levels
        )
        for metric in POLICY_METRICS:
            label = f"{metric.label}, {priority.label}"
            self.fields[_target(metric, priority)] = forms.CharField(
                label=label, required=False, max_length=40, widget=forms.TextInput({"placeholder": _("none")})
            )
        self.fields[_steps(priority)] = forms.CharField(
            label=_("%(priority)s: warn at") % {"priority": priority.label}, required=False, max_length=80
        )
        self.fields[_always(priority)] = forms.BooleanField(
            label=_("%(priority)s: round the clock") % {"priority": priority.label}, required=False
        )

    @property
    def rows(self) -> Iterator[Row]:
        for priority in PRIORITIES:
            cells = [Cell(self[_target(metric, priority)], self._was(metric, priority)) for metric in POLICY_METRICS]
            yield Row(priority, self[_severity(priority)], cells, self[_steps(priority)], self[_always(priority)])

    @property
    def pause_columns(self) -> list[str]:
        return [str(metric.label) for metric in POLICY_METRICS]

    @property
    def pause_rows(self) -> list[pause_boxes.PauseRow]:
        return pause_boxes.rows(self["pauses"].value() or ())

    @property
    def columns(self) -> list[str]:
        return [str(metric.label) for metric in POLICY_METRICS]

    def _was(self, metric: str, priority: str) -> str:
        """Only in a policy that is in force: of a new one nothing was anything."""
        if not self._in_force:
            return ""
        was = _words(self._in_force.get((metric, priority)))
        is_ = (self[_target(metric, priority)].value() or "").strip()
        return (was or _("none")) if _same(was, is_) is False else ""

    def terms(self) -> Terms:
        """After `is_valid`. InvalidInput with the sentence of every box that is wrong."""
        errors: dict[str, list[str]] = {}
        specs = [spec for priority in PRIORITIES for spec in self._row_specs(priority, errors)]
        team_specs = self.teams.specs(errors)
        self._check_steps(specs, errors)
        try:
            conditions = self.editor.conditions()
        except InvalidInput as error:
            errors |= error.errors
        if errors:
            raise InvalidInput(errors)
        return replace(
            self.base,
            conditions=conditions,
            targets=tuple(specs),
            severities={priority.value: int(self.cleaned_data[_severity(priority)]) for priority in PRIORITIES},
            calendar=self.cleaned_data["calendar"],
            valid_from=self.cleaned_data["valid_from"],
            valid_until=self.cleaned_data["valid_until"],
            pauses=check_pauses(pause_boxes.pauses_of(self.cleaned_data["pauses"])),
            obligations=check_obligations([_duty(name) for name in self.cleaned_data["obligations"]]),
            team_targets=team_specs,
        )

    def _row_specs(self, priority: Priority, errors: dict[str, list[str]]) -> Iterator[TargetSpec]:
        steps = self._percents(priority, errors)
        for metric in POLICY_METRICS:
            name = _target(metric, priority)
            text = self.cleaned_data[name].strip()
            if not text or text.casefold() == _("none"):
                continue
            try:
                seconds = round(parse_length(text).total_seconds())
                given = {"metric": metric.value, "priority": priority.value, "seconds": seconds, "thresholds": []}
                (spec,) = check_targets([given | self._rest(metric, priority)])
            except ValueError as error:
                errors[name] = [str(error)]
            except InvalidInput as error:
                errors[name] = error.errors["targets"]
            else:
                yield replace(spec, thresholds=self._thresholds(spec, steps, errors))

    def _rest(self, metric: str, priority: str) -> dict[str, Any]:
        """What is said once for a row; a target that has its own keeps it until the row is changed."""
        own = self._base_cells.get((metric, priority))
        always = bool(self.cleaned_data[_always(priority)])
        keeps = own is not None and always == _row_always(self._base_cells, priority)
        return {"round_the_clock": own.round_the_clock if own and keeps else always}

    def _thresholds(self, spec: TargetSpec, steps: list[int], errors: dict[str, list[str]]) -> tuple[Threshold, ...]:
        """The row's usual warnings, or the target's own as long as the row is as it was; and the editor's rows."""
        own = self._base_cells.get((spec.metric, spec.priority))
        if own and steps == _row_steps(self._base_cells, spec.priority):
            steps = [one.percent for one in own.thresholds if one.is_usual and one.percent is not None]
        try:
            return read(self.steps.of_target((spec.metric, spec.priority), spec.seconds, steps))
        except InvalidInput as error:
            said = errors.setdefault("thresholds", [])
            said += [one for one in error.errors["thresholds"] if one not in said]
            return ()

    def _check_steps(self, specs: list[TargetSpec], errors: dict[str, list[str]]) -> None:
        """Once the targets are right: each row of thresholds is about one of them."""
        if not errors:
            try:
                self.steps.check_scopes([(spec.metric, spec.priority) for spec in specs])
            except InvalidInput as error:
                errors |= error.errors
        self.steps.errors = errors.get("thresholds", [])

    def _percents(self, priority: Priority, errors: dict[str, list[str]]) -> list[int]:
        words = self.cleaned_data[_steps(priority)].replace("%", " ").replace(",", " ").split()
        percents = {whole(word, 4) or 0 for word in words}
        if not all(0 < percent < 100 for percent in percents):
            errors[_steps(priority)] = [_("Thresholds are whole per cents between 1 and 99, as in 50 %, 75 %.")]
            return []
        return sorted(percents)


def _as_typed(given: QueryDict) -> dict[str, Any]:
    return {**given.dict(), **{name: given.getlist(name) for name in ("obligations", "pauses")}}


def initial_of(name: str, terms: Terms) -> dict[str, Any]:
    cells = cells_of(terms)
    given: dict[str, Any] = {
        "name": name,
        "calendar": terms.calendar,
        "valid_from": terms.valid_from,
        "valid_until": terms.valid_until,
        "pauses": pause_boxes.ticked(terms.pauses),
        "obligations": [f"{one.before} {one.fact}" for one in terms.obligations],
    }
    for priority in PRIORITIES:
        given[_severity(priority)] = str(terms.severities.get(priority, 4))
        given[_steps(priority)] = ", ".join(f"{percent} %" for percent in _row_steps(cells, priority))
        given[_always(priority)] = _row_always(cells, priority)
        given |= {_target(metric, priority): _words(cells.get((metric, priority))) for metric in POLICY_METRICS}
    return given


def _duties() -> list[tuple[str, list[tuple[str, str]]]]:
    """By step, every fact that can be required."""
    facts = known_facts()
    return [(str(step.label), [(f"{step} {name}", words) for name, words in facts.items()]) for step in ObligationStep]


def _duty(name: str) -> dict[str, str]:
    before, _blank, fact = name.partition(" ")
    return {"fact": fact, "before": before}


def _row(cells: Cells, priority: str) -> list[TargetSpec]:
    return [cells[metric, priority] for metric in POLICY_METRICS if (metric, priority) in cells]


def _row_steps(cells: Cells, priority: str) -> list[int]:
    row = _row(cells, priority)
    return (
        sorted({one.percent or 0 for spec in row for one in spec.thresholds if one.is_usual}) if row else [USUAL_STEP]
    )


def _row_always(cells: Cells, priority: str) -> bool:
    row = _row(cells, priority)
    return bool(row) and all(spec.round_the_clock for spec in row)


def _words(spec: TargetSpec | None) -> str:
    return length_words(timedelta(seconds=spec.seconds)) if spec else ""


def _same(one: str, other: str) -> bool:
    """Whether two boxes promise the same; what cannot be read is not the same as anything."""
    try:
        return (parse_length(one) if one else None) == (parse_length(other) if other else None)
    except ValueError:
        return False


def _target(metric: str, priority: str) -> str:
    return f"target-{metric}-{priority}"


def _severity(priority: str) -> str:
    return f"severity-{priority}"


def _steps(priority: str) -> str:
    return f"warn-{priority}"


def _always(priority: str) -> str:
    return f"always-{priority}"
