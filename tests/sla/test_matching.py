"""Which policy takes a ticket, and why none of the others."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sla.matching import match_for, version_for
from sla.models import Clock, Policy, Target
from tests.factories.sla import make_policy
from tickets.models import Ticket


@pytest.fixture
def ticket(open_ticket):
    return Ticket.objects.get(number=open_ticket(priority="urgent", body="The payout is late.").number)


def test_the_match_is_explained_by_what_it_asks_and_what_was_found(ticket, at):
    make_policy(at, name="Gold", order=10, conditions={"tier": ["enterprise"], "priority": {"not": ["low"]}})
    make_policy(at, name="Chats", order=5, conditions={"priority": ["urgent"], "channel": ["chat"]})
    make_policy(at, name="All", order=90)

    match = match_for(ticket, at)

    assert match.version.policy.name == "Gold"
    assert [part.sentence for part in match.parts] == [
        "customer tier is Enterprise: yes, Enterprise",
        "priority is not Low: yes, Urgent",
    ]
    assert [(other.version.policy.name, other.reason) for other in match.others] == [
        ("Chats", "channel is Chat: no, it is Web form"),
        ("All", "It would take the ticket as well, but is asked later."),
    ]


def test_where_no_policy_holds_nothing_is_promised_and_each_says_why(ticket, at):
    make_policy(at, name="Chats", conditions={"channel": ["chat"]})

    match = match_for(ticket, at)

    assert (match.version, match.parts) == (None, [])
    assert [other.reason for other in match.others] == ["channel is Chat: no, it is Web form"]


def test_the_explained_policy_is_the_one_that_starts_the_clocks(ticket, at):
    for number, conditions in enumerate([{"keywords": ["refund"]}, {"keywords": ["late pay*", "is late"]}, {}]):
        make_policy(at, name=f"P{number}", order=number, conditions=conditions)

    assert match_for(ticket, at).version == version_for(ticket, at)
    assert match_for(ticket, at).version.policy.name == "P1"


def test_among_policies_of_equal_order_the_most_specific_is_asked_first(ticket, at):
    make_policy(at, name="Enterprise", order=10, conditions={"tier": ["enterprise", "business"]})
    make_policy(at, name="Enterprise only", order=10, conditions={"tier": ["enterprise"]})
    make_policy(at, name="Urgent of Enterprise", order=10, conditions={"tier": ["enterprise"], "priority": ["urgent"]})

    match = match_for(ticket, at)

    assert match.version.policy.name == "Urgent of Enterprise"
    assert [other.version.policy.name for other in match.others] == ["Enterprise only", "Enterprise"]


@pytest.mark.once
@pytest.mark.parametrize("count", [1, 3, 20])
def test_an_explanation_costs_the_same_for_every_number_of_policies(count, ticket, at, django_assert_max_num_queries):
    for number in range(count):
        conditions = {"team": ["payments"], "organisation": {"not": ["livraria-aurora"]}, "tags": ["x"]}
        make_policy(at, name=f"P{number}", conditions=conditions)

    match_for(ticket, at)
    # Whether the policies have changed, who and which team, tags, and the names of teams, organisations and fields.
    with django_assert_max_num_queries(6):
        match_for(ticket, at + timedelta(hours=1))


def test_a_policy_that_was_just_changed_holds_for_the_next_ticket(policy, open_ticket):
    def promised():
        return set(open_ticket().clocks.values_list("metric", flat=True))

    assert promised() == {"first_response", "resolution"}

    Target.objects.filter(metric="first_response").delete()
    assert promised() == {"resolution"}

    Policy.objects.update(is_enabled=False)
    assert promised() == set()


@pytest.mark.parametrize("conditions", [{"tags": ["vip"]}, {"keywords": ["refund"]}, {"team": ["payments"]}])
def test_a_new_ticket_falls_under_a_policy_by_what_is_not_stored_yet(conditions, open_ticket, at):
    make_policy(at, name="Special", conditions=conditions)

    ticket = open_ticket(body="A refund, please.", tags=["VIP"])

    assert ticket.next_due_at == min(clock.due_at for clock in Clock.objects.filter(ticket=ticket))
    assert Ticket.objects.get(number=ticket.number).next_due_at == ticket.next_due_at
    assert version_for(ticket, at).policy.name == "Special"


def test_its_row_is_written_once(policy, open_ticket):
    with CaptureQueriesContext(connection) as asked:
        open_ticket()

    assert [one["sql"] for one in asked if one["sql"].startswith('UPDATE "tickets_ticket"')] == []
