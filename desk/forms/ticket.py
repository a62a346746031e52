"""What is typed on a ticket's page. The domain checks again; here the page learns which field to point at."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from common.text import BODY_LIMIT, SUBJECT_LIMIT
from desk.forms.escalate import LocalTime
from desk.uploads import FilesField
from people.models import Team
from tickets.enums import Channel, Kind, Priority

KINDS = [("reply", _("Reply")), ("note", _("Internal note"))]


class WriteForm(forms.Form):
    """A reply or an internal note; `then` says what follows a reply, or what is done about a solved ticket.

    `seen` is the newest message that was on the page when the writing began.
    """

    kind = forms.ChoiceField(choices=KINDS)
    body = forms.CharField(
        label=_("Text"), max_length=BODY_LIMIT, error_messages={"required": _("Write something first.")}
    )
    attachments = FilesField(required=False)
    then = forms.ChoiceField(choices=[("", ""), ("wait", ""), ("reopen", ""), ("note", "")], required=False)
    seen = forms.IntegerField(min_value=0, max_value=10**18, required=False)
    next_update_by = forms.DateTimeField(
        label=_("Next update by"),
        required=False,
        widget=LocalTime,
        error_messages={"invalid": _("Give a day and a time.")},
    )


class DraftForm(forms.Form):
    """What of a draft is kept besides its text; a moment half typed is none yet."""

    next_update_by = forms.DateTimeField(required=False)

    @property
    def promised(self) -> datetime | None:
        return self.cleaned_data.get("next_update_by") if self.is_valid() else None


class NewTicketForm(forms.Form):
    """A ticket for somebody on the phone."""

    name = forms.CharField(label=_("Caller"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("A new address becomes a new customer."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    subject = forms.CharField(label=_("Subject"), max_length=SUBJECT_LIMIT)
    body = forms.CharField(
        label=_("What the caller says"), max_length=BODY_LIMIT, widget=forms.Textarea(attrs={"rows": 6})
    )
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices, initial=Priority.NORMAL)
    channel = forms.ChoiceField(
        label=_("How it came"), choices=[(Channel.PHONE, _("Phone")), (Channel.CHAT, _("Chat"))], initial=Channel.PHONE
    )
    kind = forms.TypedChoiceField(
        label=_("Type"), choices=Kind.choices, initial=Kind.QUESTION, required=False, empty_value=Kind.QUESTION
    )
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.order_by("name"),
        to_field_name="slug",
        required=False,
        empty_label=_("As the rules say"),
    )
    attachments = FilesField(label=_("Files"), required=False)
