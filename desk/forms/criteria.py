"""A criterion as a form: its conditions as rows, its kind one of the five or the desk's own word (R9)."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from desk.forms.conditions import ConditionRows
from desk.forms.escalate import SEVERITIES
from escalation.automatic.defining import NAME_LIMIT
from escalation.enums import REASONS_OF_PEOPLE, CriterionMode, EscalateAs
from escalation.models import Criterion
from escalation.models.criteria import KIND_LIMIT
from people.models import Team

OWN = "own"
_FIVE = dict(REASONS_OF_PEOPLE)


class CriterionForm(forms.Form):
    name = forms.CharField(label=_("Name"), help_text=_("Tickets and alerts show it."), max_length=NAME_LIMIT)
    kind = forms.ChoiceField(label=_("Kind"), choices=[*REASONS_OF_PEOPLE, (OWN, _("Our own"))])
    own_kind = forms.CharField(
        label=_("Our own kind"),
        help_text=_("For “our own” only, in your words."),
        required=False,
        max_length=KIND_LIMIT,
    )
    reason = forms.ChoiceField(
        label=_("Reason of the escalation"), choices=[("", _("As the kind")), *REASONS_OF_PEOPLE], required=False
    )
    severity = forms.TypedChoiceField(
        label=_("Severity"), choices=[(level, f"S{level}: {words}") for level, words in SEVERITIES], coerce=int
    )
    mode = forms.ChoiceField(label=_("Where it is met, it"), choices=CriterionMode.choices, widget=forms.RadioSelect)
    escalate_as = forms.ChoiceField(label=_("Escalates"), choices=EscalateAs.choices, widget=forms.RadioSelect)
    team = forms.ModelChoiceField(
        Team.objects.all(),
        label=_("Team"),
        help_text=_("Where it goes to a team with the skill."),
        required=False,
        to_field_name="slug",
        empty_label=_("None"),
    )
    order = forms.IntegerField(
        label=_("Order"), help_text=_("Where several open the same, the first does."), min_value=0, max_value=32_000
    )

    def __init__(self, given: QueryDict | None, criterion: Criterion | None, order: int) -> None:
        is_edited = given is not None and ConditionRows.is_being_edited(given)
        initial = _kept(criterion) if criterion else {**_BEGINNING, "order": order}
        # A button of the editor of rows shows what was typed again; it judges nothing and keeps nothing.
        super().__init__(None if is_edited else given, initial=given.dict() if given and is_edited else initial)
        if given is not None and ConditionRows.is_in(given):
            self.editor = ConditionRows.read(given)
        else:
            self.editor = ConditionRows.of(criterion.conditions if criterion else {}, with_signals=True)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("kind") == OWN and not given.get("own_kind"):
            self.add_error("own_kind", _("Say in a word what kind it is."))
        if given.get("kind") == OWN and not given.get("reason"):
            self.add_error("reason", _("A kind of your own needs one of the five as the reason."))
        return given

    def terms(self) -> dict[str, Any]:
        """As the services take them; only after `is_valid`. InvalidInput on `conditions`."""
        given = dict(self.cleaned_data)
        own, team = given.pop("own_kind"), given.pop("team")
        given["kind"] = own if given["kind"] == OWN else given["kind"]
        given["reason"] = given["reason"] or given["kind"]
        return {**given, "team_slug": team.slug if team else "", "conditions": self.editor.conditions()}


_BEGINNING = {
    "kind": "technical",
    "severity": 3,
    "mode": CriterionMode.PROPOSE,
    "escalate_as": EscalateAs.HIERARCHICAL,
}


def _kept(criterion: Criterion) -> dict[str, Any]:
    is_own = criterion.kind not in _FIVE
    plain = {name: getattr(criterion, name) for name in ("name", "severity", "mode", "escalate_as", "order")}
    return {
        **plain,
        "kind": OWN if is_own else criterion.kind,
        "own_kind": criterion.kind if is_own else "",
        "reason": "" if criterion.reason == criterion.kind else criterion.reason,
        "team": criterion.team.slug if criterion.team else "",
    }
