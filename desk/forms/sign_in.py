"""How people prove who they are, as an administrator sets it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.enums import Role


class FactorRulesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Who must have a second factor"),
        help_text=_("Whoever must and has none sets one up at the next sign-in, and can do nothing else until then."),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    at_once = forms.BooleanField(
        label=_("End the sign-ins of those who have none now"),
        help_text=_("Else they go on as they are until they sign in again; yours goes on in any case."),
        required=False,
    )

    def __init__(self, *args: Any, roles: set[str], **kwargs: Any) -> None:
        kwargs["initial"] = {"roles": sorted(roles)}
        super().__init__(*args, **kwargs)
