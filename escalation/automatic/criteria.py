"""Criteria made ready to be asked of many tickets, and when one of them has to be asked again (R9, R11)."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from escalation.automatic.signs import Signs
from escalation.models import Criterion
from tickets.conditions import Conditions, Facts, Predicate, compiled
from tickets.conditions.grammar import tests_of
from tickets.conditions.keys import REPLY_USED, WAITING
from tickets.matching import keys_in

logger = logging.getLogger(__name__)

# What comes true by the mere passing of time.
IN_TIME = (WAITING, REPLY_USED)


@dataclass(frozen=True, slots=True)
class Ready:
    """`besides` are all conditions but those on the response time; `bounds` are what those wait for."""

    criterion: Criterion
    holds: Predicate
    besides: Predicate
    bounds: Mapping[str, int]


def ready(criteria: Iterable[Criterion]) -> list[Ready]:
    """In their order. One that cannot be read is left out and logged: it stops nobody."""
    found = []
    for criterion in criteria:
        try:
            found.append(_ready(criterion))
        except Exception:
            logger.exception("The criterion “%s” cannot be asked.", criterion)
    return found


def asked_of(criteria: Iterable[Ready]) -> set[str]:
    """Which facts they look at."""
    return keys_in(one.criterion.conditions for one in criteria)


def is_met(one: Ready, facts: Facts) -> bool:
    """False where the question itself fails, which is logged."""
    return _asked(one, one.holds, facts)


def next_look(waiting: Sequence[Ready], facts: Facts, signs: Signs, now: datetime) -> datetime | None:
    """The first moment at which one of these could come true though nothing happens to the ticket."""
    return min((at for one in waiting if (at := _comes_true(one, facts, signs)) is not None and at > now), default=None)


def _ready(criterion: Criterion) -> Ready:
    asked: Conditions = criterion.conditions
    besides = {key: one for key, one in asked.items() if key not in IN_TIME}
    bounds = {test.key: int(test.low) for test in tests_of(asked) if test.key in IN_TIME and test.low is not None}
    return Ready(criterion, compiled(asked), compiled(besides), bounds)


def _comes_true(one: Ready, facts: Facts, signs: Signs) -> datetime | None:
    if not one.bounds or not _asked(one, one.besides, facts):
        return None
    moments = list(_moments(one, signs))
    return None if None in moments else max(at for at in moments if at is not None)


def _moments(one: Ready, signs: Signs) -> Iterator[datetime | None]:
    return (signs.reaches(key, bound) for key, bound in one.bounds.items())


def _asked(one: Ready, predicate: Predicate, facts: Facts) -> bool:
    try:
        return predicate(facts)
    except Exception:
        logger.exception("The criterion “%s” cannot be asked.", one.criterion)
        return False
