"""What is asked before something is done with a whole ticket."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_NUMBER = re.compile(r"#?\s*([1-9]\d{0,17})")


class NumberField(forms.CharField):
    """A ticket's number as people write it, with or without the sign."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **kwargs)  # type: ignore[arg-type] # the stubs want each argument by name

    def clean(self, value: object) -> int | None:
        text = str(super().clean(value))
        found = _NUMBER.fullmatch(text)
        if text and found is None:
            raise forms.ValidationError(_("Give the number of a ticket, like #4821."))
        return int(found[1]) if found else None


class MergeForm(forms.Form):
    """Into which ticket: one of those that are offered, or any number that is typed."""

    target = NumberField(label=_("Number of the ticket that stays"), required=False)
    pick = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = {**(super().clean() or {})}
        given["target"] = given.get("target") or given.get("pick")
        if not given["target"] and "target" not in self.errors:
            self.add_error("target", _("Say into which ticket it goes."))
        return given
