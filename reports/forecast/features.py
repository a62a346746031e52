"""What is looked at in a ticket, as it stood at a moment: from before it only (a leakage test holds this). Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from reports.forecast.census import Census
from reports.forecast.history import IS_WAITING, NOBODY, History
from reports.forecast.marks import Floats, Marks

HOUR = 3600.0
_QUARTER = 90 * 24 * 3600
_TEAM_BITS = 24


class Feature(StrEnum):
    """By what a forecast gives its reasons; hours unless the name counts something."""

    AGE = "age"
    WAITS = "waits"
    """How long the customer's last word has stood without an answer; nought where it has one."""
    SILENCE = "silence"
    """Since the last answer; unknown before the first."""
    WRITTEN = "written"
    UNANSWERED = "unanswered"
    ANSWERS = "answers"
    HAND_OVERS = "hand_overs"
    UNOWNED = "unowned"
    REOPENED = "reopened"
    RAISED = "raised"
    PRIORITY = "priority"
    TIME_LEFT = "time_left"
    """Of the promise that is due next; negative once it is late, unknown where none runs."""
    BROKEN = "broken"
    CUSTOMERS_ESCALATIONS = "customers_escalations"
    CROWD = "crowd"
    """How many its team had open beside it."""
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Glance:
    """A history and the rows that are asked of it."""

    history: History
    census: Census

    def hours_since(self, seconds: Floats) -> Floats:
        return (self.census.at - seconds) / HOUR

    def count(self, marks: Marks) -> Floats:
        return marks.count(self.census.places, self.census.at)


def matrix(history: History, census: Census) -> Floats:
    """A row for each of the census, a column for each `Feature` in its order; NaN where something is unknown."""
    glance = Glance(history, census)
    return np.column_stack([COLUMNS[feature](glance) for feature in Feature])


def time_left(history: History, census: Census) -> Floats:
    """Hours to the next due time: what the desk would rank by without a forecast."""
    return COLUMNS[Feature.TIME_LEFT](Glance(history, census))


def _age(glance: Glance) -> Floats:
    return glance.hours_since(glance.history.opened[glance.census.places].astype(np.float64))


def _last_word(glance: Glance) -> Floats:
    """Opening a ticket is a word as well."""
    wrote = glance.history.wrote.last(glance.census.places, glance.census.at)
    return np.fmax(wrote, glance.history.opened[glance.census.places])


def _waits(glance: Glance) -> Floats:
    word, answer = _last_word(glance), _last_answer(glance)
    return np.where(np.isnan(answer) | (answer < word), glance.hours_since(word), 0.0)


def _last_answer(glance: Glance) -> Floats:
    return glance.history.answered.last(glance.census.places, glance.census.at)


def _silence(glance: Glance) -> Floats:
    return glance.hours_since(_last_answer(glance))


def _unanswered(glance: Glance) -> Floats:
    places = glance.census.places
    answer = _last_answer(glance)
    heard = glance.history.wrote.count(places, np.nan_to_num(answer, nan=0.0).astype(np.int64))
    return glance.count(glance.history.wrote) - heard


def _hand_overs(glance: Glance) -> Floats:
    """Each spell after the first, whoever it went to."""
    return np.maximum(glance.count(glance.history.owner) - 1, 0.0)


def _unowned(glance: Glance) -> Floats:
    places, at = glance.census.places, glance.census.at
    since = glance.history.owner.last(places, at)
    return np.where(glance.history.owner.value(places, at) == NOBODY, glance.hours_since(since), 0.0)


def _reopened(glance: Glance) -> Floats:
    """Changes of status beyond the opening, of which a ticket that goes straight to its end has one."""
    return np.maximum(glance.count(glance.history.status) - 1, 0.0)


def _raised(glance: Glance) -> Floats:
    return np.maximum(glance.count(glance.history.priority) - 1, 0.0)


def _priority(glance: Glance) -> Floats:
    return glance.history.priority.value(glance.census.places, glance.census.at)


def _time_left(glance: Glance) -> Floats:
    places, at = glance.census.places, glance.census.at
    next_due = np.full(len(places), np.nan)
    for marks in glance.history.due.values():
        next_due = np.fmin(next_due, marks.value(places, at))
    left: Floats = (next_due - at) / HOUR
    return left


def _broken(glance: Glance) -> Floats:
    return glance.count(glance.history.broken)


def _customers_escalations(glance: Glance) -> Floats:
    customers, at = glance.history.customers[glance.census.places], glance.census.at
    marks = glance.history.of_customers
    return marks.count(customers, at) - marks.count(customers, at - _QUARTER)


def _crowd(glance: Glance) -> Floats:
    """Counted within the census, which has all that is open at each of its moments."""
    teams = glance.history.team.value(glance.census.places, glance.census.at)
    pairs = (glance.census.at << _TEAM_BITS) + np.nan_to_num(teams).astype(np.int64)
    _pairs, which, counts = np.unique(pairs, return_inverse=True, return_counts=True)
    beside: Floats = counts[which].astype(np.float64)
    return beside


def _paused(glance: Glance) -> Floats:
    standing = glance.history.status.value(glance.census.places, glance.census.at)
    paused: Floats = (standing == IS_WAITING).astype(np.float64)
    return paused


_HOURS = (1.0, 4.0, 8.0, 16.0, 24.0, 48.0, 96.0, 168.0, 336.0)
_TIMES = (1.0, 2.0, 3.0, 5.0, 8.0)

# Where one bin ends and the next begins: round figures, so that what was learned can be read.
EDGES: dict[Feature, tuple[float, ...]] = {
    Feature.AGE: _HOURS,
    Feature.WAITS: (0.01, *_HOURS),
    Feature.SILENCE: _HOURS,
    Feature.WRITTEN: _TIMES,
    Feature.UNANSWERED: _TIMES,
    Feature.ANSWERS: _TIMES,
    Feature.HAND_OVERS: _TIMES,
    Feature.UNOWNED: (0.01, *_HOURS),
    Feature.REOPENED: _TIMES,
    Feature.RAISED: _TIMES,
    Feature.PRIORITY: (2.0, 3.0, 4.0),
    Feature.TIME_LEFT: (0.0, 2.0, 4.0, 8.0, 12.0, 18.0, 24.0, 30.0, 36.0, 42.0, 48.0, 72.0, 168.0),
    Feature.BROKEN: _TIMES,
    Feature.CUSTOMERS_ESCALATIONS: (1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0),
    Feature.CROWD: (3.0, 6.0, 12.0, 25.0, 50.0, 100.0, 200.0),
    Feature.PAUSED: (1.0,),
}

COLUMNS: dict[Feature, Callable[[Glance], Floats]] = {
    Feature.AGE: _age,
    Feature.WAITS: _waits,
    Feature.SILENCE: _silence,
    Feature.WRITTEN: lambda glance: glance.count(glance.history.wrote),
    Feature.UNANSWERED: _unanswered,
    Feature.ANSWERS: lambda glance: glance.count(glance.history.answered),
    Feature.HAND_OVERS: _hand_overs,
    Feature.UNOWNED: _unowned,
    Feature.REOPENED: _reopened,
    Feature.RAISED: _raised,
    Feature.PRIORITY: _priority,
    Feature.TIME_LEFT: _time_left,
    Feature.BROKEN: _broken,
    Feature.CUSTOMERS_ESCALATIONS: _customers_escalations,
    Feature.CROWD: _crowd,
    Feature.PAUSED: _paused,
}
