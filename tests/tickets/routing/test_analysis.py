"""What is said of a list of rules equals trying every ticket; planted faults are found, and none in a clean pack."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets.test_conditions_analysis import ENTANGLED, PATTERNED, WORLD, rule_lists, tickets_of
from tickets.conditions import Facts, compiled
from tickets.enums import RuleEvent
from tickets.routing.analysis import Fault, Finding, Judged, findings

pytestmark = pytest.mark.once
EXAMPLES = 25


def rule(conditions: Any = None, /, *, does: Any = None, **more: Any) -> Judged:
    """One that leaves what it says; a list stands for tags."""
    leaves = {"team": "risk"} if does is None else does
    return Judged(conditions or {}, leaves=leaves, does=sorted(leaves.items()), **more)


VIP, PAYOUT, URGENT = {"tags": ["vip"]}, {"keywords": ["payout*"]}, {"priority": ["urgent"]}
RISK, CARDS, HIGH, LOW = {"team": "risk"}, {"team": "cards"}, {"priority": "high"}, {"priority": "low"}
CHANGE, QUIET = RuleEvent.CHANGE, RuleEvent.QUIET
LAST = rule(is_catch_all=True)

CLEAN = [
    rule({"keywords": ["ombudsman", "procon"]}, does={"severity": 2, "tag:press": True}, goes_on=True),
    rule({**PAYOUT, "tier": ["enterprise"]}, does={"team": "payments", "priority": "high"}),
    rule({**PAYOUT, "language": ["ru"]}, does={"team": "settlement"}),
    rule(PAYOUT, does={"team": "payments"}),
    rule({"channel": ["chat"]}, does=CARDS, is_enabled=False),
    rule({"channel": ["chat"]}, does=RISK),
    rule({"tags": ["vip"]}, does=HIGH, event=CHANGE),
    rule({"priority": ["urgent"], "tags": {"not": ["paged"]}}, does={"tag:paged": True}, event=CHANGE),
    rule({"priority": ["urgent"]}, does={"severity": 2}, event=QUIET, moment=4),
    rule({"priority": ["urgent"]}, does={"severity": 1}, event=QUIET, moment=8),
    LAST,
]

# What is planted, where among these rules it is found, which others it is about.
PLANTED: dict[str, tuple[list[Judged], Finding]] = {
    "the same asked before": ([rule(PAYOUT), rule(PAYOUT, does=CARDS)], Finding(1, Fault.SHADOWED, (0,))),
    "more asked than before": ([rule(PAYOUT), rule({**PAYOUT, **VIP})], Finding(1, Fault.SHADOWED, (0,))),
    "a narrower word": ([rule(PAYOUT), rule({"keywords": ["payouts late"]})], Finding(1, Fault.SHADOWED, (0,))),
    "a narrower list": (
        [rule({"priority": ["urgent", "high"]}), rule(URGENT, does=CARDS)],
        Finding(1, Fault.SHADOWED, (0,)),
    ),
    "two take it together": (
        [rule(URGENT), rule({"priority": {"not": ["urgent"]}}), rule(VIP, does=CARDS)],
        Finding(2, Fault.SHADOWED, (0, 1)),
    ),
    "given and not given": (
        [rule({"team": {"given": True}}), rule({"team": {"given": False}}), rule(VIP, does=CARDS)],
        Finding(2, Fault.SHADOWED, (0, 1)),
    ),
    "shadowed through one that goes on": (
        [rule(PAYOUT), rule(URGENT, does={"tag:x": True}, goes_on=True), rule({**PAYOUT, **URGENT}, does=CARDS)],
        Finding(2, Fault.SHADOWED, (0,)),
    ),
    "shadowed on change": (
        [rule(VIP, event=CHANGE), rule(VIP, does=CARDS, event=CHANGE)],
        Finding(1, Fault.SHADOWED, (0,)),
    ),
    "shadowed after as much quiet": (
        [rule({}, event=QUIET, moment=4), rule(VIP, does=CARDS, event=QUIET, moment=4)],
        Finding(1, Fault.SHADOWED, (0,)),
    ),
    "one value wanted and not wanted": (
        [rule({"tier": {"any": ["business"], "not": ["business"]}})],
        Finding(0, Fault.IMPOSSIBLE),
    ),
    "a tag wanted and not wanted": ([rule({"tags": {"all": ["vip"], "not": ["vip"]}})], Finding(0, Fault.IMPOSSIBLE)),
    "impossible though it is off": (
        [rule({"team": {"given": False, "any": ["risk"]}}, is_enabled=False)],
        Finding(0, Fault.IMPOSSIBLE),
    ),
    "two teams": (
        [rule(VIP, does=RISK, goes_on=True), rule(PAYOUT, does=CARDS)],
        Finding(1, Fault.CONTRADICTS, (0,), ("team",)),
    ),
    "two priorities and a team that agrees": (
        [rule(VIP, does=RISK | HIGH, goes_on=True), rule(PAYOUT, does=RISK | LOW)],
        Finding(1, Fault.CONTRADICTS, (0,), ("priority",)),
    ),
    "two severities on change": (
        [rule(VIP, does={"severity": 1}, goes_on=True, event=CHANGE), rule(PAYOUT, does={"severity": 2}, event=CHANGE)],
        Finding(1, Fault.CONTRADICTS, (0,), ("severity",)),
    ),
    "taken back at once": (
        [rule(VIP, does=HIGH), rule({"priority": ["high"]}, does=LOW, event=CHANGE)],
        Finding(1, Fault.UNDOES, (0,), ("priority",)),
    ),
    "taken back for some": (
        [rule(VIP, does=CARDS, event=CHANGE), rule({"team": ["cards"], "tier": ["standard"]}, does=RISK, event=CHANGE)],
        Finding(1, Fault.UNDOES, (0,), ("team",)),
    ),
    "there and back": (
        [
            rule({"priority": ["low"]}, does=HIGH, event=CHANGE),
            rule({"priority": ["high"]}, does=LOW, event=CHANGE),
        ],
        Finding(1, Fault.RING, (0,)),
    ),
    "there and back for some": (
        [
            rule({"team": ["risk"], "tags": ["vip"]}, does=CARDS, event=CHANGE),
            rule({"team": ["cards"], "channel": ["chat"]}, does=RISK, event=CHANGE),
        ],
        Finding(1, Fault.RING, (0,)),
    ),
    "round by three": (
        [
            rule({"priority": ["low"]}, does={"priority": "normal"}, event=CHANGE),
            rule({"priority": ["normal"]}, does=HIGH, event=CHANGE),
            rule({"priority": ["high"]}, does=LOW, event=CHANGE),
        ],
        Finding(2, Fault.RING, (0, 1)),
    ),
    "a team that is gone": ([rule(VIP, gone=("payments",))], Finding(0, Fault.GONE, about=("payments",))),
    "the same rule twice": ([rule(PAYOUT), rule(VIP), rule(PAYOUT)], Finding(2, Fault.DUPLICATE, (0,))),
    "the same rule twice, going on": (
        [rule(PAYOUT, goes_on=True), rule(PAYOUT, goes_on=True)],
        Finding(1, Fault.DUPLICATE, (0,)),
    ),
    "everything taken before the end": ([rule({}), rule(VIP, does=CARDS)], Finding(0, Fault.TAKES_ALL, (1,))),
    "everything taken without saying so": (
        [rule({"priority": ["low", "normal", "high", "urgent"]}), rule(VIP, does=CARDS)],
        Finding(0, Fault.TAKES_ALL, (1,)),
    ),
    "nothing to be done": ([rule(VIP, does={})], Finding(0, Fault.IDLE)),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_fault_is_found_where_it_is(planted):
    rules, expected = PLANTED[planted]

    assert len(PLANTED) >= 20
    assert expected in findings([*rules, LAST])
    # Behind rules of other events it is found as well, at its new place.
    others = [one for one in CLEAN if not one.is_catch_all and one.event not in {each.event for each in rules}]
    others = [one for one in others if one.event != CHANGE]
    moved = tuple(place + len(others) for place in expected.others)
    assert replace(expected, rule=expected.rule + len(others), others=moved) in findings([*others, *rules, LAST])


def test_nothing_is_found_in_a_clean_pack():
    assert findings(CLEAN) == []


def test_what_goes_on_or_is_off_or_broken_casts_no_shadow():
    for above in (rule({}, goes_on=True), rule({}, is_enabled=False), rule({}, gone=("payments",))):
        found = {(one.rule, one.fault) for one in findings([above, rule(VIP, does=RISK), LAST])}
        assert found <= {(0, Fault.GONE)}


def test_the_rules_of_another_event_or_another_moment_are_in_nobodys_way():
    rules = [rule({}, event=QUIET, moment=2), rule({}, event=QUIET, moment=4), rule(VIP, event=CHANGE), rule(VIP), LAST]

    assert findings(rules) == []


def test_a_ring_that_no_ticket_can_go_round_is_none():
    rules = [
        rule({"priority": ["low"], "channel": ["web"]}, does=HIGH, event=CHANGE),
        rule({"priority": ["high"], "channel": ["chat"]}, does=LOW, event=CHANGE),
    ]

    assert findings(rules) == []


LEAVES = st.sampled_from([HIGH, LOW, RISK, CARDS, RISK | HIGH, {"tag:vip": True}, {"tag:refund": True}])


MARK = "matches"


@st.composite
def packs(draw: Any, event: str, world: Any = WORLD) -> list[Judged]:
    return [
        rule(
            conditions,
            does=draw(LEAVES),
            event=event,
            goes_on=draw(st.booleans()),
            is_enabled=draw(st.integers(0, 5)) > 0,
        )
        for conditions in draw(rule_lists(world))[:4]
    ]


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(packs(RuleEvent.ARRIVAL))
def test_what_is_said_of_arrivals_equals_trying_every_ticket(pack):
    tickets = list(tickets_of([one.conditions for one in pack]))
    holding = [[compiled(one.conditions)(facts) for facts in tickets] for one in pack]
    possible = [any(row) for row in holding]
    fired = [_fired(pack, holding, at) for at in range(len(tickets))]

    found = findings(pack)

    assert {one.rule for one in found if one.fault == Fault.IMPOSSIBLE} == {
        at for at in range(len(pack)) if not possible[at]
    }
    never = {
        at for at, one in enumerate(pack) if one.is_enabled and possible[at] and not any(at in row for row in fired)
    }
    shaded = {one.rule for one in found if one.fault == Fault.SHADOWED}
    twins = {one.rule: one.others[0] for one in found if one.fault == Fault.DUPLICATE}
    assert shaded | {at for at, twin in twins.items() if not pack[twin].goes_on} == never
    said = {(one.rule, one.others[0], one.about) for one in found if one.fault == Fault.CONTRADICTS}
    assert said == {
        (later, earlier, about)
        for row in fired
        for later in row
        for earlier in row
        if earlier < later and (about := _different(pack[earlier], pack[later]))
    }
    everything = {
        at for at, row in enumerate(holding) if all(row) and not pack[at].goes_on and any(at in one for one in fired)
    }
    assert {one.rule for one in found if one.fault == Fault.TAKES_ALL} <= everything
    for one in found:
        if one.fault == Fault.SHADOWED:
            taken = [
                any(holding[other][at] for other in one.others) for at in range(len(tickets)) if holding[one.rule][at]
            ]
            assert all(taken)


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(packs(RuleEvent.CHANGE))
def test_what_is_said_of_changes_equals_trying_every_ticket(pack):
    pack = [replace(one, goes_on=True, is_enabled=True) for one in pack[:3]]
    predicates = [compiled(one.conditions) for one in pack]
    # What rules leave may be what no rule asks for: then nothing hangs on it.
    tickets = list(tickets_of([one.conditions for one in pack]))
    possible = {at for at, holds in enumerate(predicates) if any(holds(facts) for facts in tickets)}

    found = findings(pack)

    undone = {(one.rule, one.others[0]) for one in found if one.fault == Fault.UNDOES}
    rings = {tuple(sorted((one.rule, *one.others))) for one in found if one.fault == Fault.RING}
    assert undone == {
        (later, first)
        for first, later in permutations(possible, 2)
        if _different(pack[first], pack[later])
        and any(
            predicates[first](facts) and not predicates[later](facts) and predicates[later](_after(pack[first], facts))
            for facts in tickets
        )
    }
    assert rings == {
        tuple(sorted(ring))
        for size in (2, 3)
        for ring in permutations(possible, size)
        if any(_goes_round([(pack[one], predicates[one]) for one in ring], facts) for facts in tickets)
    }


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(packs(RuleEvent.ARRIVAL, PATTERNED) | packs(RuleEvent.ARRIVAL, ENTANGLED))
def test_what_is_said_of_patterns_is_so(pack):
    tickets = list(tickets_of([one.conditions for one in pack]))
    holding = [[compiled(one.conditions)(facts) for facts in tickets] for one in pack]
    fired = [_fired(pack, holding, at) for at in range(len(tickets))]
    # Of a lone pattern it is taken for granted that some text matches it; which two match together nobody says.
    patterns = {
        (key, test[part]) for one in pack for key, test in one.conditions.items() for part in test if MARK in part
    }

    found = findings(pack)

    for one in found:
        if one.fault in (Fault.SHADOWED, Fault.IMPOSSIBLE):
            assert not any(one.rule in row for row in fired)
        if one.fault == Fault.CONTRADICTS and len(patterns) > len({key for key, _pattern in patterns}):
            assert any({one.rule, *one.others} <= set(row) for row in fired)


def _fired(pack: list[Judged], holding: list[list[bool]], at: int) -> list[int]:
    found = []
    for place, one in enumerate(pack):
        if one.is_enabled and holding[place][at]:
            found.append(place)
            if not one.goes_on:
                break
    return found


def _different(one: Judged, other: Judged) -> tuple[str, ...]:
    return tuple(key for key, value in one.leaves.items() if other.leaves.get(key, value) != value)


def _after(one: Judged, facts: Facts) -> Facts:
    tags = {name.removeprefix("tag:") for name in one.leaves if name.startswith("tag:")}
    plain = {name: value for name, value in one.leaves.items() if not name.startswith("tag:")}
    return replace(facts, tags=facts.tags | tags, **plain)


def _goes_round(ring: list[tuple[Judged, Any]], facts: Facts) -> bool:
    """Three turns: after the first each must come to hold by what the one before it has left."""
    before = facts
    for turn in range(3):
        for one, holds in ring:
            if not holds(facts) or (turn and holds(before)):
                return False
            before, facts = facts, _after(one, facts)
    return True
