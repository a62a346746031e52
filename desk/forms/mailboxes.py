"""A mailbox, as an administrator sets it up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mailroom.enums import Afterwards, Proof, Security, Way
from mailroom.mailboxes import TERMS
from mailroom.models import Mailbox
from people.models import Team

_PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class MailboxForm(forms.Form):
    address = forms.CharField(
        label=_("Address"),
        help_text=_("What people write to, like support@example.com."),
        max_length=254,
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "email"}),
    )
    team = forms.ModelChoiceField(
        label=_("Team"),
        help_text=_("Gets what comes to this address. Without one, routing decides."),
        queryset=Team.objects.none(),
        required=False,
    )
    way = forms.ChoiceField(label=_("How its mail comes"), choices=Way.choices, widget=forms.RadioSelect)
    host = forms.CharField(
        label=_("Server"), required=False, max_length=253, widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "url"})
    )
    port = forms.IntegerField(label=_("Port"), required=False, min_value=1, max_value=65535)
    security = forms.ChoiceField(label=_("Encryption"), choices=Security.choices, widget=forms.RadioSelect)
    username = forms.CharField(
        label=_("User name"), required=False, max_length=254, widget=forms.TextInput(attrs=_PLAIN)
    )
    proof = forms.ChoiceField(label=_("Signs in with"), choices=Proof.choices, widget=forms.RadioSelect)
    secret_name = forms.CharField(
        label=_("Name of its secret"),
        help_text=_(
            "SUPPORT stands for the variable MAILBOX_SUPPORT_SECRET, or the file in MAILBOX_SUPPORT_SECRET_FILE."
        ),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    folder = forms.CharField(label=_("Folder"), required=False, max_length=200, widget=forms.TextInput(attrs=_PLAIN))
    afterwards = forms.ChoiceField(
        label=_("Once a mail is kept here"), choices=Afterwards.choices, widget=forms.RadioSelect
    )
    move_to = forms.CharField(
        label=_("Folder to move to"),
        help_text=_("Made if it is not there."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=_PLAIN),
    )

    def __init__(self, *args: Any, mailbox: Mailbox | None = None, **kwargs: Any) -> None:
        mailbox = mailbox or Mailbox()
        kwargs["initial"] = {name: getattr(mailbox, name) for name in TERMS}
        super().__init__(*args, **kwargs)
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        team.queryset = Team.objects.order_by("name")
        team.empty_label = str(_("By routing"))

    def clean_port(self) -> int:
        return int(self.cleaned_data["port"] or 993)

    @property
    def terms(self) -> dict[str, Any]:
        """As `mailroom.mailboxes` takes them; only after `is_valid`."""
        return dict(self.cleaned_data)
