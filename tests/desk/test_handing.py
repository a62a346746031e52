"""Handing an escalation over in its room (R42)."""

import pytest

from escalation.models import HandOver
from tests.desk.helpers import get, post, words

NOTE = "Two banks wait, the file is being rebuilt."


@pytest.fixture
def major(breached):
    """Rosa's from the beginning."""
    return breached(priority="urgent")[1]


def act(user, escalation, verb, **data):
    return post(user, "desk:escalation_verb", escalation.number, verb, **data)


def room(user, escalation) -> str:
    return words(get(user, "desk:escalation", escalation.number))


def test_r42_the_note_stands_in_the_room_and_the_receiver_has_the_button(major, mona, rosa, time):
    act(rosa, major, "hand-over", to=mona.email, note=NOTE)

    page = room(rosa, major)
    assert "Rosa Quiroga handed it over to Mona Farias" in page
    assert NOTE in page
    assert "To be acknowledged by" in page
    assert "Acknowledge the hand-over</button>" not in page
    assert "Acknowledge the hand-over by" in words(get(rosa, "desk:escalations"))
    assert "Acknowledge the hand-over</button>" in room(mona, major)

    act(mona, major, "acknowledge-hand-over")

    page = room(rosa, major)
    assert "Acknowledged " in page
    assert f"Mona Farias took {major.reference} over from Rosa Quiroga" in page
    assert HandOver.objects.get().acknowledged_at is not None


@pytest.mark.parametrize("wrong", [{"note": "Yours"}, {"note": ""}, {"to": ""}, {"to": "rosa@meridiano.example"}])
def test_r42_what_is_wrong_is_said_and_nothing_is_lost(major, mona, rosa, wrong):
    answer = act(rosa, major, "hand-over", **{"to": mona.email, "note": NOTE, **wrong})

    page = words(answer)
    assert answer.status_code == 422
    assert wrong.get("note", NOTE) in page
    assert 'id="hand" open' in page
    assert not HandOver.objects.exists()


def test_r42_who_does_not_run_it_has_no_form(major, anna):
    assert "Hand the escalation over" not in room(anna, major)
