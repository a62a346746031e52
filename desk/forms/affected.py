"""What is typed about the customers whom an escalation harms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escalation.parties.roll import MOST_BYTES
from people.models import User
from tickets.saved import visible_views
from tickets.search import LONGEST_QUERY

REASON_LIMIT = 2000


class AccessForm(forms.Form):
    """Whose access is meant: one customer's, all of an organisation's, or of the only one."""

    emails = forms.EmailField(required=False)
    organisation = forms.SlugField(required=False, max_length=60)
    note = forms.CharField(required=False, max_length=REASON_LIMIT)

    def clean_emails(self) -> list[str]:
        address = self.cleaned_data.get("emails")
        return [address] if address else []


class WaiveForm(AccessForm):
    waived = forms.CharField(
        label=_("Why nobody waits for it"),
        max_length=REASON_LIMIT,
        error_messages={"required": _("Say why; it stays on record.")},
    )


class TakeBackForm(forms.Form):
    emails = forms.EmailField()
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LIMIT,
        error_messages={"required": _("Say why; it stays on record.")},
    )


class LeaveOutForm(TakeBackForm):
    """Why one customer need not be told by an update."""


class AddForm(forms.Form):
    emails = forms.EmailField(
        label=_("E-mail"), error_messages={"invalid": _("This is not an e-mail address.")}, max_length=254
    )


class ListForm(forms.Form):
    """A file, or lines in the field; both at once are read one after the other."""

    file = forms.FileField(
        label=_("CSV file"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"})
    )
    text = forms.CharField(
        label=_("Or lines"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        given = {**(super().clean() or {})}
        if not self.errors and not given.get("file") and not str(given.get("text", "")).strip():
            self.add_error("file", _("Choose a file, or paste the lines."))
        return given


class SearchForm(forms.Form):
    """Which tickets: by a search, or a saved view."""

    search = forms.CharField(label=_("Search"), required=False, max_length=LONGEST_QUERY)
    view = forms.ModelChoiceField(
        label=_("Or a view"), queryset=visible_views(User()).none(), required=False, empty_label=_("No view")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["view"].queryset = visible_views(user)  # type: ignore[attr-defined] # a ModelChoiceField, declared above
