"""A text that comes as a file, is looked at, and comes back as the text that was looked at."""

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class TextFileForm(forms.Form):
    """Either will do; what was read is `given`, in `cleaned_data`. `most` is counted in characters."""

    most: ClassVar[int]
    accepts: ClassVar[str]
    choose: ClassVar[str | Promise] = gettext_lazy("Choose a file.")
    too_large: ClassVar[str | Promise] = gettext_lazy("This file is too large: bring it in parts.")

    file = forms.FileField(label=gettext_lazy("File"), required=False)
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = self.accepts

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is None:
            if not cleaned.get("text") and "file" not in self.errors:
                self.add_error("file", str(self.choose))
            return {**cleaned, "given": cleaned.get("text", "")}
        # A character has four bytes at most.
        if file.size > 4 * self.most:
            self.add_error("file", str(self.too_large))
            return cleaned
        try:
            return {**cleaned, "given": file.read().decode("utf-8-sig")}
        except UnicodeDecodeError:
            self.add_error("file", _("This is no text in UTF-8."))
        return cleaned
