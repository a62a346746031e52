"""Files from a form: bounded before they are read into memory, then handed on as `tickets` knows them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from tickets.files import COUNT_LIMIT, SIZE_LIMIT, Upload, safe_name

MEGABYTE = 1024 * 1024


class FilesInput(forms.ClearableFileInput):
    """Several files in one field, which knows its limits and how to say that they are passed (`static/js/files.js`)."""

    allow_multiple_selected = True

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        limits = {
            "data-most-bytes": SIZE_LIMIT,
            "data-most-files": COUNT_LIMIT,
            "data-too-large": _too_large("{name}"),
            "data-too-many": _too_many(),
        }
        return super().build_attrs(base_attrs, {**limits, **(extra_attrs or {})})


class FilesField(forms.FileField):
    """Cleans to a list of `Upload`; too many or too large ones are refused before they are read."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        files = [super(FilesField, self).clean(one, initial) for one in data or []]
        try:
            return read_uploads(file for file in files if file)
        except InvalidInput as error:
            raise forms.ValidationError(error.errors["attachments"]) from error


def read_uploads(files: "Iterable[UploadedFile[bytes]]") -> list[Upload]:
    """Raises InvalidInput on `attachments`."""
    given = list(files)
    if len(given) > COUNT_LIMIT:
        raise _refused(_too_many())
    for file in given:
        if (file.size or 0) > SIZE_LIMIT:
            raise _refused(_too_large(safe_name(file.name or "")))
    return [Upload(name=file.name or "", content=file.read()) for file in given]


def hint() -> str:
    """Said before anybody chooses a file."""
    return _("At most %(count)d files of %(limit)d MB each.") % {"count": COUNT_LIMIT, "limit": SIZE_LIMIT // MEGABYTE}


def _too_many() -> str:
    return _("At most %(count)d files go with one message.") % {"count": COUNT_LIMIT}


def _too_large(name: str) -> str:
    return _("“%(name)s” is larger than %(limit)d MB.") % {"name": name, "limit": SIZE_LIMIT // MEGABYTE}


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput.of("attachments", sentence)
