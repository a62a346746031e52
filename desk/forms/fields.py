"""The desk's own fields of a ticket, as inputs of the right kind."""

from collections.abc import Mapping
from typing import Any

from django import forms

from tickets.enums import FieldType
from tickets.fields import TEXT_LIMIT
from tickets.models import CustomField

PREFIX = "fields."


class FieldsForm(forms.Form):
    """One input for each enabled field; the domain checks what was typed and says what is wrong."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, values: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        for field in CustomField.objects.filter(is_enabled=True):
            made = _input(field)
            made.initial = (values or {}).get(field.key, "")
            self.fields[PREFIX + field.key] = made

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by key; only after `is_valid`."""
        return {name.removeprefix(PREFIX): value for name, value in self.cleaned_data.items()}


def _input(field: CustomField) -> forms.Field:
    if field.type == FieldType.CHOICE:
        choices = [("", "–"), *((choice, choice) for choice in field.choices)]
        return forms.CharField(label=field.label, required=False, widget=forms.Select(choices=choices))
    kinds = {FieldType.DATE: "date", FieldType.NUMBER: "text", FieldType.TEXT: "text"}
    attrs = {"type": kinds[FieldType(field.type)], "maxlength": str(TEXT_LIMIT)}
    if field.type == FieldType.NUMBER:
        attrs["inputmode"] = "decimal"
    return forms.CharField(label=field.label, required=False, widget=forms.TextInput(attrs=attrs))
