"""The third card of the dialog, and the tick for both (R6, R15)."""

import pytest
from django.urls import reverse

from escalation.models import Escalation
from tests.desk.helpers import fragment, get, post, words
from tests.factories.people import make_team, make_user

WHY = "The customer is a court, and no fee may be asked of it."
ASKED = {"kind": "exception", "severity": 3, "reason": "funding", "summary": "Waive the fee", "exception": WHY}


@pytest.fixture
def dora(db):
    return make_user("Dora Director", "manager", is_senior=True)


def test_r15_the_dialog_has_a_card_for_exceptions_and_says_who_decides(open_ticket, anna, mona, dora):
    number = open_ticket().number

    dialog = words(fragment(anna, "desk:escalate", number, kind="exception"))
    soon = words(fragment(anna, "desk:escalate", number, kind="exception", part="happens"))

    assert "No procedure fits, senior decider" in dialog
    assert "Why no procedure fits" in dialog
    assert "Dora Director is asked to decide" in soon
    assert "Procedure: Exception" in soon


def test_r15_the_reason_is_asked_for_and_then_stands_on_ticket_room_and_decision(open_ticket, anna, mona, dora):
    number = open_ticket().number
    refused = post(anna, "desk:escalate", number, **{**ASKED, "exception": "So."})
    assert "Say in at least 20 characters why no procedure fits." in words(refused)
    assert "Waive the fee" in words(refused)

    post(anna, "desk:escalate", number, **ASKED)

    made = Escalation.objects.get()
    assert WHY in words(get(anna, "desk:ticket", number))
    assert WHY in words(get(anna, "desk:escalation", made.number))
    assert WHY in words(get(dora, "desk:decision", made.number))
    assert "Only a senior manager" not in words(get(dora, "desk:decision", made.number))


def test_r6_one_tick_raises_both(open_ticket, anna, mona):
    make_team("Finance")
    number = open_ticket().number

    answer = post(anna, "desk:escalate", number, **{**ASKED, "kind": "functional", "team": "finance", "also": "on"})

    handed = Escalation.objects.get(kind="functional")
    assert answer["Location"] == reverse("desk:escalation", args=[handed.number])
    assert Escalation.objects.filter(kind="hierarchical", state="requested", ticket=number).exists()
