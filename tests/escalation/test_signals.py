"""The signals of R11 that criteria ask: response time, customer history, keywords."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import InvalidInput
from escalation import sweep
from escalation.automatic import assessing
from escalation.models import Assessment, Proposal
from people.models import Organisation
from tests.factories.calendars import make_calendar
from tests.factories.sla import HOUR, make_policy
from tickets import actions as tickets
from tickets.enums import Channel
from tickets.vocabulary import check

MINUTE = timedelta(minutes=1)


def test_r11_three_tickets_that_each_match_one_signal_are_proposed_by_it_and_say_which(
    fired, criterion, policy, open_ticket, cora, stan, time, at
):
    criterion("Keywords", conditions={"keywords": ["chargeback"]})
    criterion("History", conditions={"breaches": {"from": 2}})
    criterion("Response time", conditions={"reply_used": {"from": 50}, "channel": ["phone"]})
    Organisation.objects.filter(pk=cora.organisation_id).update(breach_count=2)
    words = open_ticket(requester=stan, body="There is a chargeback.")
    history = open_ticket(requester=cora)
    response = open_ticket(requester=stan, channel=Channel.PHONE)

    sweep.run()
    time.move_to(at + timedelta(hours=3))
    sweep.run()

    assert fired() == [
        (words.number, "Keywords"),
        (history.number, "History"),
        (response.number, "Response time"),
    ]
    said = {one.ticket_id: one.fired["parts"] for one in Proposal.objects.all()}
    assert said[words.number][0]["found"] == "“chargeback”"
    assert said[history.number][0] == {
        "key": "breaches",
        "words": "customer's missed promises so far is at least 2",
        "found": "2",
    }
    assert {part["found"] for part in said[response.number]} == {"50", "Phone"}


@pytest.mark.parametrize(
    ("asked", "moment"),
    [
        ({"waiting": {"from": 30}}, timedelta(minutes=30)),
        ({"reply_used": {"from": 29}}, timedelta(hours=6) * 29 / 100),
        ({"reply_used": {"from": 29}, "waiting": {"from": 120}}, timedelta(minutes=120)),
    ],
)
def test_r11_a_response_time_is_looked_at_in_the_moment_in_which_it_comes_true_and_not_before(
    fired, asked, moment, criterion, policy, open_ticket, time, at
):
    criterion(conditions=asked)
    ticket = open_ticket()
    sweep.run()

    assert Assessment.objects.get().next_moment == at + moment
    time.move_to(at + moment - timedelta(seconds=1))
    with CaptureQueriesContext(connection) as asked_too_early:
        assert assessing.assess(time.now) == 0
    assert len(asked_too_early) == 1
    time.move_to(at + moment)
    sweep.run()

    assert fired() == [(ticket.number, "Money")]
    assert Assessment.objects.get().next_moment is None


def test_r11_a_clock_that_stands_still_reaches_nothing_and_goes_on_when_the_customer_writes(
    criterion, policy, open_ticket, anna, time, at
):
    criterion(conditions={"reply_used": {"from": 50}})
    ticket = open_ticket()
    sweep.run()
    time.move_to(at + timedelta(hours=1))
    tickets.change_status(ticket=ticket, verb="wait", now=time.now, by=anna, reason="")
    sweep.run()
    assert Assessment.objects.get().next_moment is None

    time.move_to(at + timedelta(hours=10))
    tickets.customer_wrote(ticket=ticket, author=ticket.requester, body="Hello?", now=time.now)
    sweep.run()

    assert Assessment.objects.get().next_moment == at + timedelta(hours=12)


def test_r11_nothing_waits_once_somebody_has_replied(fired, criterion, policy, open_ticket, anna, time, at):
    criterion(conditions={"waiting": {"from": 30}})
    ticket = open_ticket()
    tickets.reply(ticket=ticket, author=anna, body="We look.", now=at + MINUTE)

    time.move_to(at + 40 * MINUTE)
    sweep.run()

    assert fired() == []


def test_a_word_in_a_later_message_counts_and_a_colleague_s_does_not(fired, criterion, open_ticket, anna, time, at):
    criterion()
    ticket, other = open_ticket(), open_ticket()
    sweep.run()

    tickets.customer_wrote(ticket=ticket, author=ticket.requester, body="Then I want a refund.", now=at + MINUTE)
    tickets.note(ticket=other, author=anna, body="No refund for him.", now=at + MINUTE)
    time.move_to(at + MINUTE)
    sweep.run()

    assert fired() == [(ticket.number, "Money")]


def test_the_letter_is_left_with_the_message_and_nothing_is_asked_there(criterion, open_ticket, at):
    criterion()

    open_ticket(body="A refund")

    assert Assessment.objects.get().next_moment == at
    assert not Proposal.objects.exists()


def test_a_look_asks_as_often_for_many_as_for_one(criterion, policy, open_ticket, stan, time, at):
    criterion(conditions={"keywords": ["refund"]})
    criterion("History", conditions={"open_tickets": {"from": 1}, "escalations": {"to": 5}, "tags": {"not": ["x"]}})
    criterion("Time", conditions={"waiting": {"from": 5}, "reply_used": {"from": 90}})

    def asked(number: int) -> int:
        for turn in range(number):
            open_ticket(body="A refund", requester=stan) if turn % 2 else open_ticket(body="A refund")
        with CaptureQueriesContext(connection) as queries:
            assert assessing.assess(at) == number
        return len(queries)

    asked(2)
    assert asked(2) == asked(3) == asked(20)


def test_signals_are_for_criteria_alone(db):
    with pytest.raises(InvalidInput, match="only a criterion of escalation"):
        check({"waiting": {"from": 5}})


def test_the_share_of_the_first_reply_is_counted_in_its_own_hours(criterion, open_ticket, time, at):
    # From 12:00 to 21:00 UTC; two hours are promised.
    make_policy(at, first_response=2 * HOUR, calendar=make_calendar(at))
    criterion(conditions={"reply_used": {"from": 50}})
    time.move_to(at.replace(hour=20, minute=30))
    open_ticket(now=time.now)

    sweep.run()

    assert Assessment.objects.get().next_moment == at.replace(day=19, hour=12, minute=30)
