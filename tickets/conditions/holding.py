"""Whether conditions hold. Pure; `compiled` once, asked of many tickets."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tickets.conditions.facts import Facts, Value
from tickets.conditions.grammar import Conditions, Phrase, Test, tests_of
from tickets.conditions.keys import KNOWN, Shape, reader_of, written_in
from tickets.conditions.patterns import matcher

Predicate = Callable[[Facts], bool]
Check = Callable[[Any], bool]

_COST = {Shape.ONE: 0, Shape.MANY: 1, Shape.TEXT: 2}
_COST_OF_A_PATTERN = 3


def holds(conditions: Conditions, facts: Facts) -> bool:
    return compiled(conditions)(facts)


def compiled(conditions: Conditions) -> Predicate:
    """The conditions as a function of facts."""
    tests = [predicate_of(test) for test in in_cost_order(tests_of(conditions))]

    def predicate(facts: Facts) -> bool:
        for test in tests:  # noqa: SIM110 - a generator costs as much again as what it would ask
            if not test(facts):
                return False
        return True

    return predicate


def in_cost_order(tests: Iterable[Test]) -> list[Test]:
    """What is cheap to ask is asked first: a text is read only where all else holds."""
    return sorted(tests, key=lambda test: _COST_OF_A_PATTERN if _has_pattern(test) else _COST[test.shape])


def predicate_of(test: Test) -> Predicate:
    """One key's test as a function of facts."""
    of = KNOWN[test.key].of if test.key in KNOWN else reader_of(test.field, test.shape)
    checks = _CHECKS[test.shape](test)
    if _has_pattern(test):
        return _with_patterns(test, of, checks)
    if len(checks) == 1:
        check = checks[0]
        return lambda facts: check(of(facts))
    return lambda facts: _each(checks, of(facts))


def _with_patterns(test: Test, of: Callable[[Facts], object], checks: list[Check]) -> Predicate:
    """Words first, where any are asked for; patterns look at the text as it was written."""
    written, patterns = written_in(test.key), _patterns(test)
    if not checks:
        return lambda facts: _each(patterns, written(facts))
    return lambda facts: _each(checks, of(facts)) and _each(patterns, written(facts))


def _has_pattern(test: Test) -> bool:
    return test.like is not None or test.unlike is not None


def _patterns(test: Test) -> list[Check]:
    checks: list[Check] = []
    if test.like is not None:
        checks.append(matcher(test.like))
    if test.unlike is not None:
        unwanted = matcher(test.unlike)
        checks.append(lambda text: not unwanted(text))
    return checks


def _each(checks: Iterable[Check], found: Any) -> bool:
    return all(check(found) for check in checks)


def value_holds(test: Test, value: object) -> bool:
    """Whether a test of a key with one value holds for this one."""
    return all(check(value) for check in _one(test))


def _one(test: Test) -> list[Check]:
    checks: list[Check] = []
    if test.given is not None:
        checks.append(_truth(test.given, lambda value: value != ""))
    if test.any is not None:
        checks.append(frozenset(test.any).__contains__)
    if test.none is not None:
        unwanted = frozenset(test.none)
        checks.append(lambda value: value not in unwanted)
    if test.low is not None:
        checks.append(_not_beyond(test.low, lambda value, bound: value >= bound))
    if test.high is not None:
        checks.append(_not_beyond(test.high, lambda value, bound: value <= bound))
    return checks


def _many(test: Test) -> list[Check]:
    checks: list[Check] = []
    if test.given is not None:
        checks.append(_truth(test.given, bool))
    if test.any is not None:
        wanted = frozenset(test.any)
        checks.append(lambda values: not wanted.isdisjoint(values))
    if test.all is not None:
        checks.append(frozenset(test.all).issubset)
    if test.none is not None:
        checks.append(frozenset(test.none).isdisjoint)
    return checks


def _text(test: Test) -> list[Check]:
    checks: list[Check] = []
    if test.given is not None:
        checks.append(_truth(test.given, bool))
    if test.any is not None:
        checks.append(_with_some(phrases(test.any)))
    if test.all is not None:
        each = phrases(test.all)
        checks.append(lambda words: all(phrase.is_in(words) for phrase in each))
    if test.none is not None:
        unwanted = _with_some(phrases(test.none))
        checks.append(lambda words: not unwanted(words))
    return checks


def phrases(values: Iterable[Value]) -> list[Phrase]:
    return [Phrase.of(str(value)) for value in values]


def _with_some(wanted: Sequence[Phrase]) -> Check:
    needles = [phrase.needle for phrase in wanted if phrase.words]

    def check(words: str) -> bool:
        for needle in needles:  # noqa: SIM110 - as above
            if needle in words:
                return True
        return False

    return check


def _truth(wanted: bool, is_given: Check) -> Check:
    return is_given if wanted else lambda value: not is_given(value)


def _not_beyond(bound: Value, compares: Callable[[Any, Any], bool]) -> Check:
    """Numbers with numbers, dates with dates; nothing is beyond or within a bound of the other kind."""
    is_text = isinstance(bound, str)

    def check(value: Any) -> bool:
        return value != "" and isinstance(value, str) is is_text and compares(value, bound)

    return check


_CHECKS: dict[Shape, Callable[[Test], list[Check]]] = {Shape.ONE: _one, Shape.MANY: _many, Shape.TEXT: _text}
