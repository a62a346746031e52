"""The cast, the time, and a desk with one team; every test gets its own."""

import fcntl
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import settings as hypothesis

from common import clock, failpoints, identity, tailing
from common.failpoints import Point
from common.models import Identity
from people.enums import Role
from people.models import Team, User
from sla.models import Policy
from tests.config.desks import make_template
from tests.factories.people import make_organisation, make_team, make_user
from tests.factories.sla import make_policy
from tickets import actions as tickets
from tickets.models import Ticket

# Whoever asks for one of these speaks to the database under test.
_DATABASE = {"db", "transactional_db"}
# What a page or a call shows is the same on each database once the questions that it asks are; these rooms of the
# tests are walked on the first one, but for the modules marked `each`: every door, every list, whatever locks.
_PAGES = ("tests/desk/", "tests/portal/", "tests/api/")

# What a property takes is the machine's affair, which others share.
hypothesis.register_profile("any machine", deadline=None)
hypothesis.load_profile("any machine")

# Modules of tests make people before there is a database to ask.
identity.remember(Identity())

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)

# Of what people do in this database alone: transactions of the other tests' databases on the same server may last
# minutes, and the server's own, which keep its statistics, write no line of ours.
_OLDEST = (
    "(SELECT coalesce(min(backend_xid::text::bigint), 4611686018427387904)"
    " FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend')"
)


@pytest.fixture(autouse=True)
def nobodys_language() -> None:
    """A request leaves its reader's language behind, which the next one replaces; a test without one is English."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def tails_wait_for_their_own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tailing, "_oldest", lambda: tailing._number(_OLDEST))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What says the same on each database needs the first pass only; EVERY_TEST_TWICE=1 takes pages twice, too."""
    pages = () if os.environ.get("EVERY_TEST_TWICE") == "1" else _PAGES
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        touches = _DATABASE & fixtures or item.get_closest_marker("django_db")
        page = item.nodeid.startswith(pages) and "transactional_db" not in fixtures
        if (page or not touches) and not item.get_closest_marker("each"):
            item.add_marker(pytest.mark.once)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays for good, and what a test leaves is small: the collector of cycles looks less often.

    Else a twelfth of a run is spent on walking through all modules and models again. At the end pytest has all cycles
    collected, so whatever was left open in one is still a warning, which is an error.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


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


@pytest.fixture(autouse=True)
def own() -> None:
    """A desk that has no name of its own; what an earlier test gave it is forgotten."""
    identity.remember(Identity())


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


class Crash(BaseException):
    """A process ends here; no `except Exception` may save it."""


@pytest.fixture
def crash_at(settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AbstractContextManager[None]]:
    """Within the block, the nth time that the point is reached is the end; that it was is checked."""

    @contextmanager
    def arm(point: Point, nth: int = 1) -> Iterator[None]:
        reached: list[Point] = []

        def die(point: Point) -> None:
            reached.append(point)
            if len(reached) == nth:
                raise Crash(point)

        settings.FAILPOINTS = {point: 1.0}
        monkeypatch.setattr(failpoints, "die", die)
        with pytest.raises(Crash):
            yield
        settings.FAILPOINTS = {}

    return arm


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Makes a folder that all workers of a run share; whoever comes first fills it, the others wait."""
    common = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        common = common.parent

    def make(name: str, fill: Callable[[Path], object]) -> Path:
        folder = common / name
        with (common / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                being_filled = common / f"{name}.part"
                being_filled.mkdir()
                fill(being_filled)
                being_filled.rename(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def template(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A folder whose tables and static files are made, to be copied: making them takes seconds."""
    return made_once("template", make_template)
