"""Functional and hierarchical escalation by hand (R1, R2, R3, R6, R8)."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from escalation import services, sweep
from escalation.enums import Kind, Origin, State
from escalation.models import Approval, Escalation
from notifications.models import Alert
from tests.factories.people import make_team, make_user


@pytest.fixture
def finance(mona):
    return make_team("Finance", lead=make_user("Pia Holm"), managers=[make_user("Viktor Sandell", "manager")])


@pytest.fixture
def ask(open_ticket, anna, at):
    def make(**fields) -> Escalation:
        ticket = fields.pop("ticket", None) or open_ticket()
        given = {
            "user": anna,
            "kind": "hierarchical",
            "severity": 3,
            "reason": "funding",
            "summary": "Refund R$ 18.400",
        }
        return services.escalate(ticket_number=ticket.number, now=at, **{**given, **fields})

    return make


def test_r1_functional_moves_the_ticket_with_its_history_to_the_team(ask, finance, anna, at):
    escalation = ask(kind="functional", team_slug="finance", reason="technical", tried="Checked the log.")

    ticket = escalation.ticket
    ticket.refresh_from_db()
    assert (escalation.kind, escalation.origin, escalation.state) == (Kind.FUNCTIONAL, Origin.AGENT, State.INITIATED)
    assert (ticket.team, ticket.messages.count()) == (finance, 1)
    assert Alert.objects.filter(recipient=finance.lead, escalation_number=escalation.number).exists()


def test_the_receiver_returns_it_to_the_true_previous_team_and_owner(ask, open_ticket, finance, payments, anna, at):
    ticket = open_ticket()
    ticket.assignee = anna
    ticket.save()
    escalation = ask(ticket=ticket, kind="functional", team_slug="finance")

    services.return_to_sender(user=finance.lead, number=escalation.number, reason="It is not ours.", now=at)

    ticket.refresh_from_db()
    assert (ticket.team, ticket.assignee, ticket.escalation_state) == (payments, anna, None)


def test_only_the_receiving_team_may_return_it(ask, finance, anna, at):
    escalation = ask(kind="functional", team_slug="finance")

    with pytest.raises(Refused):
        services.return_to_sender(user=anna, number=escalation.number, reason="Mine again.", now=at)


def test_a_hand_over_that_nobody_acknowledges_alerts(ask, finance, time):
    ask(kind="functional", team_slug="finance")

    time.move_to(time.now + timedelta(minutes=15))
    sweep.run()

    assert Alert.objects.filter(kind="overdue", recipient=finance.lead).exists()


def test_r2_hierarchical_waits_for_the_agent_s_manager(ask, mona):
    escalation = ask()

    assert (escalation.state, escalation.decider) == (State.REQUESTED, mona)
    assert Alert.objects.filter(kind="approval", recipient=mona).count() == 1


def test_r2_nobody_approves_his_own(ask, mona, adam, at):
    escalation = ask(user=mona)

    assert escalation.decider == adam
    with pytest.raises(Refused):
        services.decide(user=mona, number=escalation.number, decision="approve", now=at)


def test_an_agent_decides_nothing(ask, anna, rosa, at):
    escalation = ask()

    with pytest.raises(Refused):
        services.decide(user=rosa, number=escalation.number, decision="approve", now=at)


def test_r3_an_exception_carries_its_limit_and_its_end(ask, mona, anna, at):
    escalation = ask()

    services.decide(
        user=mona,
        number=escalation.number,
        decision="exception",
        note="The double part only.",
        amount="R$ 13.400",
        valid_until=at.date(),
        now=at,
    )

    escalation.refresh_from_db()
    approval = Approval.objects.get()
    assert escalation.state == State.INITIATED
    assert (approval.amount, approval.valid_until, approval.by) == ("R$ 13.400", at.date(), mona)
    assert Alert.objects.filter(kind="decision", recipient=anna).exists()


def test_fifty_decisions_give_one(ask, mona, at):
    escalation = ask()
    services.decide(user=mona, number=escalation.number, decision="approve", now=at)

    for _ in range(49):
        with pytest.raises(NotAllowedNow):
            services.decide(user=mona, number=escalation.number, decision="decline", note="No.", now=at)

    assert Approval.objects.count() == 1


def test_declining_needs_words(ask, mona, at):
    escalation = ask()

    with pytest.raises(InvalidInput):
        services.decide(user=mona, number=escalation.number, decision="decline", now=at)

    escalation.refresh_from_db()
    assert escalation.state == State.REQUESTED


def test_a_decision_that_nobody_makes_goes_to_the_next_authority(ask, mona, adam, time):
    escalation = ask()

    time.move_to(time.now + timedelta(hours=2))
    sweep.run()

    escalation.refresh_from_db()
    assert escalation.decider == adam
    assert Alert.objects.filter(kind="approval", recipient=adam).exists()


def test_r6_one_ticket_may_carry_both_each_with_its_own_state(ask, open_ticket, finance):
    ticket = open_ticket()

    functional = ask(ticket=ticket, kind="functional", team_slug="finance")
    hierarchical = ask(ticket=ticket)

    assert {functional.state, hierarchical.state} == {State.INITIATED, State.REQUESTED}


def test_a_second_one_of_the_same_kind_is_refused_and_names_the_first(ask, open_ticket):
    ticket = open_ticket()
    first = ask(ticket=ticket)

    with pytest.raises(NotAllowedNow, match=first.reference):
        ask(ticket=ticket)


def test_r8_the_customer_escalates_his_own_request_and_no_other_s(ask, cora, stan):
    escalation = ask(user=cora)

    assert (escalation.origin, escalation.kind) == (Origin.CUSTOMER, Kind.HIERARCHICAL)
    with pytest.raises(NotFound):
        ask(user=stan)
    with pytest.raises(Refused):
        ask(user=cora, kind="functional", team_slug="payments")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"severity": 5}, "severity"),
        ({"severity": 0}, "severity"),
        ({"reason": "boredom"}, "reason"),
        ({"summary": ""}, "summary"),
        ({"summary": "two\nlines"}, "summary"),
        ({"kind": "automatic"}, "kind"),
        ({"kind": "functional"}, "team"),
        ({"kind": "functional", "team_slug": "nowhere"}, "team"),
        ({"kind": "functional", "team_slug": "payments"}, "team"),
    ],
)
def test_bad_input_is_named_and_leaves_nothing_behind(ask, wrong, field):
    with pytest.raises(InvalidInput) as error:
        ask(**wrong)

    assert list(error.value.errors) == [field]
    assert not Escalation.objects.exists()


def test_the_tag_of_an_escalation_comes_and_goes_with_a_line_on_the_timeline(ask, finance, open_ticket, anna, at):
    ticket = open_ticket()
    handed, asked = ask(ticket=ticket, kind="functional", team_slug="finance"), ask(ticket=ticket)

    def told():
        return list(ticket.events.filter(kind="ticket.tagged").order_by("pk").values_list("data", flat=True))

    services.withdraw(user=anna, number=asked.number, reason="Not needed.", now=at)
    assert told() == [{"added": "escalated"}]
    services.return_to_sender(user=finance.lead, number=handed.number, reason="It is not ours.", now=at)
    assert told() == [{"added": "escalated"}, {"removed": "escalated"}]


@pytest.mark.parametrize("kind", ["functional", "hierarchical", "exception", "both"])
def test_what_is_wanted_by_a_time_that_has_passed_is_refused(kind, ask, finance, at):
    with pytest.raises(InvalidInput, match="in the past"):
        ask(kind=kind, team_slug="finance", exception="The contract forbids all of it.", wanted_by=at)

    assert not Escalation.objects.exists()
