"""What can be said of a list of rules without a ticket: what is never asked, says nothing, or goes round. Pure.

Exact where `tickets.conditions.analysis` is: the verdicts equal trying every ticket (tests/tickets/routing). Of one
event the rules are asked in their order; one that holds ends it unless it goes on, and what an earlier one said stands.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tickets.conditions import Conditions, Space
from tickets.enums import RuleEvent

# What a rule leaves behind under these is a tag that is there or is not.
TAG = "tag:"
# Rings of rules are looked for up to so many; a longer one is stopped by the guard of the engine all the same.
LONGEST_RING = 3


class Fault(StrEnum):
    """What can be wrong with a rule; the graver first."""

    GONE = "gone"
    IMPOSSIBLE = "impossible"
    DUPLICATE = "duplicate"
    SHADOWED = "shadowed"
    RING = "ring"
    UNDOES = "undoes"
    CONTRADICTS = "contradicts"
    TAKES_ALL = "takes_all"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule as far as it can be judged without a ticket.

    `leaves`: what it makes of a ticket, by the key that conditions or people know it by (“priority”, “tag:vip”).
    `does`: its actions, to be compared. `moment` tells rules of one event apart that are asked at different times.
    `gone`: what it names and is no more; such a rule never fires.
    """

    conditions: Conditions
    event: str = RuleEvent.ARRIVAL
    leaves: Mapping[str, Any] = field(default_factory=dict)
    does: Sequence[Any] = ()
    goes_on: bool = False
    is_enabled: bool = True
    is_catch_all: bool = False
    moment: Any = None
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the rule at this place; `others`: the places of the rules it has to do with.

    `about`: the keys that are said differently, or the names that are gone.
    """

    rule: int
    fault: Fault
    others: tuple[int, ...] = ()
    about: tuple[str, ...] = ()


def findings(rules: Sequence[Judged]) -> list[Finding]:
    """All that is wrong, rule by rule; of those that are off only what is wrong with them by themselves."""
    pack = _Pack(rules)
    found = [one for place in range(len(rules)) for one in pack.of(place)]
    found += pack.rings()
    order = {fault: rank for rank, fault in enumerate(Fault)}
    return sorted(found, key=lambda one: (one.rule, order[one.fault]))


class _Pack:
    """The rules in their order, compared on one ground."""

    def __init__(self, rules: Sequence[Judged]) -> None:
        self._rules = rules
        self._everything = len(rules)
        self._space = Space([*(rule.conditions for rule in rules), {}])
        self._asked = [
            place
            for place, rule in enumerate(rules)
            if rule.is_enabled and not rule.gone and not self._space.is_empty(place)
        ]
        self._shaded: dict[int, list[int]] = {}
        for place in self._asked:
            if takers := self._space.takers(place, self._ending_before(place)):
                self._shaded[place] = takers

    def of(self, place: int) -> Iterator[Finding]:
        rule = self._rules[place]
        if rule.gone:
            yield Finding(place, Fault.GONE, about=rule.gone)
        if not rule.does and not rule.is_catch_all:
            yield Finding(place, Fault.IDLE)
        if self._space.is_empty(place):
            yield Finding(place, Fault.IMPOSSIBLE)
        elif place in self._shaded:
            yield from self._in_the_shadow(place)
        elif rule.is_enabled and not rule.gone:
            yield from self._among_others(place)

    def _in_the_shadow(self, place: int) -> Iterator[Finding]:
        twin = next((one for one in self._shaded[place] if self._are_twins(one, place)), None)
        if twin is not None:
            yield Finding(place, Fault.DUPLICATE, (twin,))
        elif not self._rules[place].is_catch_all:
            yield Finding(place, Fault.SHADOWED, tuple(self._shaded[place]))

    def _among_others(self, place: int) -> Iterator[Finding]:
        twin = next((one for one in self._earlier(place) if self._are_twins(one, place)), None)
        if twin is not None:
            yield Finding(place, Fault.DUPLICATE, (twin,))
        below = [one for one, takers in self._shaded.items() if takers == [place] and not self._rules[one].is_catch_all]
        if below and self._space.implies(self._everything, place):
            yield Finding(place, Fault.TAKES_ALL, tuple(below))
        for one in self._earlier(place):
            if about := self._disagree(one, place):
                yield Finding(place, Fault.CONTRADICTS, (one,), about)
        for one in self._asked:
            if one != place and one not in self._shaded and (about := self._undone(one, by=place)):
                yield Finding(place, Fault.UNDOES, (one,), about)

    def rings(self) -> Iterator[Finding]:
        """Rules for changes, each of which makes the next one hold and the last one the first; named at its last."""
        after = {one: [other for other in self._changing() if self._reaches(one, other)] for one in self._changing()}
        for ring in _rings(after):
            if self._goes_round(ring):
                last = max(ring)
                yield Finding(last, Fault.RING, tuple(sorted(one for one in ring if one != last)))

    def _changing(self) -> list[int]:
        return [
            one for one in self._asked if self._rules[one].event == RuleEvent.CHANGE and one not in self._shaded
        ]  # fmt: skip

    def _reaches(self, one: int, other: int) -> bool:
        """Whether what the one leaves is anything that the other asks for."""
        left = {"tags" if name.startswith(TAG) else name for name in self._rules[one].leaves}
        return one != other and not left.isdisjoint(self._rules[other].conditions)

    def _earlier(self, place: int) -> list[int]:
        """Those that are asked before it on the same occasion, and are ever reached."""
        rule = self._rules[place]
        return [
            one
            for one in self._asked
            if one < place
            and one not in self._shaded
            and (self._rules[one].event, self._rules[one].moment) == (rule.event, rule.moment)
        ]

    def _ending_before(self, place: int) -> list[int]:
        """Of these the ones after which nobody is asked any more, whenever this one would be.

        A rule for changes speaks when it comes to hold: an earlier one that held all the while is in nobody's way.
        Only one that holds for the very same tickets comes to hold in the same moments; several are not put together.
        """
        ending = [one for one in self._earlier(place) if not self._rules[one].goes_on]
        if self._rules[place].event != RuleEvent.CHANGE:
            return ending
        return [one for one in ending if self._space.implies(one, place) and self._space.implies(place, one)]

    def _are_twins(self, one: int, other: int) -> bool:
        first, second = self._rules[one], self._rules[other]
        is_one_catch_all = first.is_catch_all or second.is_catch_all
        return not is_one_catch_all and first.conditions == second.conditions and list(first.does) == list(second.does)

    def _disagree(self, one: int, place: int) -> tuple[str, ...]:
        """What an earlier rule that goes on says otherwise, where both can be met by one ticket: its word stands."""
        first, second = self._rules[one], self._rules[place]
        about = _different(first.leaves, second.leaves) if first.goes_on else ()
        if not about or second.is_catch_all:
            return ()
        return about if self._space.together([one, place], self._ending_before(place)) else ()

    def _undone(self, one: int, *, by: int) -> tuple[str, ...]:
        """What a rule leaves behind, and what it makes hold takes back at once."""
        first, second = self._rules[one], self._rules[by]
        about = _different(first.leaves, second.leaves)
        if not about or second.event != RuleEvent.CHANGE or not self._reaches(one, by):
            return ()
        after = residual(second.conditions, first.leaves)
        if after is None:
            return ()
        # Before it the other did not hold, and with what it left it does.
        return about if Space([first.conditions, after, second.conditions]).together([0, 1], [2]) else ()

    def _goes_round(self, ring: Sequence[int]) -> bool:
        """Whether each of them comes to hold by what the one before it leaves, over and over."""
        states = [_over(self._rules[one].leaves for one in (*ring[at:], *ring[:at])) for at in range(len(ring))]
        holding, before = [], []
        for at, place in enumerate(ring):
            now = residual(self._rules[place].conditions, states[at])
            if now is None:
                return False
            holding.append(now)
            before.append(residual(self._rules[place].conditions, states[at - 1]))
        held = [one for one in before if one is not None]
        space = Space([*holding, *held])
        return bool(space.together(range(len(holding)), range(len(holding), len(holding) + len(held))))


def _rings(after: Mapping[int, Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """Every ring once, from its first rule."""
    waiting: list[tuple[int, ...]] = [(one,) for one in after]
    while waiting:
        path = waiting.pop()
        for one in after[path[-1]]:
            if one == path[0]:
                yield path
            elif one > path[0] and one not in path and len(path) < LONGEST_RING:
                waiting.append((*path, one))


def residual(conditions: Conditions, known: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is left to be asked of a ticket of which this much is known; None where it fails by that already."""
    left: dict[str, Any] = {}
    tags = {name.removeprefix(TAG): is_there for name, is_there in known.items() if name.startswith(TAG)}
    for key, asked in conditions.items():
        parts = asked if isinstance(asked, Mapping) else {"any": asked}
        if key == "tags" and tags:
            rest = _tags_left(parts, tags)
            if rest is None:
                return None
            if rest:
                left[key] = rest
        elif key in known:
            if not _holds(parts, known[key]):
                return None
        else:
            left[key] = asked
    return left


def _holds(parts: Mapping[str, Any], value: Any) -> bool:
    """Of keys with one value out of some: those that rules can set."""
    return (
        ("any" not in parts or value in parts["any"])
        and ("not" not in parts or value not in parts["not"])
        and ("given" not in parts or parts["given"] is bool(value))
    )


def _tags_left(parts: Mapping[str, Any], known: Mapping[str, bool]) -> dict[str, Any] | None:
    there = {name for name, is_there in known.items() if is_there}
    unknown = {part: [tag for tag in tags if tag not in known] for part, tags in parts.items() if part != "given"}
    if there & set(parts.get("not", ())) or any(not known.get(tag, True) for tag in parts.get("all", ())):
        return None
    left: dict[str, Any] = {part: unknown[part] for part in ("all", "not") if unknown.get(part)}
    if "any" in parts and not there & set(parts["any"]):
        if not unknown["any"]:
            return None
        left["any"] = unknown["any"]
    if "given" in parts and there:
        return left if parts["given"] else None
    # Some tag that is not among the known: those that are known not to be there cannot be it.
    if "given" in parts:
        left["given"] = parts["given"]
    return left


def _different(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key for key in one if key in other and one[key] != other[key])


def _over(leaves: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What is there after all of these in their order."""
    found: dict[str, Any] = {}
    for one in leaves:
        found.update(one)
    return found
