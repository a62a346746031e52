"""A decision: one of four, each with fields of its own. A field of a choice that was not taken is not read."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escalation.enums import Decision
from escalation.hierarchical.authorities import Authority

NOTE_LIMIT = 5000


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _note(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=NOTE_LIMIT, widget=forms.Textarea(attrs={"rows": 3}))


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=Decision.choices,
        error_messages={"required": _("Choose one of the four first.")},
    )
    amount = forms.CharField(label=_("Amount or limit"), required=False, max_length=60)
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=DayInput)
    note_exception = _note(_("Condition, shown to the agent"))
    resources = forms.CharField(label=_("People or hours"), required=False, max_length=200)
    note_resources = _note(_("What for"))
    note_decline = _note(_("Reason, shown to whoever asked"))

    # What the domain calls a note is another field for each choice.
    NOTES = {
        Decision.EXCEPTION: "note_exception",
        Decision.RESOURCES: "note_resources",
        Decision.DECLINE: "note_decline",
    }

    def __init__(self, causes: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        """`causes` are those that there is to choose from (R84)."""
        super().__init__(*args, **kwargs)
        choices = [("", _("Not chosen yet")), *causes]
        self.fields["cause"] = forms.ChoiceField(
            label=_("What was at the root, if you know"), required=False, choices=choices
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        name = self.NOTES.get(given.get("decision", ""))
        if name and not given.get(name) and name not in self.errors:
            self.add_error(name, _("Say why; whoever asked sees it."))
        return given

    def written(self) -> str:
        """The words with the decision that was taken, as they were typed; none of a blank form."""
        given = self.data.get("decision", "")
        return str(self.data.get(self.NOTES.get(given, ""), "")) if self.is_bound else ""

    def as_asked(self) -> dict[str, Any]:
        """The chosen decision with its own fields, as the domain takes them."""
        given = self.cleaned_data
        decision = given["decision"]
        asked: dict[str, Any] = {"decision": decision, "note": given.get(self.NOTES.get(decision, ""), "")}
        if decision == Decision.EXCEPTION:
            asked |= {"amount": given["amount"], "valid_until": given["valid_until"]}
        if decision == Decision.RESOURCES:
            asked |= {"resources": given["resources"]}
        if decision == Decision.DECLINE:
            asked |= {"cause": given["cause"]}
        return asked


class PassOnForm(forms.Form):
    prefix = "pass"

    to = forms.ChoiceField(label=_("To"), required=False)
    note = forms.CharField(
        label=_("Why you pass it on"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2000})
    )

    def __init__(self, able: Sequence[Authority], *args: Any, **kwargs: Any) -> None:
        """`able` are those who may decide it and are not asked already."""
        super().__init__(*args, **kwargs)
        choices = [(one.person.email, f"{one.person.name}, {one.why}") for one in able]
        self.fields["to"] = forms.ChoiceField(label=_("To"), choices=choices)
