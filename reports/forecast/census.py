"""Which tickets were open at which moments, as the desk would have seen them: what is learned from, and judged by."""

from dataclasses import dataclass

import numpy as np

from reports.forecast.history import IS_DONE, History
from reports.forecast.marks import Ints
from reports.forecast.spans import EVERY, HORIZON


@dataclass(frozen=True, slots=True)
class Census:
    """A row is a ticket's place and a moment at which it was open and had not been escalated."""

    places: Ints
    at: Ints

    def __len__(self) -> int:
        return len(self.places)

    def only(self, chosen: "np.typing.NDArray[np.bool_] | Ints") -> "Census":
        return Census(self.places[chosen], self.at[chosen])


def of_moment(history: History, at: int) -> Census:
    """Everything open at one moment that no escalation has taken up."""
    return _open_at(history, at)


def between(history: History, since: int, until: int, every: int = EVERY) -> Census:
    """At regular moments from `since` up to `until`, both in seconds since 1970."""
    parts = [_open_at(history, at) for at in range(since, until, every)]
    if not parts:
        return Census(np.zeros(0, np.int64), np.zeros(0, np.int64))
    return Census(np.concatenate([part.places for part in parts]), np.concatenate([part.at for part in parts]))


def escalated_soon(history: History, census: Census) -> "np.typing.NDArray[np.bool_]":
    """Whether an escalation was opened within the horizon from the moment on."""
    before = history.escalated.count(census.places, census.at)
    return history.escalated.count(census.places, census.at + HORIZON) > before


def _open_at(history: History, at: int) -> Census:
    places = np.flatnonzero((history.opened < at) & (history.ended > at)).astype(np.int64)
    moments = np.full(len(places), at, np.int64)
    is_open = history.status.value(places, moments) > IS_DONE
    is_calm = history.escalated.count(places, moments) == 0
    kept = is_open & is_calm
    return Census(places[kept], moments[kept])
