"""What is recommended, and what became of it (R30, R85)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escalation.enums import RecommendationState, RecommendedFor
from escalation.services.ruling import TITLE_LIMIT, WHY_LIMIT


class RecommendationForm(forms.Form):
    title = forms.CharField(
        label=_("What is to be better"),
        help_text=_("In a sentence that says what to do."),
        max_length=TITLE_LIMIT,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    why = forms.CharField(
        label=_("Why"),
        help_text=_("What was seen, and what it would spare."),
        max_length=WHY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    about = forms.ChoiceField(
        label=_("About"), choices=RecommendedFor.choices, initial=RecommendedFor.PROCESS, widget=forms.RadioSelect
    )
    owner = forms.ChoiceField(
        label=_("Who sees to it"), help_text=_("He is told, and says what became of it."), required=False
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", _("Nobody yet")), *people]  # type: ignore[attr-defined] # a ChoiceField, declared above


class SettleForm(forms.Form):
    state = forms.ChoiceField(
        label=_("What became of it"),
        choices=RecommendationState.choices,
        error_messages={"required": _("Say what became of it.")},
    )
