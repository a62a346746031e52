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
    """Several files in one field."""

    allow_multiple_selected = True


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
        raise _refused(_("At most %(count)d files go with one message.") % {"count": COUNT_LIMIT})
    for file in given:
        if (file.size or 0) > SIZE_LIMIT:
            words = _("“%(name)s” is larger than %(limit)d MB.")
            raise _refused(words % {"name": safe_name(file.name or ""), "limit": SIZE_LIMIT // MEGABYTE})
    return [Upload(name=file.name or "", content=file.read()) for file in given]


def hint() -> str:
    """Said before anybody chooses a file."""
    return _("At most %(count)d files of %(limit)d MB each.") % {"count": COUNT_LIMIT, "limit": SIZE_LIMIT // MEGABYTE}


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput.of("attachments", sentence)
