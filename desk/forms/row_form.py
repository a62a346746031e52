"""A row of the desk's set-up as a form."""

from typing import Any

from django import forms


class RowForm(forms.ModelForm[Any]):
    """What the row itself refuses is said beside its fields; `terms` is what is kept."""

    @property
    def terms(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name in self._meta.fields}  # type: ignore[operator] # every kind names its fields
