"""What the escalation manager does by a program: recommendations and the channels of escalation (R30, R85)."""

from datetime import timedelta

import pytest

from escalation import services
from escalation.models import EscalationChannel, Recommendation
from notifications.models import Alert
from people.enums import Role
from reports import keeping
from tests.factories.people import make_team, make_user

SAID = {"title": "A second bank", "why": "It was the third time.", "about": "process"}


@pytest.fixture
def stella(db):
    return make_user("Stella Steward", Role.STEWARD)


def test_r85_a_recommendation_is_made_read_and_settled_by_programs(calling, stella, anna, mona, open_ticket, time):
    given = {"kind": "hierarchical", "severity": 2, "reason": "funding", "summary": "Pay", "now": time.now}
    escalation = services.escalate(user=anna, ticket_number=open_ticket(now=time.now).number, **given)

    said = {**SAID, "owner": mona.email, "escalation": escalation.number}
    made = calling(stella).post("recommendations/", said)

    assert made.status_code == 201
    assert (made.json()["owner"], made.json()["escalation"]) == (mona.email, escalation.number)
    assert Alert.objects.filter(recipient=mona, kind="handed").exists()
    path = f"recommendations/{made.json()['id']}/settle/"
    assert calling(anna).post(path, {"state": "done"}).status_code == 403
    assert calling(mona).post(path, {"state": "done"}).json()["settled_at"] is not None
    found = calling(anna).get(f"recommendations/?escalation={escalation.number}&state=done").json()["results"]
    assert [one["title"] for one in found] == ["A second bank"]
    assert calling(anna).get("recommendations/?state=open").json()["results"] == []


def test_r85_a_program_names_the_figure_and_reads_what_has_changed(calling, stella, mona, anna, time, at):
    program = calling(stella)
    made = program.post("recommendations/", {**SAID, "figure": "pain.parties", "owner": mona.email}).json()
    assert made["aim"] == {
        "figure": "pain.parties",
        "name": "Median time to solve",
        "team": None,
        "wished": "lower",
        "due_on": None,
        "effect": None,
    }
    path = f"recommendations/{made['id']}"
    wrong = program.post(f"{path}/figure/", {"figure": "pain.rain"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["figure"])
    assert program.post(f"{path}/figure/", {"figure": "sla.kept"}).json()["aim"]["wished"] == "higher"
    assert calling(mona).post(f"{path}/settle/", {"state": "done"}).json()["aim"]["due_on"] == "2026-12-18"
    assert program.post(f"{path}/measure/", {}).status_code == 400

    time.move_to(at + timedelta(days=31))
    keeping.run()
    effect = program.post(f"{path}/measure/", {}).json()["aim"]["effect"]

    assert (effect["since"], effect["plan"], effect["until"]) == ("2026-10-19", "2026-11-18", "2026-12-17")
    assert (effect["verdict"], effect["unit"], effect["change"]["before_cases"]) == ("too_few", "percent", 0)
    make_team("Legal", restricted=True)
    (seen,) = calling(anna).get("recommendations/?state=done").json()["results"]
    assert (seen["aim"]["effect"]["verdict"], seen["aim"]["effect"]["change"]) == (None, None)
    assert calling(anna).post(f"{path}/measure/", {}).status_code == 403


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"figure": "pain.rain"}, "figure"),
        ({"team": "gone", "figure": "sla.kept"}, "team"),
        ({"about": "weather"}, "about"),
        ({"owner": "nobody@x.example"}, "owner"),
        ({"why": ""}, "why"),
        ({"x": 1}, "x"),
    ],
)
def test_a_wrong_recommendation_names_its_field_and_stores_nothing(calling, stella, given, field):
    refused = calling(stella).post("recommendations/", {**SAID, **given})

    assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])
    assert not Recommendation.objects.exists()


def test_r30_a_channel_is_switched_by_a_program(calling, stella):
    switched = calling(stella).post("escalation/channels/", {"channel": "chat", "escalates": False})

    assert switched.json() == {"channel": "chat", "escalates": False}
    assert EscalationChannel.objects.get().is_open is False
    listed = {one["channel"]: one["escalates"] for one in calling(stella).get("escalation/channels/").json()["results"]}
    assert listed == {"email": True, "web": True, "api": True, "phone": True, "chat": False}
    assert calling(stella).post("escalation/channels/", {"channel": "pigeon", "escalates": True}).status_code == 400
