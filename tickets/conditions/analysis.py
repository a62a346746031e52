"""What can be said of conditions without a ticket: never true, in the shadow of others, how specific. Pure.

Exact: the verdicts equal trying every ticket that can exist (tests/tickets/test_conditions_analysis.py). Keys are
taken as independent of each other, so what only the customer list knows (this company is Enterprise) is not seen.
Equal patterns are one thing; of different ones nothing is known, so nothing is said that hangs on them.
"""

from collections import defaultdict
from collections.abc import Sequence

from tickets.conditions.axes import Axis, Pattern, Region, axis_for
from tickets.conditions.grammar import Conditions, Test, tests_of
from tickets.conditions.holding import value_holds
from tickets.conditions.keys import KEYS, Shape

# A region of tickets: a region for each key.
Box = dict[str, Region]

# Rules that overlap in many ways cut a region into very many: beyond this many steps the question who takes what
# together is left open. One rule that takes all alone is always found.
MOST_STEPS = 5000

# As many as a key that takes any text is thought to have: only has to be more than anybody lists.
_MANY = 100_000


class Space:
    """All tickets, as far as these rules can tell them apart. Built once for a whole list of rules."""

    def __init__(self, rules: Sequence[Conditions]) -> None:
        self._tests = [tests_of(rule) for rule in rules]
        asked: dict[str, list[Test]] = defaultdict(list)
        for test in (test for tests in self._tests for test in tests):
            asked[test.key].append(test)
        self._axes: dict[str, Axis] = {key: axis_for(key, tests) for key, tests in asked.items()}
        self._boxes = [self._box(tests) for tests in self._tests]

    def is_empty(self, rule: int) -> bool:
        """Whether no ticket can ever meet this rule."""
        return self._boxes[rule] is None

    def implies(self, one: int, other: int) -> bool:
        """Whether the other rule takes all that the one takes."""
        box = self._boxes[one]
        return box is None or not self._left(box, other)

    def meets(self, one: int, other: int) -> bool:
        """Whether there can be a ticket that both take."""
        box = self._boxes[one]
        return box is not None and self._left(box, other) != [box]

    def shares(self, rule: int, others: Sequence[int]) -> tuple[list[int], bool] | None:
        """Of a rule's tickets, put to the others in their order: which of these get any, and whether some get none.

        None where the answer would take too long to find.
        """
        box = self._boxes[rule]
        left, takers = [box] if box is not None else [], []
        for other in others:
            cut = [(part, self._left(part, other)) for part in left]
            if any(rest != [part] for part, rest in cut):
                takers.append(other)
            left = [part for _part, rest in cut for part in rest]
            if len(left) > MOST_STEPS:
                return None
        return takers, bool(left)

    def together(self, rules: Sequence[int], past: Sequence[int] = ()) -> bool | None:
        """Whether there can be a ticket that all of these take, and that comes past all of those.

        None where the answer would take too long to find, or hangs on how patterns go together.
        """
        box = self._box([test for rule in rules for test in self._tests[rule]])
        if box is None:
            return False
        is_taken = self._are_taken(box, past)
        if is_taken is None or (not is_taken and not self._can_be_told((*rules, *past))):
            return None
        return not is_taken

    def takers(self, rule: int, earlier: Sequence[int]) -> list[int] | None:
        """The earlier rules that leave nothing to this one: the first that does so alone, else several together.

        Of several none could be left out. None where something is left, where the answer would take too long to
        find, and for a rule that nothing can meet: say that of it instead.
        """
        box = self._boxes[rule]
        if box is None:
            return None
        for one in earlier:
            if not self._left(box, one):
                return [one]
        if not self._are_taken(box, earlier):
            return None
        needed = list(earlier)
        for one in earlier:
            without = [other for other in needed if other != one]
            if self._are_taken(box, without):
                needed = without
        return needed

    def _can_be_told(self, rules: Sequence[int]) -> bool:
        """Whether that a ticket is not ruled out means that there can be one: of a lone pattern of a text, yes."""
        asked: dict[str, set[object]] = defaultdict(set)
        for test in (test for rule in rules for test in self._tests[rule]):
            words = (*(test.any or ()), *(test.all or ()), *(test.none or ())) if test.shape is Shape.TEXT else ()
            asked[test.key].update(words, (Pattern(one) for one in (test.like, test.unlike) if one is not None))
        return all(len(said) < 2 or not any(isinstance(one, Pattern) for one in said) for said in asked.values())

    def _box(self, tests: Sequence[Test]) -> Box | None:
        box = self._whole()
        for test in tests:
            part = self._axes[test.key].within(box[test.key], test)
            if part is None:
                return None
            box[test.key] = part
        return box

    def _whole(self) -> Box:
        return {key: axis.everything for key, axis in self._axes.items()}

    def _left(self, box: Box, rule: int) -> list[Box]:
        """What of the box the rule does not take, as boxes."""
        inside = {test.key: self._axes[test.key].within(box[test.key], test) for test in self._tests[rule]}
        if None in inside.values():
            return [box]
        left = []
        for test in self._tests[rule]:
            left += [{**box, test.key: part} for part in self._axes[test.key].outside(box[test.key], test)]
            box = {**box, test.key: inside[test.key]}
        return left

    def _are_taken(self, box: Box, rules: Sequence[int]) -> bool | None:
        """Whether the rules together take all of the box: looks for a part that comes past all of them.

        None where that would take too long.
        """
        waiting = [(box, 0)]
        for _step in range(MOST_STEPS):
            if not waiting:
                return True
            part, passed = waiting.pop()
            if passed == len(rules):
                return False
            waiting += [(left, passed + 1) for left in self._left(part, rules[passed])]
        return None


def can_never_hold(conditions: Conditions) -> bool:
    return Space([conditions]).is_empty(0)


def implies(one: Conditions, other: Conditions) -> bool:
    """Whether the other takes all that the one takes."""
    return Space([one, other]).implies(0, 1)


def shadows(rules: Sequence[Conditions]) -> dict[int, list[int]]:
    """Of rules in the order in which they are asked: those never reached, and the earlier ones that take all of it."""
    space = Space(rules)
    found = {}
    for rule in range(len(rules)):
        takers = space.takers(rule, [one for one in range(rule) if one not in found and not space.is_empty(one)])
        if takers is not None:
            found[rule] = takers
    return found


def specificity(conditions: Conditions) -> tuple[int, int]:
    """How much is asked, for comparing: more keys first, then fewer findings allowed within them."""
    tests = tests_of(conditions)
    return len(tests), -sum(map(_breadth, tests))


def _breadth(test: Test) -> int:
    known = KEYS[test.key].values if test.key in KEYS else None
    if known is not None:
        return sum(value_holds(test, value) for value in (*known, ""))
    breadth = len(test.any) if test.any is not None else _MANY - len(test.none or ())
    halves = sum(part is not None for part in (test.low, test.high, test.given, test.like, test.unlike))
    return max(1, breadth - len(test.all or ()) * _MANY // 100 - halves * _MANY // 4)
