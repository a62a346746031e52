"""A bundle of configuration, as a file or as the text that was looked at."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.bundle.text import LIMIT


class BundleForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Bundle"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Either will do; what was read is `given`."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is None:
            if not cleaned.get("text") and "file" not in self.errors:
                self.add_error("file", _("Choose a file, as “Download the bundle” makes it."))
            return {**cleaned, "given": cleaned.get("text", "")}
        if file.size > 4 * LIMIT:
            self.add_error("file", _("This is larger than a bundle can be: at most a million characters."))
            return cleaned
        try:
            return {**cleaned, "given": file.read().decode("utf-8-sig")}
        except UnicodeDecodeError:
            self.add_error("file", _("This is no text in UTF-8."))
        return cleaned
