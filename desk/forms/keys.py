"""The keys that a reader would rather press."""

from collections.abc import Mapping
from typing import Any

from django import forms

from common.errors import InvalidInput
from desk.looks.keys import KEYS


class KeysForm(forms.Form):
    """One field for each key; an empty one is the standard key."""

    def __init__(self, *args: Any, own: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in KEYS:
            widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"})
            shown = own.get(one.key, one.key).upper()
            field = forms.CharField(label=str(one.words), max_length=1, required=False, initial=shown, widget=widget)
            self.fields[one.name] = field

    def wanted(self) -> dict[str, str]:
        """By their standard keys."""
        return {one.key: self.cleaned_data.get(one.name, "") for one in KEYS}

    def blame(self, error: InvalidInput) -> None:
        for one in KEYS:
            for sentence in error.errors.get(one.key, ()):
                self.add_error(one.name, sentence)
