"""A field of the desk's own, as an administrator sets it up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.defining import KEY_LIMIT, LABEL_LIMIT
from tickets.enums import BelongsTo, FieldType
from tickets.models import CustomField


class OwnFieldForm(forms.Form):
    """`field`: the one that is changed; once there are values of it, what is `_FIXED` stands still."""

    label = forms.CharField(label=_("Name"), help_text=_("As people read it."), max_length=LABEL_LIMIT)
    key = forms.CharField(
        label=_("Key"),
        help_text=_("What searches (contract:none) and programs call it; made of the name if left empty."),
        required=False,
        max_length=KEY_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    belongs_to = forms.ChoiceField(
        label=_("Belongs to"), choices=BelongsTo.choices, required=False, widget=forms.RadioSelect
    )
    type = forms.ChoiceField(label=_("Type"), choices=FieldType.choices, widget=forms.RadioSelect)
    choices = forms.CharField(
        label=_("Choices"),
        help_text=_("One a line, in the order in which they are offered; for the type “choice” only."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    when_opened = forms.BooleanField(
        label=_("Asked when it is opened: a ticket for a caller, an escalation in its dialog"), required=False
    )
    for_customers = forms.BooleanField(
        label=_("Customers are asked in a new request, and see it on theirs"),
        help_text=_("Of tickets only: no customer sees an escalation."),
        required=False,
    )
    is_required = forms.BooleanField(
        label=_("Required"),
        help_text=_(
            "Must be filled in wherever it is asked, and is not emptied afterwards. Mail is not held up by it. "
            "That it is known before a ticket is solved, a policy can demand."
        ),
        required=False,
    )

    def __init__(self, *args: Any, field: CustomField | None = None, **kwargs: Any) -> None:
        known = {name: getattr(field, name) for name in self.base_fields} if field else _BEGINNING
        kwargs["initial"] = {**known, "choices": "\n".join(known["choices"])}
        super().__init__(*args, **kwargs)
        if field and field.is_used:
            for name in _FIXED:
                self.fields[name].disabled = True
            self.fields["key"].help_text = _("There are values of it: its key and its type stay, and whose it is.")

    def clean_belongs_to(self) -> str:
        """A ticket where nothing is said."""
        return str(self.cleaned_data["belongs_to"] or BelongsTo.TICKET)

    @property
    def terms(self) -> dict[str, Any]:
        """As `tickets.defining` takes them; only after `is_valid`."""
        return {**self.cleaned_data, "choices": self.cleaned_data["choices"].splitlines()}


_FIXED = ("key", "type", "belongs_to")
_BEGINNING: dict[str, Any] = {
    "label": "",
    "key": "",
    "belongs_to": BelongsTo.TICKET,
    "type": FieldType.TEXT,
    "choices": [],
    "when_opened": True,
    "for_customers": False,
    "is_required": False,
}
