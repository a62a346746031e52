"""The single keys of the desk and what each does, for the page on which a reader chooses others.

The templates name them where they act (`data-key`), `static/js/keys.js` turns the reader's own into them.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Key(NamedTuple):
    """`field`: its name in a form, where not every sign may stand."""

    key: str
    words: Promise
    field: str = ""

    @property
    def name(self) -> str:
        return f"key_{self.field or self.key}"


# A key means what stands first on the lists, the rest on the pages that have it.
KEYS = (
    Key("/", _("Search"), "slash"),
    Key("c", pgettext_lazy("what a key does", "New")),
    Key("z", _("Undo, take a reply back")),
    Key("j", _("Next row, card, ticket")),
    Key("k", _("Row, card, ticket before")),
    Key("x", _("Select a row")),
    Key("w", _("Why a row stands here")),
    Key("h", _("Lane to the left")),
    Key("l", _("Tag; lane to the right")),
    Key("d", _("Decide")),
    Key("f", _("Filter")),
    Key("r", _("Reply, write")),
    Key("n", _("Internal note")),
    Key(";", _("Quick replies"), "quick"),
    Key("a", _("Assign; acknowledge")),
    Key("s", _("Status; with Shift: solve")),
    Key("e", _("Escalate")),
    Key("o", _("Open the ledger")),
    Key("u", _("Promise; write an update")),
    Key("m", _("Merge, more; next step")),
    Key("p", _("Plan; pass on")),
)
STANDARD = tuple(one.key for one in KEYS)
