"""The cast, the time, and a desk with one team; every test gets its own."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from common import clock
from people.enums import Role
from people.models import Team, User
from sla.models import Policy
from tests.factories.people import make_organisation, make_team, make_user
from tests.factories.sla import make_policy
from tickets import actions as tickets
from tickets.models import Ticket

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


class Time:
    """The desk's clock, held by the test and moved by it."""

    def __init__(self, at: datetime) -> None:
        self.move_to(at)

    def move_to(self, at: datetime) -> None:
        self.now = at
        clock.freeze(at)


@pytest.fixture
def at() -> datetime:
    """A Wednesday morning."""
    return AT


@pytest.fixture(autouse=True)
def time(at: datetime) -> Iterator[Time]:
    yield Time(at)
    clock.freeze(None)


@pytest.fixture
def anna(db: None) -> User:
    """The agent."""
    return make_user("Anna Lindqvist")


@pytest.fixture
def rosa(db: None) -> User:
    """The team's lead."""
    return make_user("Rosa Quiroga")


@pytest.fixture
def mona(db: None) -> User:
    """The manager."""
    return make_user("Mona Farias", Role.MANAGER)


@pytest.fixture
def adam(db: None) -> User:
    """The administrator."""
    return make_user("Adam Berg", Role.ADMIN)


@pytest.fixture
def cora(db: None) -> User:
    """The customer."""
    return make_user(
        "Cora Menezes", Role.CUSTOMER, email="cora@livraria-aurora.example", organisation=make_organisation()
    )


@pytest.fixture
def stan(db: None) -> User:
    """The stranger: a customer of another company."""
    return make_user("Stan Strange", Role.CUSTOMER, email="stan@elsewhere.example")


@pytest.fixture
def payments(rosa: User, mona: User, anna: User) -> Team:
    """Takes everything that no rule places; rosa leads it, mona manages it, anna works in it."""
    return make_team("Payments", lead=rosa, managers=[mona], members=[anna, rosa], is_fallback=True)


@pytest.fixture
def policy(db: None, at: datetime) -> Policy:
    """First reply within six hours (R4), solved within a day, round the clock."""
    return make_policy(at)


@pytest.fixture
def open_ticket(payments: Team, cora: User, at: datetime) -> Callable[..., Ticket]:
    """Opens a ticket as a customer would; fields can be given."""

    def make(**fields) -> Ticket:
        given = {"subject": "Payouts are stuck", "body": "Since yesterday.", "requester": cora, "now": at, **fields}
        return tickets.open_ticket(**given)

    return make
