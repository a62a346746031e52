"""The desk's own fields of a ticket or an escalation, as inputs of the right kind."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from common.questions import Question
from tickets.enums import BelongsTo, FieldType
from tickets.fields import TEXT_LIMIT, asked_at_opening
from tickets.models import CustomField, RequestType
from tickets.querysets import CustomFieldQuerySet

PREFIX = "fields."


class FieldsForm(forms.Form):
    """One input for each enabled field; the domain checks what was typed and says what is wrong."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, values: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.types: dict[str, str] = {}
        for field in self.asked():
            self.types[PREFIX + field.key] = field.type
            had = str((values or {}).get(field.key, ""))
            made = _input(field, had)
            made.initial = had
            self.fields[PREFIX + field.key] = made

    def asked(self) -> Iterable[CustomField]:
        return _in_use.rows()

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by key; only after `is_valid`."""
        own = {name: value for name, value in self.cleaned_data.items() if name.startswith(PREFIX)}
        return {name.removeprefix(PREFIX): value for name, value in own.items()}


@Question
def _in_use() -> CustomFieldQuerySet:
    return CustomField.objects.in_use()


class CallersFieldsForm(FieldsForm):
    """What an agent is asked who opens a ticket for a caller."""

    def asked(self) -> Iterable[CustomField]:
        return asked_at_opening(of_customer=False)


class CustomersFieldsForm(FieldsForm):
    """What a customer is asked in a new request; `what`: its type."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, what: RequestType | None, **kwargs: Any) -> None:
        self._what = what
        super().__init__(data, **kwargs)

    def asked(self) -> Iterable[CustomField]:
        return asked_at_opening(of_customer=True, what=self._what)


class EscalationFieldsForm(FieldsForm):
    """All of an escalation."""

    def asked(self) -> Iterable[CustomField]:
        return CustomField.objects.in_use(BelongsTo.ESCALATION)


class RaisersFieldsForm(FieldsForm):
    """What whoever escalates is asked."""

    def asked(self) -> Iterable[CustomField]:
        return asked_at_opening(of_customer=False, of=BelongsTo.ESCALATION)


def _input(field: CustomField, had: str = "") -> forms.Field:
    """`had`: what there is; it can stay, also where it is among the choices no more."""
    if field.type == FieldType.CHOICE:
        offered = dict.fromkeys([*field.choices, had] if had else field.choices)
        choices = [("", "–"), *((choice, choice) for choice in offered)]
        made = forms.CharField(label=field.label, required=False, widget=forms.Select(choices=choices))
        return _marked(made, field)
    kinds = {FieldType.DATE: "date", FieldType.NUMBER: "text", FieldType.TEXT: "text"}
    attrs = {"type": kinds[FieldType(field.type)], "maxlength": str(TEXT_LIMIT)}
    if field.type == FieldType.NUMBER:
        attrs["inputmode"] = "decimal"
    return _marked(forms.CharField(label=field.label, required=False, widget=forms.TextInput(attrs=attrs)), field)


def _marked(made: forms.Field, field: CustomField) -> forms.Field:
    """The browser asks for what is required; the domain does so too."""
    if field.is_required:
        made.widget.attrs["required"] = True
    return made
