"""The watch outside."""

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.outside import MOST_MINUTES, URL_LIMIT


class OutsideForm(forms.Form):
    url = forms.CharField(
        label=_("Address"),
        help_text=_("As the service gives it, beginning with https://. Empty: nobody is called."),
        required=False,
        max_length=URL_LIMIT,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    minutes = forms.IntegerField(label=_("Every so many minutes"), min_value=1, max_value=MOST_MINUTES, initial=5)
