"""A program that is called by webhook, as an administrator sets it up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.endpoints import NAME_LIMIT, URL_LIMIT
from notifications.enums import AlertKind
from notifications.models import Endpoint


class EndpointForm(forms.Form):
    name = forms.CharField(label=_("Name"), help_text=_("As the outbox shows it."), max_length=NAME_LIMIT)
    url = forms.CharField(
        label=_("Address"),
        help_text=_(
            "https://, on the public internet unless WEBHOOK_NETWORKS says otherwise. No redirect is followed."
        ),
        max_length=URL_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("What it hears of"), choices=AlertKind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    is_enabled = forms.BooleanField(label=_("In use"), required=False)

    def __init__(self, *args: Any, endpoint: Endpoint | None = None, **kwargs: Any) -> None:
        names = tuple(self.base_fields)
        beginning = {"kinds": [AlertKind.BREACH, AlertKind.ESCALATION], "is_enabled": True}
        kwargs["initial"] = {name: getattr(endpoint, name) for name in names} if endpoint else beginning
        super().__init__(*args, **kwargs)
