"""The desk's own in a bundle: the logo is a file, so its bytes go along as text."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from common import identity
from common.errors import InvalidInput
from common.models import Picture
from desk.bundle.rows import By, Table
from desk.bundle.text import Row


@dataclass(frozen=True, slots=True)
class Own(Table):
    """One row at most."""

    def told(self, row: Any) -> Row:
        picture = Picture.objects.filter(pk=row.logo).first()
        # Line by line, like every long text.
        lines = base64.encodebytes(bytes(picture.content)).decode().splitlines() if picture else ""
        return {**Table.told(self, row), "logo": lines}

    def keep(self, row: Any, given: Row, by: By) -> Any:
        terms = {name: value for name, value in given.items() if name != "logo"}
        if "logo" in given:
            terms["logo"] = _logo(given["logo"])
        kept = Table.keep(self, row, terms, by)
        identity.forget()
        return kept


def _logo(lines: Any) -> str:
    if not lines:
        return ""
    try:
        content = base64.b64decode("".join(lines), validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise InvalidInput.of("logo", _("This cannot be read.")) from None
    return identity.keep_picture(content, field="logo")
