"""The exception procedure (R15), and both kinds in one act (R6)."""

import pytest

from common.errors import InvalidInput, NotAllowedNow, Refused
from escalation import services
from escalation.enums import Kind, State
from escalation.models import Escalation, HandOff, Procedure
from people.models import User
from tests.factories.people import make_team, make_user

WHY = "The customer is a court, and no fee may be asked of it."


@pytest.fixture
def finance(db):
    return make_team("Finance", lead=make_user("Pia Holm"))


@pytest.fixture
def ask(open_ticket, anna, at):
    def make(**fields) -> Escalation:
        number = fields.pop("number", None) or open_ticket().number
        given = {"kind": "exception", "severity": 3, "reason": "funding", "summary": "Waive the fee", "exception": WHY}
        return services.escalate(user=anna, ticket_number=number, now=at, **{**given, **fields})

    return make


@pytest.fixture
def dora(db) -> User:
    """A director, whom the desk calls senior; of no team."""
    return make_user("Dora Director", "manager", is_senior=True)


def test_r15_an_exception_follows_its_own_procedure_with_its_reason_and_asks_a_senior_decider(ask, mona, dora):
    escalation = ask()

    assert (escalation.kind, escalation.state) == (Kind.HIERARCHICAL, State.REQUESTED)
    assert escalation.procedure.is_exception
    assert (escalation.exception_reason, escalation.decider) == (WHY, dora)


def test_r15_a_manager_who_is_not_senior_may_not_decide_it_and_a_senior_one_may(ask, mona, dora, at):
    escalation = ask()

    with pytest.raises(Refused, match="Only a senior manager"):
        services.decide(user=mona, number=escalation.number, decision="approve", now=at)
    with pytest.raises(InvalidInput, match="may not decide this"):
        services.pass_on(user=dora, number=escalation.number, to=mona.email, note="You know it.", now=at)

    decided = services.decide(user=dora, number=escalation.number, decision="approve", now=at)

    assert decided.state == State.INITIATED


def test_r15_a_senior_one_of_the_ticket_s_own_chain_comes_before_those_from_elsewhere(ask, mona, dora):
    User.objects.filter(pk=mona.pk).update(is_senior=True)

    assert ask().decider == mona


def test_r15_without_a_senior_manager_an_administrator_decides_and_without_one_nobody_is_asked(ask, mona, adam):
    assert ask().decider == adam

    User.objects.filter(pk=adam.pk).update(role="agent")
    with pytest.raises(NotAllowedNow, match="make a manager senior"):
        ask()


@pytest.mark.parametrize("why", ["", "Because.", " " * 30, "x" * 19])
def test_r15_the_reason_has_at_least_twenty_characters(why, ask, dora):
    with pytest.raises(InvalidInput) as refused:
        ask(exception=why)

    assert "exception" in refused.value.errors
    assert not Escalation.objects.exists()


def test_r15_no_ordinary_escalation_gets_the_procedure_for_exceptions(ask, mona, dora):
    ask()
    Procedure.objects.filter(is_exception=True).update(order=0)

    assert not ask(kind="hierarchical").procedure.is_exception


def test_r15_a_desk_without_such_a_procedure_says_so(ask, mona, dora):
    ask()
    Procedure.objects.filter(is_exception=True).update(severity_to=2)

    with pytest.raises(NotAllowedNow, match="no procedure for exceptions"):
        ask()


def test_r15_a_customer_asks_for_no_exception(open_ticket, cora, dora, at):
    given = {"kind": "exception", "severity": 3, "reason": "funding", "summary": "x", "exception": WHY}

    with pytest.raises(Refused):
        services.escalate(user=cora, ticket_number=open_ticket().number, now=at, **given)


# ---- both -----------------------------------------------------------------------------------------------------------


def test_r6_both_in_one_act_are_two_records_each_with_its_own_state_and_clock(ask, finance, payments, mona):
    handed = ask(kind="both", team_slug="finance", exception="")

    decision = Escalation.objects.get(kind=Kind.HIERARCHICAL)
    assert (handed.kind, handed.state, handed.team) == (Kind.FUNCTIONAL, State.INITIATED, finance)
    assert (decision.state, decision.ticket, decision.decider) == (State.REQUESTED, handed.ticket, mona)
    assert {one.kind for one in handed.deadlines.all()}.isdisjoint({one.kind for one in decision.deadlines.all()})
    assert HandOff.objects.get().from_team == payments


@pytest.mark.parametrize(
    "wrong", [{"team_slug": "payments"}, {"team_slug": ""}, {"amount": "5", "currency": "apples"}, {"severity": 9}]
)
def test_r6_a_refusal_of_one_undoes_both(wrong, ask, finance, open_ticket):
    number = open_ticket().number

    with pytest.raises(InvalidInput):
        ask(number=number, kind="both", exception="", **{"team_slug": "finance", **wrong})

    assert not Escalation.objects.exists()


def test_r6_where_one_of_the_two_is_under_way_neither_is_raised(ask, finance, open_ticket):
    number = open_ticket().number
    ask(number=number, kind="functional", team_slug="finance")

    with pytest.raises(NotAllowedNow):
        ask(number=number, kind="both", team_slug="payments")

    assert Escalation.objects.get().kind == Kind.FUNCTIONAL
