"""From an empty database to a missed promise that somebody is alerted of, as a new administrator walks."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from common import identity
from common.models import TakenStep
from desk.bundle.packs import PACKS
from desk.first_steps.steps import KINDS, steps
from escalation import sweep
from escalation.models import Escalation
from notifications.models import Alert
from people.enums import Role
from people.models import Team, User
from tests.desk.helpers import words
from tests.factories.people import make_user
from tickets.models import Ticket

START = "/settings/start/"
GOOD = {
    "name": "Adam Berg",
    "email": "adam@example.com",
    "password": "a long way home",
    "desk": "Aurora Help",
    "time_zone": "America/Sao_Paulo",
}


@pytest.fixture
def adam(client: Client, db) -> Client:
    """His browser, after the first page of an empty desk."""
    answer = client.post("/setup/", GOOD)
    assert answer["Location"] == START
    return client


def states(client: Client) -> dict[str, str]:
    return {one.kind.name: one.state for one in client.get(START).context["steps"]}


@pytest.mark.parametrize("pack", ["", *PACKS])
def test_a_new_administrator_sees_a_promise_missed_and_is_alerted(client, db, time, at, pack):
    client.post("/setup/", {**GOOD, "pack": pack})
    before = states(client)

    client.post(f"{START}test/")
    waiting = client.get(START)
    time.move_to(at + timedelta(seconds=61))
    sweep.run()
    after = client.get(START)

    assert before["proof"] == "open" and "Waits for the minute to pass" in words(waiting)
    escalation = Escalation.objects.get()
    assert escalation.ticket == Ticket.objects.get()
    assert Alert.objects.get(kind="breach").recipient == User.objects.get(email="adam@example.com")
    assert states(client)["proof"] == "done"
    assert f"E-{escalation.number}" in words(after) and "Alerted: Adam Berg" in words(after)


def test_the_desk_is_named_and_placed_from_its_first_minute(adam):
    row = identity.current()

    assert (row.name, row.time_zone) == ("Aurora Help", "America/Sao_Paulo")
    assert User.objects.get().time_zone == "America/Sao_Paulo"
    assert states(adam)["name"] == "done"
    assert "Sign in to Aurora Help" in words(Client().get("/accounts/login/"))


def test_a_zone_that_is_none_is_said_and_nothing_is_made(client, db):
    answer = client.post("/setup/", {**GOOD, "time_zone": "Nowhere"})

    assert answer.status_code == 422 and "There is no such zone" in words(answer)
    assert not User.objects.exists()


def test_each_step_leads_to_the_page_where_it_is_done(adam):
    for kind in KINDS:
        if kind.view:
            assert adam.get(reverse(kind.view)).status_code == 200, kind.name


def test_a_step_can_be_left_and_taken_up_again_and_that_is_kept(adam):
    adam.post(f"{START}mailbox/leave/", {"on": "1"})
    left = states(adam)["mailbox"]
    adam.post(f"{START}mailbox/leave/", {"on": "0"})

    assert (left, states(adam)["mailbox"]) == ("left", "open")
    assert not TakenStep.objects.exists()


def test_the_ladder_is_tried_at_a_press_and_holds_once_somebody_else_can_decide(adam):
    adam.post(f"{START}ladder/")
    alone = states(adam)["ladder"], words(adam.get(START))
    mona = make_user("Mona Farias", Role.MANAGER)
    Team.objects.get().managers.add(mona)

    adam.post(f"{START}ladder/")

    # Whoever asks may not decide: alone he would.
    assert alone[0] == "open" and "1 hole" in alone[1]
    assert states(adam)["ladder"] == "done"


def test_a_desk_whose_steps_are_all_seen_to_says_so(adam):
    for one in steps():
        adam.post(f"{START}{one.kind.name}/leave/", {"on": "1"})

    page = words(adam.get(START))
    assert "The desk is set up." in page


def test_the_test_ticket_is_opened_once(adam):
    adam.post(f"{START}test/")
    adam.post(f"{START}test/")

    assert Ticket.objects.count() == 1
