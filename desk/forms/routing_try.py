"""A text to be tried on the rules: as if somebody had written it just now."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import User
from tickets.enums import Channel

LONGEST_BODY = 20_000


class TextForm(forms.Form):
    """`customer` is found by his address; without one it is somebody of whom nothing is known."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Text"), required=False, max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 4})
    )
    customer = forms.EmailField(label=_("Customer’s address"), required=False, help_text=_("Empty: nobody we know."))
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)

    def clean_customer(self) -> User | None:
        address: Any = self.cleaned_data["customer"]
        if not address:
            return None
        found = User.objects.select_related("organisation").filter(email__iexact=address).first()
        if found is None:
            raise forms.ValidationError(_("Nobody here has this address; leave it empty for somebody new."))
        return found
