"""How a domain's mail is signed."""

from django import forms
from django.utils.translation import gettext_lazy as _

_PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class SigningForm(forms.Form):
    selector = forms.CharField(
        label=_("DKIM selector"),
        help_text=_("The s= in the signature of a mail that has arrived. Empty: not looked up."),
        required=False,
        max_length=63,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    signing_domain = forms.CharField(
        label=_("Signed for"),
        help_text=_("Its d=, where that is another domain."),
        required=False,
        max_length=253,
        widget=forms.TextInput(attrs=_PLAIN),
    )
