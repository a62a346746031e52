"""What is said of conditions without a ticket equals trying every ticket of a small world."""

import os
from collections.abc import Iterator
from itertools import combinations, product
from time import thread_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.conditions import Facts, Space, can_never_hold, compiled, implies, shadows, specificity

pytestmark = pytest.mark.once
# For a longer search: CONDITIONS_EXAMPLES=5000.
EXAMPLES = int(os.environ.get("CONDITIONS_EXAMPLES", "40"))

Options = st.SearchStrategy[Any]


def some(values: list[Any], most: int = 3) -> Options:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)


def parts(**known: Options) -> Options:
    """A test of one key: any of the parts that it has."""
    return st.fixed_dictionaries({}, optional=known).filter(bool)


def ordered(values: list[Any]) -> Options:
    bound = st.sampled_from(values)
    return parts(any=some(values), given=GIVEN, to=bound, **{"not": some(values), "from": bound})


GIVEN = st.booleans()
PRIORITIES = ["low", "normal", "high", "urgent"]
TEAMS, TAGS, NUMBERS = ["payments", "risk"], ["vip", "refund"], [0, 1, 2.5]
DAYS = ["2026-11-19", "2026-11-20", "2026-11-22"]
PHRASES = ["late", "late payment", "pay*", "payment", "late pay*"]

# For each key the tests that can be asked, and every finding that those could tell apart, with others among them.
WORLD: dict[str, tuple[Options, list[Any]]] = {
    "priority": (parts(any=some(PRIORITIES), **{"not": some(PRIORITIES, 4)}), PRIORITIES),
    "team": (parts(any=some(TEAMS), given=GIVEN, **{"not": some(TEAMS)}), ["", *TEAMS, "others"]),
    "tags": (
        parts(any=some(TAGS), all=some(TAGS), given=GIVEN, **{"not": some(TAGS)}),
        [frozenset(tags) for size in range(4) for tags in combinations([*TAGS, "other"], size)],
    ),
    "keywords": (
        parts(any=some(PHRASES), all=some(PHRASES), **{"not": some(PHRASES)}),
        [
            " or ".join(said)
            for size in range(6)
            for said in combinations(["late", "payment", "late payment", "payroll", "late payroll"], size)
        ],
    ),
    "field:amount": (ordered(NUMBERS), ["", -1, 0, 0.5, 1, 2, 2.5, 9]),
    "field:day": (ordered(DAYS), ["", *(f"2026-11-{day}" for day in range(17, 25))]),
}
KEYS = list(WORLD)

# Patterns of which none says anything of another, nor of the words: all of it can be told exactly.
MARKS = ["x+1", "y+2"]
SAID = [
    "",
    *(" ".join(said) for size in range(1, 5) for said in combinations(["late", "lathe", "x1", "yy2"], size)),
    "else",
]
MARK = st.sampled_from(MARKS)
PATTERNED: dict[str, tuple[Options, list[Any]]] = {
    "priority": WORLD["priority"],
    "sender": (parts(any=some(["late", "lat*"]), matches=MARK, matches_not=MARK), SAID),
    "field:note": (parts(words=some(["late"]), matches=MARK, matches_not=MARK, given=GIVEN), SAID),
}
# And such as hang together: one says what another says, or the contrary, or all.
RELATED = st.sampled_from(["late", "LATE", "late?", "^late", "l.te|x1", "x1", ".", r"\w", "[^x]"])
ENTANGLED: dict[str, tuple[Options, list[Any]]] = {
    "sender": (parts(any=some(["late", "x*"]), matches=RELATED, matches_not=RELATED), SAID),
    "field:note": (parts(words=some(["late"]), matches=RELATED, matches_not=RELATED, given=GIVEN), SAID),
}
WORLDS = {**WORLD, **PATTERNED}


@st.composite
def rule_lists(draw: Any, world: dict[str, tuple[Options, list[Any]]] = WORLD) -> list[dict[str, Any]]:
    """A few rules over the same two or three keys, so that they meet each other."""
    keys = draw(st.lists(st.sampled_from(list(world)), min_size=2, max_size=3, unique=True))
    rule = st.fixed_dictionaries({}, optional={key: world[key][0] for key in keys})
    return draw(st.lists(rule, min_size=2, max_size=5))


def tickets_of(rules: list[dict[str, Any]]) -> Iterator[Facts]:
    """Every ticket of the small world, as far as the rules look."""
    keys = sorted({key for rule in rules for key in rule})
    for found in product(*(WORLDS[key][1] for key in keys)):
        yield facts_with(dict(zip(keys, found, strict=True)))


def facts_with(found: dict[str, Any]) -> Facts:
    return Facts(
        priority=found.get("priority", "low"),
        channel="web",
        team=found.get("team", ""),
        tags=found.get("tags", frozenset()),
        text=found.get("keywords", ""),
        sender=found.get("sender", ""),
        fields={key[6:]: value for key, value in found.items() if key.startswith("field:") and value != ""},
    )


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(rule_lists() | rule_lists(PATTERNED))
def test_the_verdicts_equal_trying_every_ticket(rules):
    taken = [frozenset(_numbers_taken(rule, list(tickets_of(rules)))) for rule in rules]

    assert [can_never_hold(rule) for rule in rules] == [not tickets for tickets in taken]
    assert all(
        implies(one, other) == (taken[at] <= taken[beside])
        for (at, one), (beside, other) in product(enumerate(rules), repeat=2)
    )
    found = shadows(rules)
    for at, tickets in enumerate(taken):
        earlier = frozenset().union(*taken[:at])
        assert (at in found) == (bool(tickets) and tickets <= earlier), (at, rules)
        if at in found:
            assert tickets <= frozenset().union(*(taken[one] for one in found[at]))


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(rule_lists(ENTANGLED))
def test_whatever_patterns_have_to_do_with_each_other_nothing_is_said_that_is_not_so(rules):
    taken = [frozenset(_numbers_taken(rule, list(tickets_of(rules)))) for rule in rules]

    assert not any(tickets and can_never_hold(rule) for rule, tickets in zip(rules, taken, strict=True))
    assert not any(
        implies(one, other) and not taken[at] <= taken[beside]
        for (at, one), (beside, other) in product(enumerate(rules), repeat=2)
    )
    for at, takers in shadows(rules).items():
        assert taken[at] <= frozenset().union(*(taken[one] for one in takers)), (at, rules)
    space = Space(rules)
    for at in range(1, len(rules)):
        if space.together([at, at - 1], range(at - 1)):
            assert (taken[at] & taken[at - 1]) - frozenset().union(*taken[: at - 1]) or _is_alone(rules[: at + 1])


def _is_alone(rules: list[dict[str, Any]]) -> bool:
    """Of a lone pattern it is taken for granted that some text matches it and some does not (“.” always does)."""
    said = {(key, test[part]) for rule in rules for key, test in rule.items() for part in test if "matches" in part}
    return len({key for key, _pattern in said}) == len(said)


def test_equal_patterns_cast_a_shadow_and_different_ones_none():
    lawyers, lawyer = {"subject": {"matches": "lawyers?"}}, {"subject": {"matches": "lawyer"}}

    assert shadows([lawyers, {**lawyers, "priority": ["urgent"]}]) == {1: [0]}
    assert shadows([lawyers, lawyer]) == shadows([lawyer, lawyers]) == {}
    assert shadows([{"subject": {"matches_not": "lawyer"}}, lawyer, {}]) == {2: [0, 1]}


def _numbers_taken(rule: dict[str, Any], tickets: list[Facts]) -> list[int]:
    predicate = compiled(rule)
    return [number for number, facts in enumerate(tickets) if predicate(facts)]


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(rule_lists().map(lambda rules: rules[0]), st.sampled_from(KEYS), st.data())
def test_whoever_asks_for_one_thing_more_is_more_specific(rule, key, data):
    less = {name: asked for name, asked in rule.items() if name != key}
    more = {**less, key: data.draw(WORLD[key][0])}

    assert specificity(less) < specificity(more)


def test_the_shadow_is_told_by_the_rules_that_cast_it():
    rules = [
        {"tags": ["vip"]},
        {"priority": ["urgent", "high"]},
        {"tier": ["enterprise"], "priority": ["urgent"]},
        {"priority": {"not": ["urgent", "high"]}},
        {"channel": ["chat"]},
        {},
    ]

    assert shadows(rules) == {2: [1], 4: [1, 3], 5: [1, 3]}


def test_a_rule_that_never_holds_casts_no_shadow_and_stands_in_none():
    never = {"tier": {"any": ["business"], "not": ["business"]}}

    assert shadows([never, {"tier": ["business"]}, never]) == {}


def test_hundreds_of_rules_are_compared_while_somebody_edits():
    rules = [
        {"keywords": [f"word{number}*", f"other{number}"], "team": [f"team{number % 20}"], "tags": {"not": ["spam"]}}
        for number in range(100)
    ]

    started = thread_time()
    found = shadows([*rules, {**rules[7], "priority": ["urgent"]}])

    assert found == {100: [7]}
    assert thread_time() - started < 5
