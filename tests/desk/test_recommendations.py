"""What escalations taught, from the room to its end (R30, R85); and the channels by which is escalated (R30)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from common.models import ConfigurationChange
from escalation import services
from escalation.models import EscalationChannel, Recommendation
from escalation.services import ruling
from notifications.models import Alert
from people.enums import Role
from reports import aims, keeping
from reports.models import Effect
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


def measured(row, change):
    """As if thirty days were over: its figure has moved by so much."""
    names = ("unit", "before", "after", "low", "high")
    Effect.objects.create(
        pk=row.pk,
        settled_at=row.settled_at,
        day=row.settled_at.date(),
        zone="UTC",
        **dict(zip(names, change, strict=True)),
        before_cases=40,
        after_cases=38,
        measured_at=row.settled_at + timedelta(days=31),
    )


@pytest.fixture
def moved(stella, escalation, mona, at):
    """Done, with a figure that went down by 35 minutes."""
    said = {**SAID, "figure": "pain.parties", "learned_from": escalation.number}
    row = aims.recommend(user=stella, owner=mona.email, now=at, **said)
    row = ruling.settle(user=mona, pk=row.pk, state="done", now=at)
    measured(row, ("seconds", 15000, 12900, -3000, -1200))
    return row


def test_r85_register_room_and_overview_say_what_it_has_changed(stella, mona, escalation, moved):
    found = words(get(mona, "desk:recommendations", look="settled"))

    assert "Median time to solve: Down" in found
    assert '<span class="tag tag-ok">Works</span> <b>−35 min (95 %: −50 min to −20 min)</b>' in found
    assert "4h 10m before, 3h 35m after (40 and 38 cases). Measured on 19 Dec 2026." in found
    report = reverse("desk:report", args=["pain"])
    assert f'href="{report}?since=2026-10-19&until=2026-12-17&plan=2026-11-18"' in found
    assert signed_in(mona).get(f"{report}?since=2026-10-19&until=2026-12-17&plan=2026-11-18").status_code == 200
    assert "−35 min" in words(get(mona, "desk:escalation", escalation.number))
    assert "Works, −35 min</a>" in words(get(mona, "desk:report", "overview"))


def test_whom_a_team_is_closed_to_reads_that_it_was_measured_and_no_figure(anna, escalation, moved):
    make_team("Legal", restricted=True)

    pages = [
        words(get(anna, "desk:recommendations", look="settled")),
        words(get(anna, "desk:escalation", escalation.number)),
        words(get(anna, "desk:report", "overview")),
    ]

    for page in pages:
        assert "Measured on 19 Dec 2026" in page
        assert "35 min" not in page and "Works" not in page and "Measure again" not in page


def test_a_figure_is_named_with_the_recommendation_or_later_by_its_owner(stella, mona, escalation, payments):
    named = {"figure": "sla.kept", "team": payments.slug}
    post(stella, "desk:recommend", escalation.number, **SAID, **named, owner=mona.email)
    row = Recommendation.objects.get()
    assert "Promises kept, Payments: Up" in words(get(mona, "desk:recommendations"))
    assert "Promises kept, Payments: Up" in words(get(mona, "desk:escalation", escalation.number))

    kept = post(mona, "desk:recommendation_aim", row.pk, figure="pain.parties", wished="lower")

    assert kept["Location"] == f"{reverse('desk:recommendations')}#recommendation-{row.pk}"
    assert "Median time to solve: Down" in words(get(mona, "desk:recommendations"))
    assert 'value="pain.parties" selected' in words(get(mona, "desk:recommendation_aim", row.pk))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"figure": "pain.rain"}, "Select a valid choice"),
        ({"team": "payments"}, "Choose the figure that should move, or leave the team out."),
        ({"figure": "pain.parties", "team": "gone"}, "Select a valid choice"),
        ({"figure": "pain.parties", "wished": "sideways"}, "Select a valid choice"),
    ],
)
def test_a_wrong_figure_is_one_sentence_and_nothing_is_stored(stella, escalation, payments, given, sentence):
    refused = post(stella, "desk:recommend", escalation.number, **SAID, **given)

    assert refused.status_code == 422
    assert sentence in words(refused)
    assert not Recommendation.objects.exists()


def test_it_is_measured_again_by_a_button_and_not_before_its_days_are_over(mona, moved, time, at):
    refused = post(mona, "desk:recommendation_measure", moved.pk)
    assert refused.status_code == 422
    assert "It will be measured on 18 Dec 2026" in words(refused)
    time.move_to(at + timedelta(days=31))
    for _round in range(3):
        keeping.run()

    answer = post(mona, "desk:recommendation_measure", moved.pk)

    assert answer["Location"].endswith(f"?look=settled#recommendation-{moved.pk}")
    assert "Too few cases to say" in words(get(mona, "desk:recommendations", look="settled"))
    assert post(mona, "desk:recommendation_aim", moved.pk, figure="sla.kept").status_code == 422


def test_the_register_asks_as_much_for_one_figure_as_for_fifty(anna, stella, moved, at):
    make_team("Legal", restricted=True)
    browser, url = signed_in(anna), f"{reverse('desk:recommendations')}?look=settled"
    browser.get(url)
    costs = [queries(browser, url)]

    for number in range(2, 51):
        row = aims.recommend(user=stella, now=at, **{**SAID, "title": f"Lesson {number}", "figure": "pain.parties"})
        measured(ruling.settle(user=stella, pk=row.pk, state="done", now=at), ("seconds", 60, 40, -30, -10))
        if number in {3, 50}:
            costs.append(queries(browser, url))

    assert costs == [costs[0]] * 3
