"""What one key can be, cut into pieces: the ground on which conditions are compared. Pure.

An axis knows regions of a key's possible findings; `within` is the part of a region where a test holds, `outside` the
parts where it does not. A region is never empty: where nothing is left there is None, or no part.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Protocol

from common.words import goes_on_with
from tickets.conditions.facts import Value
from tickets.conditions.grammar import Phrase, Test
from tickets.conditions.holding import value_holds
from tickets.conditions.keys import KNOWN, Shape

Region = Any
NONE_AT_ALL = ""


class Axis(Protocol):
    """Regions of one key; `everything` is the whole of it."""

    everything: Region

    def within(self, region: Region, test: Test) -> Region | None: ...

    def outside(self, region: Region, test: Test) -> list[Region]: ...


def axis_for(key: str, tests: Sequence[Test]) -> Axis:
    """The axis on which these tests of the key can be told apart."""
    if any(test.shape is Shape.TEXT for test in tests):
        return Several(_Phrases(tests))
    return Several(_Names(tests)) if tests[0].shape is Shape.MANY else Points(key, tests)


class Points:
    """A key with one value. What no test tells apart is one point, so a region is a set of bits."""

    def __init__(self, key: str, tests: Sequence[Test]) -> None:
        self._points = _points(key, tests)
        self._holding: dict[Test, int] = {}
        self.everything = (1 << len(self._points)) - 1

    def within(self, region: int, test: Test) -> int | None:
        return region & self._mask(test) or None

    def outside(self, region: int, test: Test) -> list[int]:
        left = region & ~self._mask(test)
        return [left] if left else []

    def _mask(self, test: Test) -> int:
        if test not in self._holding:
            self._holding[test] = sum(1 << at for at, point in enumerate(self._points) if value_holds(test, point))
        return self._holding[test]


def _points(key: str, tests: Sequence[Test]) -> list[object]:
    """Every value that a test names, one for all others that there can be, and none where a ticket may have none."""
    known = KNOWN.get(key)
    lacking: list[object] = [NONE_AT_ALL] if known is None or known.can_lack else []
    if known is not None and known.values is not None:
        return [*known.values, *lacking]
    named = {value for test in tests for value in (*(test.any or ()), *(test.none or ()), test.low, test.high)}
    numbers = sorted(value for value in named if isinstance(value, int | float))
    texts = sorted(value for value in named if isinstance(value, str))
    if all(test.low is None and test.high is None for test in tests):
        # An object is like no value that anybody can name.
        return [*numbers, *texts, object(), *lacking]
    return [*_around(numbers), *_days_around(texts), *lacking]


def _around(numbers: Sequence[float]) -> list[float]:
    """The numbers and one in each gap."""
    if not numbers:
        return []
    gaps = [(low + high) / 2 for low, high in pairwise(numbers)]
    return [numbers[0] - 1, *numbers, *gaps, numbers[-1] + 1]


def _days_around(days: Sequence[str]) -> list[str]:
    """The same of dates, which have no gap between one day and the next."""
    known = set(map(date.fromisoformat, days))
    found = set(known)
    found.update(low + timedelta(days=1) for low in known if low < date.max)
    found.update(high - timedelta(days=1) for high in known if high > date.min)
    return sorted(day.isoformat() for day in found)


@dataclass(frozen=True, slots=True)
class Pattern:
    """That a text matches it: one thing that is so or not. How two of them go together nobody can say."""

    source: str


@dataclass(frozen=True, slots=True)
class Found:
    """A region of a key that finds several things: those that are not there, and sets of which one at least is."""

    absent: frozenset[Any]
    some_of: frozenset[frozenset[Any]] = frozenset()


class Several:
    """A key that finds several things at once (tags, phrases): true or false of each by itself.

    One may follow from another (“late payment” holds “payment”); otherwise all combinations exist. So a region can be
    had if, with everything present that is not excluded, each of its sets still has a member.
    """

    def __init__(self, atoms: "_Names | _Phrases") -> None:
        self._atoms = atoms
        self.everything = Found(atoms.impossible)

    def within(self, region: Found, test: Test) -> Found | None:
        given = self._atoms.given
        some: set[frozenset[Any]] = {self._atoms.read(test.any)} if test.any is not None else set()
        some |= {self._atoms.read([value]) for value in test.all or ()}
        absent = self._atoms.read(test.none or ())
        if test.like is not None:
            some.add(frozenset({Pattern(test.like)}))
        if test.unlike is not None:
            absent |= {Pattern(test.unlike)}
        if test.given is True:
            some.add(given)
        if test.given is False:
            absent |= given
        return self._with(region, absent, some)

    def outside(self, region: Found, test: Test) -> list[Found]:
        given, nothing = self._atoms.given, frozenset[Any]()
        parts: list[tuple[frozenset[Any], set[frozenset[Any]]]] = []
        if test.any is not None:
            parts.append((self._atoms.read(test.any), set()))
        parts += [(self._atoms.read([value]), set()) for value in test.all or ()]
        if test.none is not None:
            parts.append((nothing, {self._atoms.read(test.none)}))
        parts += _outside_patterns(test)
        if test.given is not None:
            parts.append((given, set()) if test.given else (nothing, {given}))
        found = [self._with(region, absent, some) for absent, some in parts]
        return [part for part in found if part is not None]

    def _with(self, region: Found, absent: frozenset[Any], some: Iterable[frozenset[Any]]) -> Found | None:
        absent = region.absent.union(*(self._atoms.entailing(atom) for atom in absent))
        sets = frozenset(one - absent for one in (*region.some_of, *some))
        return None if frozenset() in sets else Found(absent, sets)


def _outside_patterns(test: Test) -> list[tuple[frozenset[Any], set[frozenset[Any]]]]:
    parts: list[tuple[frozenset[Any], set[frozenset[Any]]]] = []
    if test.like is not None:
        parts.append((frozenset({Pattern(test.like)}), set()))
    if test.unlike is not None:
        parts.append((frozenset(), {frozenset({Pattern(test.unlike)})}))
    return parts


# Stands for “anything at all”, which follows from each.
_SOMETHING = object()


class _Names:
    """Tags: none follows from another."""

    given = frozenset({_SOMETHING})
    impossible: frozenset[Any] = frozenset()

    def __init__(self, tests: Sequence[Test]) -> None:
        named = {name for test in tests for name in (*(test.any or ()), *(test.all or ()), *(test.none or ()))}
        self._all = frozenset({*named, _SOMETHING})

    def read(self, values: Iterable[Value]) -> frozenset[Any]:
        return frozenset(values)

    def entailing(self, atom: Any) -> frozenset[Any]:
        """All that cannot be there without it, itself among them."""
        return self._all if atom is _SOMETHING else frozenset({atom})


class _Phrases:
    """Words of a text: what holds a phrase holds its parts, and the beginnings of its words."""

    given = frozenset({_SOMETHING})

    def __init__(self, tests: Sequence[Test]) -> None:
        texts = {text for test in tests for text in (*(test.any or ()), *(test.all or ()), *(test.none or ()))}
        named = self.read(texts)
        self.impossible: frozenset[Any] = frozenset(phrase for phrase in named if not phrase.words)
        self._entailing: dict[Any, frozenset[Any]] = {
            atom: frozenset(other for other in named if entails(other, atom)) for atom in named
        }
        patterns = {Pattern(source) for test in tests for source in (test.like, test.unlike) if source is not None}
        self._entailing |= {pattern: frozenset({pattern}) for pattern in patterns}
        self._entailing[_SOMETHING] = named | patterns | {_SOMETHING}

    def read(self, values: Iterable[Value]) -> frozenset[Any]:
        return frozenset(Phrase.of(str(value)) for value in values)

    def entailing(self, atom: Any) -> frozenset[Any]:
        return self._entailing[atom]


def entails(one: Phrase, other: Phrase) -> bool:
    """Whether every text that holds the one holds the other."""
    length = len(other.words)
    if one.words and (sign := goes_on_with(one.words[-1])):
        one = Phrase((*one.words, sign), is_prefix=True)
    return bool(length) and any(_stands_at(at, one, other) for at in range(len(one.words) - length + 1))


def _stands_at(at: int, one: Phrase, other: Phrase) -> bool:
    *whole, last = other.words
    if list(one.words[at : at + len(whole)]) != whole:
        return False
    here = one.words[at + len(whole)]
    if other.is_prefix:
        return here.startswith(last)
    is_open = one.is_prefix and at + len(other.words) == len(one.words)
    return here == last and not is_open
