"""Which article trains for which cause (R93)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escalation.close import causes
from escalation.services.ruling import WHY_LIMIT
from knowledge.models import Article


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why nobody is trained in it"),
        max_length=WHY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        error_messages={"required": _("Say why; it stays on record.")},
    )


class TrainingForm(forms.Form):
    article = forms.ChoiceField(
        label=_("Article"), help_text=_("Of those in force."), widget=forms.Select(attrs={"autofocus": True})
    )
    cause = forms.ChoiceField(
        label=_("Cause"), help_text=_("It is suggested to those whose tickets have led to escalations of this cause.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Article.objects.in_use().filter(current__isnull=False)
        self.fields["article"].choices = list(known.values_list("slug", "title"))  # type: ignore[attr-defined] # a ChoiceField, declared above
        self.fields["cause"].choices = causes.choices()  # type: ignore[attr-defined] # the same
