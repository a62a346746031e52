"""What the buttons of an editor of rows ask for. A plain form: each button shows the page again."""

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict


class RowButtons:
    """The names of one editor's controls: `<prefix>-<number>-<part>` in a row, and what is added, removed, shown."""

    def __init__(self, prefix: str, part: str) -> None:
        self._prefix = prefix
        self._name = re.compile(rf"{prefix}-(\d{{1,4}})-{part}")

    def numbers(self, given: QueryDict, most: int) -> list[int]:
        """The rows that came with the form, in order, without the one that is taken away."""
        found = sorted(int(match[1]) for match in map(self._name.fullmatch, given) if match)[:most]
        removed = given.get(f"{self._prefix}-remove", "")
        return [number for number in found if str(number) != removed]

    def added(self, given: QueryDict) -> str:
        """What a further row is to be about; empty where none is asked for."""
        return str(given.get(f"{self._prefix}-new", "")) if f"{self._prefix}-add" in given else ""

    def is_in(self, given: Mapping[str, Any]) -> bool:
        """Whether the form had the editor in it: one without rows is an answer too, no editor is none."""
        return f"{self._prefix}-shown" in given

    def is_being_edited(self, given: Mapping[str, Any]) -> bool:
        """Whether a button of the editor was pressed and not the one that saves."""
        return any(f"{self._prefix}-{button}" in given for button in ("add", "remove", "try"))
