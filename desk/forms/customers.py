"""An organisation, a contact, and a list of them, as an administrator gives them."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.forms.text_files import TextFileForm
from people.customers.book import MOST_CHARACTERS
from people.customers.sight import terms_of
from people.enums import Role, Sight
from people.models import Organisation, User


class OrganisationForm(forms.ModelForm[Organisation]):
    class Meta:
        model = Organisation
        fields = ["name", "slug", "tier", "value", "contract", "since"]
        widgets = {"since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {"slug": _("What another system calls it; conditions and lists name it so.")}


class ContactForm(forms.ModelForm[User]):
    """`sight` is kept as two columns; it is given anew to whoever goes to another organisation."""

    sight = forms.ChoiceField(
        label=_("Sees in the portal"),
        choices=Sight.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text=_(
            "With the files and all that was said to the customer. Whoever leaves the organisation sees none of it."
        ),
    )

    class Meta:
        model = User
        fields = ["name", "organisation", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["sight"] = self.instance.sight

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        sight, organisation = given.pop("sight", "") or Sight.OWN, given.get("organisation")
        if sight != Sight.OWN and organisation is None:
            self.add_error("sight", _("Who belongs to no organisation sees his own requests only."))
        stays_as_it_was = "sight" not in self.changed_data
        if "organisation" in self.changed_data and stays_as_it_was:
            sight = Sight.OWN
        return {**given, **terms_of(sight, organisation)}


class BookForm(TextFileForm):
    """Organisations and contacts, a line each."""

    most = MOST_CHARACTERS
    accepts = ".csv,.txt,text/csv"


class MergePeopleForm(forms.Form):
    """`other` goes into `stays`: chosen by an address."""

    other = forms.CharField(
        label=_("The other entry"), max_length=254, help_text=_("The address of the contact that goes into this one.")
    )

    def __init__(self, *args: Any, stays: User, near: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stays, self.near = stays, near
        self.fields["other"].widget.attrs |= {"list": "near", "autocomplete": "off", "type": "email"}

    def clean_other(self) -> User:
        people = User.objects.get_queryset().select_related("organisation").filter(role=Role.CUSTOMER)
        found = people.signing_in_as(self.cleaned_data["other"]).first()
        if found is None:
            raise forms.ValidationError(_("No customer has this address."))
        if found == self._stays:
            raise forms.ValidationError(_("This is one and the same already."))
        return found


class MergeHousesForm(forms.Form):
    """The same for organisations: chosen by name."""

    other = forms.ModelChoiceField(
        Organisation.objects.all(),
        label=_("The other entry"),
        empty_label=_("Choose an organisation"),
        help_text=_("The organisation that goes into this one."),
    )

    def __init__(self, *args: Any, stays: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Organisation]", self.fields["other"])
        field.queryset = Organisation.objects.exclude(pk=stays.pk)


class EraseForm(forms.Form):
    typed = forms.CharField(
        label=_("The address, as a confirmation"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class AddressForm(forms.Form):
    email = forms.EmailField(label=_("New address"), max_length=254)
