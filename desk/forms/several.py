"""A field for several rows of a table."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.numbers import whole


class SeveralRows(forms.ModelMultipleChoiceField[Any]):
    """Django's, but that a key that no column can hold is no value: SQLite fails of one, PostgreSQL finds nothing."""

    def clean(self, value: Any) -> Any:
        for key in value if isinstance(value, list | tuple) else ():
            if whole(str(key)) is None:
                message = self.error_messages["invalid_pk_value"]
                raise ValidationError(message, code="invalid_pk_value", params={"pk": str(key)[:20]})
        return super().clean(value)
