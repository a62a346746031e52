"""What stands in a ladder's editor: everything that was typed, whether it makes sense or not.

Each button of the editor posts the whole form and names what is to be done (`do`); nothing is kept but by saving.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.lengths import length_words, parse_length
from common.numbers import whole
from escalation.coverage.terms import MOST_LEVELS, LadderTerms, LevelTerms
from escalation.enums import Reach

_T = TypeVar("_T")

ROWS = 40
DIGITS = 9
_NEW_DELAY = "15 min"


@dataclass
class LevelRow:
    """`hours`: "open" for working hours only, else "always"."""

    reach: str = Reach.MANAGERS.value
    steps_up: str = "1"
    after: str = _NEW_DELAY
    hours: str = "always"
    every: str = ""
    times: str = ""
    people: list[str] = field(default_factory=list)
    by_mail: bool = True
    # Stands open in the editor: new, moved, or wrong.
    is_open: bool = False


@dataclass
class LadderDraft:
    """`seen` is the draft as its editor saw it."""

    name: str = ""
    calendar: str = ""
    widen: str = ""
    languages: list[str] = field(default_factory=list)
    skills: list[str] = field(default_factory=list)
    levels: list[LevelRow] = field(default_factory=list)
    seen: str = ""

    @classmethod
    def of(cls, terms: LadderTerms, seen: str) -> "LadderDraft":
        return cls(
            name=terms.name,
            calendar=str(terms.calendar or ""),
            widen=_length(terms.widen_after),
            languages=list(terms.languages),
            skills=[str(key) for key in terms.skills],
            levels=[_row(level) for level in terms.levels],
            seen=seen,
        )

    @classmethod
    def posted(cls, post: QueryDict) -> "LadderDraft":
        """`level` names the rows in their order, each of which has fields of its own."""
        return cls(
            name=post.get("name", ""),
            calendar=post.get("calendar", ""),
            widen=post.get("widen", ""),
            languages=post.getlist("languages")[:ROWS],
            skills=post.getlist("skills")[:ROWS],
            levels=[_posted_row(post, key) for key in post.getlist("level")[: MOST_LEVELS + 1]],
            seen=post.get("seen", ""),
        )

    def terms(self) -> LadderTerms:
        """InvalidInput with a sentence for each field that is no length and no number."""
        errors: dict[str, list[str]] = {}
        widen = _read(errors, "widen_after", lambda: _seconds(self.widen))
        found = (_read(errors, f"level-{number}", partial(_level, row)) for number, row in enumerate(self.levels, 1))
        levels = tuple(level for level in found if level is not None)
        if errors:
            raise InvalidInput(errors)
        return LadderTerms(
            name=self.name,
            levels=levels,
            calendar=_key(self.calendar),
            widen_after=widen or 0,
            languages=tuple(dict.fromkeys(self.languages)),
            skills=tuple(sorted({key for text in self.skills if (key := _key(text))})),
        )

    def add(self, _which: str) -> None:
        if len(self.levels) < MOST_LEVELS:
            self.levels.append(LevelRow(is_open=True))

    def remove(self, which: str) -> None:
        if (at := self._at(which)) is not None:
            del self.levels[at]

    def up(self, which: str) -> None:
        self._swap(self._at(which), -1)

    def down(self, which: str) -> None:
        self._swap(self._at(which), 1)

    def _at(self, which: str) -> int | None:
        """Which row is meant, counted from 1."""
        number = _key(which) or 0
        return number - 1 if 1 <= number <= len(self.levels) else None

    def _swap(self, at: int | None, by: int) -> None:
        if at is not None and 0 <= at + by < len(self.levels):
            self.levels[at], self.levels[at + by] = self.levels[at + by], self.levels[at]


def _row(level: LevelTerms) -> LevelRow:
    return LevelRow(
        reach=level.reach,
        steps_up=str(level.steps_up),
        after=_length(level.delay) or length_words(timedelta()),
        hours="open" if level.in_hours else "always",
        every=_length(level.repeat_every),
        times=str(level.repeat_times or ""),
        people=[str(key) for key in level.people],
        by_mail=level.by_mail,
    )


def _posted_row(post: QueryDict, key: str) -> LevelRow:
    def text(name: str) -> str:
        return str(post.get(f"{name}-{key}", ""))[:80]

    return LevelRow(
        reach=text("reach"),
        steps_up=text("steps_up"),
        after=text("after"),
        hours=text("hours"),
        every=text("every"),
        times=text("times"),
        people=post.getlist(f"people-{key}")[:ROWS],
        by_mail=text("by_mail") == "1",
        is_open=text("open") == "1",
    )


def _level(row: LevelRow) -> LevelTerms:
    return LevelTerms(
        reach=row.reach,
        delay=_seconds(row.after),
        steps_up=_number(row.steps_up or "1"),
        people=tuple(sorted({key for text in row.people if (key := _key(text))})),
        in_hours=row.hours == "open",
        by_mail=row.by_mail,
        repeat_every=_seconds(row.every),
        repeat_times=_number(row.times or "0"),
    )


def _read(errors: dict[str, list[str]], name: str, read: Callable[[], _T]) -> _T | None:
    try:
        return read()
    except ValueError as error:
        number = name.partition("level-")[2]
        words = _("Level %(n)s: %(problem)s") % {"n": number, "problem": error} if number else str(error)
        errors.setdefault(name, []).append(words)
    return None


def _length(seconds: int) -> str:
    return length_words(timedelta(seconds=seconds)) if seconds else ""


def _seconds(text: str) -> int:
    """Nothing for an empty field. ValueError with a sentence for what is no length."""
    try:
        return int(parse_length(text).total_seconds()) if text.strip() else 0
    except OverflowError:
        raise ValueError(_("“%(text)s” is too long.") % {"text": text[:DIGITS]}) from None


def _number(text: str) -> int:
    number = _key(text)
    if number is None:
        raise ValueError(_("“%(text)s” is no number.") % {"text": text.strip()[:20]})
    return number


def _key(text: str) -> int | None:
    return whole(text.strip(), DIGITS)
