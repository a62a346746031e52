"""Bundles that come with the desk, to begin with."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_FOLDER = Path(__file__).parent / "packs"


class Pack(NamedTuple):
    title: Promise
    what: Promise

    @property
    def words(self) -> str:
        return f"{self.title}: {self.what}"


PACKS: Mapping[str, Pack] = {
    "small-team": Pack(_("A small team"), _("one team, office hours, four tags, promises that a few people can keep.")),
    "outsourced-desk": Pack(
        _("A desk that works for others"), _("two lines and client relations, day shifts, contracted promises.")
    ),
    "itsm": Pack(
        _("IT of a house"), _("a service desk and two teams, a catalogue, incidents, a guide for major ones.")
    ),
}


def pack(name: str) -> str:
    """Its text; KeyError for a name that is none of them."""
    PACKS[name]
    return (_FOLDER / f"{name}.json").read_text(encoding="utf-8")
