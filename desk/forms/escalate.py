"""The escalate dialog as a form."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from escalation.enums import ByHand, Reason
from escalation.functional.hand_offs import Evidence
from escalation.initiate.describing import IMPACT_LIMIT
from knowledge.steps import MOST_STEPS

SUMMARY_LIMIT = 300
TRIED_LIMIT = 5000
KINDS = [choice for choice in ByHand.choices if choice[0] != ByHand.BOTH]
REASONS = [(value, label) for value, label in Reason.choices if value not in {Reason.PROMISE, Reason.AT_RISK}]
SEVERITIES = [
    (1, _("Many customers or money stopped")),
    (2, _("One key customer blocked")),
    (3, _("Serious, a way around exists")),
    (4, _("Needs attention, no harm yet")),
]


class LocalTime(forms.DateTimeInput):
    """The browser's own picker, in the reader's zone, to the minute."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class EscalateForm(forms.Form):
    proposal = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial=ByHand.FUNCTIONAL)
    team = forms.SlugField(label=_("Which team"), required=False, max_length=40)
    also = forms.BooleanField(
        label=_("Ask for a decision as well"),
        help_text=_("Two escalations in one act: the hand-over, and what somebody with the authority decides."),
        required=False,
    )
    exception = forms.CharField(
        label=_("Why no procedure fits"),
        help_text=_("In at least 20 characters; whoever decides reads it first, and it stays on record."),
        required=False,
        max_length=TRIED_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=REASONS, initial=Reason.TECHNICAL)
    wanted_by = forms.DateTimeField(label=_("Wanted by"), required=False, widget=LocalTime)
    amount = forms.CharField(
        label=_("Sum"), help_text=_("Where it is about money: how much you ask for."), required=False, max_length=30
    )
    currency = forms.CharField(
        label=_("Currency"),
        help_text=_("Three letters, as in EUR."),
        required=False,
        max_length=3,
        widget=forms.TextInput(attrs={"size": 4, "autocapitalize": "characters"}),
    )
    severity = forms.TypedChoiceField(
        label=_("Severity"),
        choices=SEVERITIES,
        coerce=int,
        error_messages={"required": _("Say how severe it is.")},
    )
    evidence = forms.MultipleChoiceField(
        label=_("Evidence"),
        help_text=_("The rest of the ticket goes with it all the same."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    summary = forms.CharField(
        label=_("What I ask for"),
        help_text=_("One or two sentences; lists and alerts show them."),
        max_length=SUMMARY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": SUMMARY_LIMIT}),
    )
    impact = forms.CharField(
        label=_("Impact"),
        help_text=_("Who or what is harmed, and how badly. Severity 1 and 2 cannot leave Initiate without it."),
        required=False,
        max_length=IMPACT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    tried = forms.CharField(
        label=_("What was tried"),
        help_text=_("So that nobody does it a second time."),
        required=False,
        max_length=TRIED_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    # The steps of the guide that were taken already, and which version of it showed them.
    steps = forms.TypedMultipleChoiceField(
        choices=[(number, number) for number in range(1, MOST_STEPS + 1)], coerce=int, required=False
    )
    guide = forms.IntegerField(required=False, min_value=1)

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["evidence"]).choices = list(offered)

    def clean_evidence(self) -> Evidence:
        """Messages and files as the dialog names them: m12, f3."""
        given = self.cleaned_data["evidence"]
        keys = {kind: [int(one[1:]) for one in given if one[0] == kind] for kind in "mf"}
        return Evidence(keys["m"], keys["f"])

    def clean(self) -> dict[str, Any]:
        """A hand-over with a decision is both."""
        given = super().clean() or self.cleaned_data
        if given.pop("also", False) and given.get("kind") == ByHand.FUNCTIONAL:
            given["kind"] = ByHand.BOTH
        return given

    def clean_summary(self) -> str:
        """One line, since that is what lists show."""
        return " ".join(str(self.cleaned_data["summary"]).split())
