"""What a visitor fills in. The domain checks again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.portal.forms import FILES_HINT
from desk.uploads import FilesField
from people.models import User
from visits.actions import SAY_LIMIT

LONGEST_NAME = 120
LONGEST_ADDRESS = 254


class SayForm(forms.Form):
    body = forms.CharField(
        label=_("Your message"),
        max_length=SAY_LIMIT,
        # No `maxlength`: what is too long is told and kept, not cut while it is typed.
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": None}),
    )
    attachments = FilesField(label=_("Files"), help_text=FILES_HINT, required=False)


class BeginForm(SayForm):
    """`known`: who has signed in, and is not asked who he is."""

    name = forms.CharField(
        label=_("Your name"), max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("The answer goes there if you leave before it."),
        max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ("name", "email", "body", "attachments")

    def __init__(self, *args: Any, known: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known is not None:
            del self.fields["name"], self.fields["email"]
