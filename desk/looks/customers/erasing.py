"""What would go with a person, and what would stay without him."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db.models import QuerySet

from people.erasing.parts import all_parts
from people.models import User
from tickets.tally import tallies


class ErasureLook(NamedTuple):
    """Words and counts."""

    goes: list[tuple[str, int]]
    stays: list[tuple[str, int]]


def erasure_look(person: User) -> ErasureLook:
    """One query, whatever there is."""
    goes = {f"goes {what}": rows for part in all_parts() for what, rows in part.goes(person).items()}
    stays = {f"stays {what}": rows for part in all_parts() for what, rows in part.stays(person).items()}
    counted = tallies({**goes, **stays})
    return ErasureLook(_lines(goes, counted), _lines(stays, counted))


def _lines(rows: "Mapping[str, QuerySet[Any]]", counted: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(name.partition(" ")[2], counted[name]) for name in rows if counted[name]]
