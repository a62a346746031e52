"""An organisation, a contact, and a list of them, as an administrator gives them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.forms.text_files import TextFileForm
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


class BookForm(TextFileForm):
    """Organisations and contacts, a line each."""

    most = MOST_CHARACTERS
    accepts = ".csv,.txt,text/csv"
