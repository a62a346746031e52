"""What a report must be able to do: say itself, and name the cases behind each of its numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from people.models import User
from reports.asked import Asked
from reports.shape import Pick, Report
from tickets.querysets import TicketQuerySet


class Build(Protocol):
    """Counts for a reader: only what he may see. A constant number of queries, whatever the rows."""

    def __call__(self, user: User, asked: Asked, *, now: datetime) -> Report: ...


class Cases(Protocol):
    """The tickets behind a number, exactly as many as it says. Raises NotFound for a pick that no report wrote."""

    def __call__(self, user: User, asked: Asked, pick: Pick, *, now: datetime) -> TicketQuerySet: ...


@dataclass(frozen=True, slots=True)
class Source:
    """A report by its key in an address; `filters` are the keys of `Asked.of` that it heeds."""

    key: str
    title: Callable[[], str]
    build: Build
    cases: Cases
    filters: tuple[str, ...] = ()
    for_managers: bool = True
