"""A person's own settings; what only matters at the desk is left out for customers."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.actions import MOST_UNDO_SECONDS, SIGNATURE_LIMIT
from people.enums import Theme
from people.models import User
from people.zones import is_zone

AT_THE_DESK = ("signature", "undo_seconds", "single_keys", "weekly_digest")


class ProfileForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=60,
        help_text=_("Type a city. All times on your pages are in this zone."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    theme = forms.ChoiceField(label=_("Look"), choices=Theme.choices, required=False)
    signature = forms.CharField(
        label=_("Signature"),
        help_text=_("Stands under your replies to customers."),
        required=False,
        max_length=SIGNATURE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    undo_seconds = forms.IntegerField(
        label=_("Seconds to take a reply back"),
        help_text=_("A reply waits this long before it is sent. 0 sends at once."),
        min_value=0,
        max_value=MOST_UNDO_SECONDS,
    )
    single_keys = forms.BooleanField(
        label=_("Single keys act"),
        help_text=_("Letters act without Ctrl while no field has the focus. “?” lists them on every page."),
        required=False,
    )

    weekly_digest = forms.BooleanField(
        label=_("The week in good words"),
        help_text=_("By mail on Monday morning: who thanked whom, and what was closed with every promise kept."),
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(user, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        if not user.is_agent:
            for name in AT_THE_DESK:
                del self.fields[name]

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if not is_zone(zone):
            raise forms.ValidationError(_("There is no such zone. Choose one of the list, such as Europe/Madrid."))
        return zone
