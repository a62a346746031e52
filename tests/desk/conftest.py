import time as real_time
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth as apps_codes

from escalation import services
from escalation.sweep import run
from people.models import Team
from tests.desk import soft_key
from tests.factories.people import make_team, make_user


@pytest.fixture
def half_minute(monkeypatch) -> float:
    """It does not end: an app's code would be of another one when it is asked for than when it was shown."""
    moment = real_time.time()
    for module in (apps_codes, soft_key):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: moment))
    return moment


@pytest.fixture
def terminals(db) -> Team:
    """Another team, to which payments may hand over."""
    inger = make_user("Inger Ravn")
    return make_team("Terminals", lead=inger, managers=[inger], members=[inger, make_user("Marta Kowal")])


@pytest.fixture
def escalate(anna, terminals, at):
    """Anna escalates a ticket; fields can be given."""

    def make(ticket, **fields):
        given = {
            "user": anna,
            "ticket_number": ticket.number,
            "kind": "functional",
            "severity": 3,
            "reason": "technical",
            "summary": "Check the contactless kernel",
            "team_slug": terminals.slug,
            "now": at,
            **fields,
        }
        return services.escalate(**given)

    return make


@pytest.fixture
def ask(escalate):
    """Anna asks for a decision."""

    def make(ticket, **fields):
        given = {
            "kind": "hierarchical",
            "reason": "funding",
            "summary": "Waive the October fee",
            "team_slug": "",
            **fields,
        }
        return escalate(ticket, **given)

    return make


@pytest.fixture
def breached(policy, open_ticket, time):
    """A ticket whose first reply is past due, and the escalation that the sweep opened for it."""

    def make(hours=7, **fields):
        ticket = open_ticket(**fields)
        time.move_to(time.now.replace(hour=(time.now.hour + hours) % 24))
        run()
        ticket.refresh_from_db()
        return ticket, ticket.escalations.get()

    return make
