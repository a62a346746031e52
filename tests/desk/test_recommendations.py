"""What escalations taught, from the room to its end (R30, R85); and the channels by which is escalated (R30)."""

from typing import Any

import pytest
from django.urls import reverse

from common.models import ConfigurationChange
from escalation import services
from escalation.models import EscalationChannel, Recommendation
from escalation.services import ruling
from notifications.models import Alert
from people.enums import Role
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.people import make_team, make_user

SAID = {"title": "A second bank", "why": "It was the third time.", "about": "process"}


@pytest.fixture
def stella(db):
    return make_user("Stella Steward", Role.STEWARD)


@pytest.fixture
def escalation(open_ticket, anna, payments, time) -> Any:
    ticket = open_ticket(now=time.now)
    given = {"kind": "hierarchical", "severity": 2, "reason": "funding", "summary": "Pay it back", "now": time.now}
    return services.escalate(user=anna, ticket_number=ticket.number, **given)


def test_r85_a_recommendation_is_written_in_the_room_and_its_owner_hears_of_it_and_settles_it(
    stella, mona, anna, escalation
):
    answer = post(stella, "desk:recommend", escalation.number, **SAID, owner=mona.email)

    assert answer["Location"] == reverse("desk:escalation", args=[escalation.number]) + "#recommended"
    made = Recommendation.objects.get()
    assert (made.escalation, made.owner) == (escalation, mona)
    told = Alert.objects.get(recipient=mona, kind="handed")
    assert "A second bank" in told.title
    assert "A second bank" in words(get(mona, "desk:escalation", escalation.number))
    shown = words(get(anna, "desk:recommendations"))
    assert "It was the third time." in shown and escalation.reference in shown and "Recommend</a>" not in shown
    post(mona, "desk:recommendation_settle", made.pk, state="done")
    assert "A second bank" not in words(get(anna, "desk:recommendations"))
    assert "A second bank" in words(get(anna, "desk:recommendations", look="settled"))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"title": ""}, "This field is required"),
        ({"why": " "}, "This field is required"),
        ({"about": "weather"}, "Select a valid choice"),
        ({"owner": "nobody@meridiano.example"}, "Select a valid choice"),
        ({"title": "x" * 201}, "at most 200"),
    ],
)
def test_a_wrong_recommendation_keeps_what_was_typed_and_stores_nothing(stella, escalation, given, sentence):
    refused = post(stella, "desk:recommend", escalation.number, **{**SAID, **given})

    assert refused.status_code == 422
    assert sentence in words(refused)
    assert not Recommendation.objects.exists()


def test_what_a_restricted_team_has_learned_is_read_by_whoever_sees_its_escalations_and_by_its_owner(
    stella, anna, mona, escalation, time
):
    ticket, outside = escalation.ticket, make_user("Olga Outside")
    ticket.team = make_team("Legal", restricted=True)
    ticket.save()
    made = ruling.recommend(user=stella, learned_from=escalation.number, owner=outside.email, now=time.now, **SAID)

    assert "A second bank" not in words(get(make_user("Otto Other"), "desk:recommendations"))
    assert post(make_user("Ota Other"), "desk:recommendation_settle", made.pk, state="done").status_code == 404
    shown = words(get(outside, "desk:recommendations"))
    assert "A second bank" in shown and escalation.reference not in shown
    assert post(outside, "desk:recommendation_settle", made.pk, state="taken").status_code == 302
    refused = post(mona, "desk:recommendation_settle", made.pk, state="done")
    assert refused.status_code == 404
    assert post(stella, "desk:recommendation_settle", made.pk, state="lost").status_code == 422
    assert Recommendation.objects.get().state == "taken"


def test_the_register_is_paged_and_asks_as_much_at_fifty_as_at_one(stella, escalation, time):
    browser, url = signed_in(stella), reverse("desk:recommendations")
    ruling.recommend(user=stella, learned_from=escalation.number, now=time.now, **SAID)
    browser.get(url)
    at_one = queries(browser, url)

    for number in range(2, 52):
        ruling.recommend(
            user=stella, learned_from=escalation.number, now=time.now, **{**SAID, "title": f"Lesson {number}"}
        )

    assert queries(browser, url) == at_one
    first = words(browser.get(url))
    assert "Lesson 51" in first and "A second bank" not in first
    older = words(browser.get(url, {"before": Recommendation.objects.earliest("pk").pk + 1}))
    assert "A second bank" in older and "Lesson 51" not in older
    assert browser.get(url, {"before": "9" * 30, "look": "odd"}).status_code == 200


def test_r30_the_steward_switches_a_channel_off_and_on_and_each_is_on_record(stella, mona):
    post(stella, "desk:channel_switch", channel="chat", on="0")

    assert EscalationChannel.objects.get().is_open is False
    assert "Missed promises only" in words(get(stella, "desk:channels"))
    post(stella, "desk:channel_switch", channel="chat", on="1")
    assert "Missed promises only" not in words(get(stella, "desk:channels"))
    assert ConfigurationChange.objects.count() == 2
    refused = post(stella, "desk:channel_switch", channel="pigeon", on="1")
    assert refused.status_code == 422
    assert "A channel is one of" in words(refused)
    assert get(mona, "desk:channels").status_code == 404
