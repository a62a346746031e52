"""A program that is called by webhook, as an administrator sets it up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.forms.several import SeveralRows
from notifications.endpoints import NAME_LIMIT, URL_LIMIT
from notifications.enums import AlertKind, HookEvent
from notifications.models import Endpoint
from people.models import Team

_SEVERITIES = [(level, f"S{level}") for level in range(1, 5)]


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
    events = forms.MultipleChoiceField(
        label=_("Events"),
        help_text=_("A call for each, when it happens."),
        choices=HookEvent.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Alerts"),
        help_text=_("One call for what people are alerted of, to however many it goes."),
        choices=AlertKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    teams = SeveralRows(
        label=_("Of these teams only"),
        help_text=_(
            "Without any: of all. A restricted team has to be ticked: else it has no events, and alerts without words."
        ),
        queryset=Team.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    severity = forms.TypedChoiceField(
        label=_("From which severity on"),
        help_text=_("Of the escalation, else of the most severe one of the ticket."),
        choices=[("", _("Everything, escalated or not")), *_SEVERITIES],
        coerce=int,
        empty_value=None,
        required=False,
    )
    with_words = forms.BooleanField(
        label=_("It may know what it is about"),
        help_text=_("A ticket's subject and its customer's name, an alert's title. Else numbers, states and times."),
        required=False,
    )
    is_enabled = forms.BooleanField(label=_("In use"), required=False)

    def __init__(self, *args: Any, endpoint: Endpoint | None = None, **kwargs: Any) -> None:
        beginning = {"events": [HookEvent.ESCALATION_OPENED, HookEvent.BREACHED], "is_enabled": True}
        kwargs["initial"] = _kept(endpoint) if endpoint else beginning
        super().__init__(*args, **kwargs)


def _kept(endpoint: Endpoint) -> dict[str, Any]:
    plain = ("name", "url", "events", "kinds", "severity", "with_words", "is_enabled")
    return {**{name: getattr(endpoint, name) for name in plain}, "teams": endpoint.teams.all()}
