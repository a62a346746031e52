"""The form of a bundle: JSON with a version, one list for each table. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.errors import InvalidInput

HEAD, VERSION = "escala_configuration", 1
# In characters; the largest desk that we know has a tenth of it.
LIMIT = 1_000_000

Row = dict[str, Any]
Document = Mapping[str, list[Row]]


def written(document: Document) -> str:
    """The same set-up is the same text, to the byte; tables without rows are left out."""
    whole = {HEAD: VERSION} | {name: rows for name, rows in document.items() if rows}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def read(text: str) -> dict[str, list[Row]]:
    """The tables of a bundle. InvalidInput in one sentence for what is none, or of a version that is not known here."""
    if len(text) > LIMIT:
        raise _wrong(_("This is larger than a bundle can be: at most a million characters."))
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(_("This is not a bundle: it cannot be read as JSON.")) from error
    if not isinstance(found, dict) or not isinstance(found.get(HEAD), int) or isinstance(found[HEAD], bool):
        raise _wrong(_("This is not a bundle of a desk's configuration."))
    version = found.pop(HEAD)
    if version > VERSION:
        sentence = _(
            "This bundle is of version %(theirs)d, and this desk reads up to %(ours)d: bring the desk up to date."
        )
        raise _wrong(sentence % {"theirs": version, "ours": VERSION})
    for name, rows in found.items():
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise _wrong(_("“%(name)s” is not a list of rows.") % {"name": name[:40]})
    return found


def _wrong(sentence: str) -> InvalidInput:
    return InvalidInput.of("bundle", sentence)
