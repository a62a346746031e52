"""What is typed about mail: to a third party, when a message is sent on, and how a team writes."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from common.text import BODY_LIMIT, SUBJECT_LIMIT
from desk.uploads import FilesField
from mailroom.models import Letterhead
from tickets.models import Attachment


class SideForm(forms.Form):
    """The first letter of a side conversation."""

    address = forms.EmailField(label=_("To"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("Name"), max_length=120, required=False, help_text=_("How colleagues see them."))
    subject = forms.CharField(label=_("Subject"), max_length=SUBJECT_LIMIT)
    body = forms.CharField(label=_("Text"), max_length=BODY_LIMIT, widget=forms.Textarea(attrs={"rows": 8}))
    attachments = FilesField(label=_("Files"), required=False)


class SideAnswerForm(forms.Form):
    """One more letter of it."""

    body = forms.CharField(
        label=_("Text"),
        max_length=BODY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write something first.")},
    )
    attachments = FilesField(label=_("Files"), required=False)


class ForwardForm(forms.Form):
    """To whom, and which of the message's files go along."""

    address = forms.EmailField(label=_("To"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    subject = forms.CharField(label=_("Subject"), max_length=SUBJECT_LIMIT)
    note = forms.CharField(
        label=_("A word to them"), max_length=BODY_LIMIT // 2, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    attachments = forms.TypedMultipleChoiceField(
        label=_("Files that go along"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, files: Iterable[Attachment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(file.pk, f"{file.name}, {filesizeformat(file.size)}") for file in files]
        self.fields["attachments"].choices = choices  # type: ignore[attr-defined] # a choice field has them


class LetterheadForm(forms.ModelForm[Letterhead]):
    """Empty is “like the desk”."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("The desk's")), *settings.LANGUAGES],
        required=False,
        help_text=_("For customers who have told none of their own."),
    )

    class Meta:
        model = Letterhead
        fields = ("address", "name", "signature", "language")
        help_texts = {
            "address": _("Letters come from here, and answers go to it. Its mail has to reach this desk."),
            "name": _("What stands before the address."),
            "signature": _("Stands under every letter, below the writer's own. Markdown."),
        }
        widgets = {"signature": forms.Textarea(attrs={"rows": 4})}

    def validate_unique(self) -> None:
        """The action says it, in one sentence."""
