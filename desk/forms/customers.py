"""An organisation, a contact, and a list of them, as an administrator gives them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from people.customer_book import MOST_CHARACTERS
from people.models import Organisation, User


class OrganisationForm(forms.ModelForm[Organisation]):
    class Meta:
        model = Organisation
        fields = ["name", "slug", "tier", "value", "contract", "since"]
        widgets = {"since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {"slug": _("What another system calls it; conditions and lists name it so.")}


class ContactForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["name", "organisation", "language"]


class BookForm(forms.Form):
    """A file, or the text that was looked at."""

    file = forms.FileField(
        label=_("CSV file"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"})
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is None:
            if not cleaned.get("text") and "file" not in self.errors:
                self.add_error("file", _now("Choose a file."))
            return {**cleaned, "given": cleaned.get("text", "")}
        if file.size > 4 * MOST_CHARACTERS:
            self.add_error("file", _now("This file is too large: bring it in parts."))
            return cleaned
        try:
            return {**cleaned, "given": file.read().decode("utf-8-sig")}
        except UnicodeDecodeError:
            self.add_error("file", _now("This is no text in UTF-8."))
        return cleaned
