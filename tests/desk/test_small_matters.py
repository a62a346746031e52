"""The room of an escalation whose procedure asks for little: it shows no more than that (DESIGN §4)."""

import pytest

from escalation import services
from escalation.models import Escalation, Procedure
from tests.desk.helpers import get, post, words


@pytest.fixture
def small(breached) -> Escalation:
    """Its procedure asks for an acknowledgement, an answer, and the cause."""
    return breached(priority="low")[1]


@pytest.fixture
def resolved(small, mona, time) -> Escalation:
    for verb in (services.begin_communication, services.begin_resolution, services.resolve):
        verb(user=mona, number=small.number, now=time.now, override_reason="This test begins at the end.")
    return Escalation.objects.get()


def room(user, escalation) -> str:
    return words(get(user, "desk:escalation", escalation.number))


def test_each_step_to_come_says_what_it_asks_for_and_no_more(small, mona):
    page = room(mona, small)

    for said in ("This step asks for nothing.", "The customer has an answer", "The cause is chosen"):
        assert f"<small>{said}</small>" in page
    assert "Everybody is informed, a plan is made" not in page


def test_a_step_of_many_conditions_says_what_it_is_for(breached, mona):
    page = room(mona, breached(priority="urgent")[1])

    assert "<small>Everybody is informed, a plan is made</small>" in page


def test_nobody_is_called_untold_or_without_access_where_no_one_waits_for_it(small, mona, time):
    services.begin_communication(user=mona, number=small.number, now=time.now, override_reason="Begun at the end now.")
    assert "Not told yet" not in room(mona, small)

    for verb in (services.begin_resolution, services.resolve):
        verb(user=mona, number=small.number, now=time.now, override_reason="This test begins at the end.")

    page = room(mona, small)
    assert "Access unconfirmed" not in page
    assert "Confirm the access of" not in page


def test_the_verification_is_folded_and_can_be_done_all_the_same(resolved, mona):
    folded = "Its procedure does not ask for it."
    assert folded in room(mona, resolved)

    post(mona, "desk:escalation_verb", resolved.number, "verify", customers="It works.", stakeholders="Done.")
    assert Escalation.objects.get().verified_by == mona

    Procedure.objects.update(conditions={"resolved": ["verified"]})
    Escalation.objects.update(verified_at=None)
    assert folded not in room(mona, resolved)


def test_nobody_is_offered_to_close_without_a_cause(resolved, mona):
    offer = "You may go on without what is open"
    assert offer not in room(mona, resolved)

    refused = post(mona, "desk:escalation_verb", resolved.number, "close")
    assert refused.status_code == 409
    assert "Close anyway" not in words(refused)

    Procedure.objects.update(conditions={"resolved": ["verified"]})
    Escalation.objects.update(cause="load")
    assert offer in room(mona, resolved)
