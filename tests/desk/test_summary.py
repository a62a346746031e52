"""The executive summary: read, printed, and sent to senior management (R43)."""

import pytest

from escalation import services
from escalation.enums import DeadlineKind
from escalation.models import Communication
from notifications.models import Alert
from people.models import User
from tests.desk.helpers import NOWHERE, get, post, queries, signed_in, words

DOOR = "desk:escalation_summary"


@pytest.fixture
def major(breached):
    return breached(priority="urgent")[1]


def test_r43_the_summary_says_impact_status_promises_and_plan(major, mona, rosa, time):
    services.plan(
        user=mona, number=major.number, tasks=[{"title": "Resend", "owner": "", "due_at": time.now}], now=time.now
    )

    page = words(get(rosa, DOOR, major.number))

    assert "step 1 of 4, Initiate" in page
    assert "1 customer, 1 without access so far" in page
    assert "0 of 1 tasks done, 1 late" in page
    assert "missed, was due" in page
    assert "Everybody informed within the hour (Affected customers)" in page
    assert "made plan version 1" in page
    assert "Decision needed" not in page.partition("<form")[0]


def test_what_is_owed_of_what_was_learned_is_no_risk_of_the_matter(major, rosa, time):
    major.deadlines.create(kind="review", due_at=time.now, next_moment=None, missed_at=time.now)

    risks = get(rosa, DOOR, major.number).context["look"].risks

    assert risks and DeadlineKind.REVIEW.label not in {risk.what for risk in risks}


def test_r43_the_decision_that_is_needed_stands_first(ask, open_ticket, rosa):
    asked = ask(open_ticket(), amount="900", currency="EUR")

    page = words(get(rosa, DOOR, asked.number))

    assert "Decision needed" in page
    assert "900" in page
    assert f"asked of {asked.decider.name}" in page


def test_r43_the_room_leads_to_it_and_its_manager_sends_it_to_those_above(major, mona, adam):
    assert f"/escalations/{major.number}/summary/" in words(get(mona, "desk:escalation", major.number))

    sent = post(mona, DOOR, major.number, to=[adam.email], body="We need two people more.", key="k1")
    post(mona, DOOR, major.number, to=[adam.email], body="We need two people more.", key="k1")

    assert sent.status_code == 302
    one = Communication.objects.get()
    assert (one.audience, one.purpose, one.recipients, one.by) == ("executives", "executive", 1, mona)
    alert = Alert.objects.get(recipient=adam, title__contains="executive summary")
    assert alert.escalation_number == major.number
    room = words(get(mona, "desk:escalation", major.number))
    assert "Summary to 1 senior" in room
    assert f"Mona Farias sent the executive summary to {adam.name}" in room


def test_r43_it_informs_no_other_audience(major, mona, adam):
    post(mona, DOOR, major.number, to=[adam.email], body="Known.")

    assert not major.deadlines.filter(met_at__isnull=False).exists()


@pytest.mark.parametrize("wrong", [{"to": []}, {"body": ""}, {"to": ["anna@meridiano.example"]}])
def test_r43_to_nobody_without_words_or_to_somebody_below_it_is_not_sent(major, mona, adam, wrong):
    answer = post(mona, DOOR, major.number, **{"to": [adam.email], "body": "Keep these words", **wrong})

    assert answer.status_code == 422
    assert wrong.get("body") == "" or "Keep these words" in words(answer)
    assert not Communication.objects.exists()


def test_r43_who_does_not_run_it_reads_it_and_sends_nothing(major, anna, adam):
    assert "Send the summary" not in words(get(anna, DOOR, major.number))

    assert NOWHERE in words(post(anna, DOOR, major.number, to=[adam.email], body="x"))
    assert not Communication.objects.exists()


def test_r43_the_page_asks_as_often_for_many_as_for_one(major, mona, time):
    client, url = signed_in(mona), f"/escalations/{major.number}/summary/"
    queries(client, url)
    few = queries(client, url)
    tasks = [{"title": f"Task {n}", "owner": User.objects.first().email, "due_at": time.now} for n in range(30)]
    for _round in range(3):
        services.plan(user=mona, number=major.number, tasks=tasks, now=time.now, reason="More.")

    assert queries(client, url) <= few + 1
