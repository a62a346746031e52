"""Asking for a decision and making it: R2, R3, R14, R67 and the approvals of DESIGN §4."""

from datetime import date, timedelta

import pytest

from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from escalation import services, sweep
from escalation.alerting import links
from escalation.enums import AskEnd, State
from escalation.hierarchical.authorities import authorities_of
from escalation.models import Approval, Ask, Escalation, Procedure
from escalation.procedures.procedures import install_procedures
from notifications.models import Alert, Delivery
from people.enums import Role
from people.models import Absence, AuthorityLimit
from tests.factories.people import make_team, make_user

TWO_HOURS = timedelta(hours=2)


@pytest.fixture
def viktor(payments):
    """Manages the team above."""
    viktor = make_user("Viktor Sandell", Role.MANAGER)
    payments.parent = make_team("Operations", managers=[viktor])
    payments.save()
    return viktor


@pytest.fixture
def ask(open_ticket, anna, at):
    def make(**fields) -> Escalation:
        given = {"kind": "hierarchical", "severity": 3, "reason": "funding", "summary": "Waive the fee", **fields}
        return services.escalate(ticket_number=open_ticket().number, now=at, **{"user": anna, **given})

    return make


@pytest.fixture
def two_must_agree(db):
    install_procedures()
    Procedure.objects.filter(kind="hierarchical").update(quorum=2)


def asked(escalation: Escalation) -> list[tuple[str, str]]:
    """Who was asked, and how that ended."""
    return list(escalation.asks.values_list("person__name", "end"))


def test_r14_who_may_decide_is_listed_in_order_with_the_reason(ask, viktor, mona, adam, at):
    Absence.objects.create(user=mona, starts_at=at, ends_at=at + timedelta(days=1))
    mona.deputy = make_user("Dora Ek", Role.MANAGER)
    mona.save()

    found = [(one.person.name, one.why) for one in authorities_of(ask(), at)]

    assert found == [
        ("Dora Ek", "stands in for Mona Farias, Payments"),
        ("Viktor Sandell", "manages Operations"),
        ("Adam Berg", "administrator"),
    ]


def test_a_decision_that_nobody_makes_climbs_and_never_lies_forgotten(ask, viktor, mona, adam, time):
    escalation = ask()
    for _round in range(3):
        time.move_to(time.now + TWO_HOURS)
        sweep.run()

    # The whole chain has let it pass: the round begins anew.
    assert asked(escalation) == [
        ("Mona Farias", "expired"),
        ("Viktor Sandell", "expired"),
        ("Adam Berg", "expired"),
        ("Mona Farias", ""),
    ]
    assert Alert.objects.filter(kind="approval", recipient=mona).count() == 2
    assert escalation.deadlines.running().get().due_at == time.now + TWO_HOURS


def test_who_is_alone_is_asked_again(ask, mona, time):
    escalation = ask()
    for _round in range(2):
        time.move_to(time.now + TWO_HOURS)
        sweep.run()

    assert asked(escalation) == [("Mona Farias", "expired"), ("Mona Farias", "expired"), ("Mona Farias", "")]


def test_an_approver_who_left_holds_nothing_up(ask, viktor, mona, time):
    escalation = ask()
    mona.is_active = False
    mona.save()
    time.move_to(time.now + timedelta(seconds=3))
    sweep.run()

    assert asked(escalation) == [("Mona Farias", "away"), ("Viktor Sandell", "")]


def test_an_approver_who_goes_away_is_stood_in_for_at_once(ask, viktor, mona, time):
    escalation = ask()
    mona.deputy = make_user("Dora Ek", Role.MANAGER)
    mona.save()
    time.move_to(time.now + timedelta(minutes=5))
    Absence.objects.create(user=mona, starts_at=time.now, ends_at=time.now + timedelta(days=1))
    for _round in range(2):
        sweep.run()

    assert asked(escalation) == [("Mona Farias", "away"), ("Dora Ek", "")]


def test_where_everybody_is_away_whoever_was_asked_stays_asked_once(ask, mona, time):
    escalation = ask()
    Absence.objects.create(user=mona, starts_at=time.now, ends_at=time.now + timedelta(days=1))
    for _round in range(2):
        sweep.run()

    assert asked(escalation) == [("Mona Farias", "")]


def test_r3_passed_on_to_another_with_a_reason_on_record(ask, viktor, mona, at):
    escalation = ask()
    services.pass_on(user=mona, number=escalation.number, note="I know the customer too well.", to=viktor.email, now=at)

    escalation.refresh_from_db()
    assert escalation.decider == viktor
    assert escalation.asks.get(person=mona).note == "I know the customer too well."
    assert Delivery.objects.filter(recipient=viktor, template="alert").count() == 1


@pytest.mark.parametrize("to", ["anna.lindqvist@example.com", "nobody@nowhere.example"])
def test_it_is_passed_to_nobody_who_may_not_decide(ask, viktor, mona, anna, at, to):
    anna.email = "anna.lindqvist@example.com"
    anna.save()

    with pytest.raises(InvalidInput):
        services.pass_on(user=mona, number=ask().number, note="To you.", to=to, now=at)


def test_two_must_agree_where_the_procedure_says_so(ask, two_must_agree, viktor, mona, at):
    escalation = ask()
    services.decide(user=mona, number=escalation.number, decision="approve", now=at)
    with pytest.raises(NotAllowedNow):
        services.decide(user=mona, number=escalation.number, decision="approve", now=at)

    escalation.refresh_from_db()
    assert (escalation.state, escalation.decider) == (State.REQUESTED, viktor)

    services.decide(user=viktor, number=escalation.number, decision="exception", note="Half of it.", amount="5", now=at)

    escalation.refresh_from_db()
    assert escalation.state == State.INITIATED
    assert (Approval.objects.get().by, asked(escalation)) == (
        viktor,
        [("Mona Farias", AskEnd.AGREED), ("Viktor Sandell", AskEnd.DECIDED)],
    )


def test_one_refusal_declines_though_two_must_agree(ask, two_must_agree, viktor, mona, at):
    escalation = ask()
    services.decide(user=mona, number=escalation.number, decision="approve", now=at)
    services.decide(user=viktor, number=escalation.number, decision="decline", note="Not now.", now=at)

    escalation.refresh_from_db()
    assert escalation.state == State.DECLINED


def test_more_than_there_are_cannot_be_asked_for(ask, two_must_agree, mona, at):
    escalation = ask()
    services.decide(user=mona, number=escalation.number, decision="approve", now=at)

    escalation.refresh_from_db()
    assert escalation.state == State.INITIATED


def test_r67_the_first_whose_limit_reaches_is_asked(ask, viktor, mona):
    AuthorityLimit.objects.create(person=mona, currency="BRL", amount=20_000)

    assert ask(amount="R$ 31.240", currency="brl").decider == viktor
    assert ask(amount="20000", currency="BRL").decider == mona


def test_r67_what_one_may_grant_oneself_is_not_asked(ask, anna, mona):
    AuthorityLimit.objects.create(role=Role.AGENT, currency="EUR", amount=500)

    with pytest.raises(InvalidInput, match="You may grant up to EUR 500"):
        ask(amount="500", currency="EUR")
    assert not Escalation.objects.exists()


def test_r67_nobody_grants_more_than_his_limit(ask, viktor, mona, at):
    AuthorityLimit.objects.create(role=Role.MANAGER, currency="EUR", amount=1000)
    AuthorityLimit.objects.create(person=viktor, currency="EUR", amount=9000)
    escalation = ask(amount="3000", currency="EUR")
    assert escalation.decider == viktor

    with pytest.raises(Refused, match=r"EUR 1,000\.00"):
        services.decide(user=mona, number=escalation.number, decision="approve", now=at)
    services.decide(user=mona, number=escalation.number, decision="exception", amount="1.000", note="So much.", now=at)

    assert Approval.objects.get().granted == 1000
    assert escalation.asks.get(person=viktor).end == AskEnd.VOID


@pytest.mark.parametrize(
    ("amount", "currency"), [("much", "EUR"), ("-5", "EUR"), ("0", "EUR"), ("5", "euros"), ("5", "")]
)
def test_a_sum_that_is_none_is_refused(ask, mona, amount, currency):
    with pytest.raises(InvalidInput):
        ask(amount=amount, currency=currency)


def test_the_link_of_the_mail_serves_whoever_was_asked_while_he_is_asked(ask, viktor, mona, at):
    escalation = ask()
    waits = Ask.objects.get()
    link = Delivery.objects.get(recipient=mona, template="alert").context["action_url"]
    token = link.removesuffix("/").rpartition("/")[2]

    assert links.ask_behind(token, mona, at) == waits
    assert "/decide/" in link
    for altered in (token[:-2], f"{token}x", "nothing"):
        with pytest.raises(NotFound, match="not whole"):
            links.ask_behind(altered, mona, at)
    with pytest.raises(NotFound, match="somebody else"):
        links.ask_behind(token, viktor, at)
    with pytest.raises(NotFound, match="serves once"):
        links.ask_behind(token, mona, at + timedelta(days=8))

    services.pass_on(user=mona, number=escalation.number, note="To Viktor.", now=at)
    with pytest.raises(NotFound, match="serves once"):
        links.ask_behind(token, mona, at)


@pytest.mark.parametrize("decision", ["approve", "decline"])
def test_what_nobody_of_the_desk_has_asked_for_is_told_to_whoever_has_the_ticket(decision, ask, cora, mona, anna, at):
    escalation = ask(user=cora)
    escalation.ticket.assignee = anna
    escalation.ticket.save()

    services.decide(user=mona, number=escalation.number, decision=decision, note="Not this month.", now=at)

    told = Alert.objects.filter(kind="decision", escalation_number=escalation.number)
    assert [alert.recipient for alert in told] == [anna]


def test_without_an_owner_the_lead_hears_of_the_decision(ask, cora, mona, rosa, at):
    escalation = ask(user=cora)

    services.decide(user=mona, number=escalation.number, decision="decline", note="Not this month.", now=at)

    assert [alert.recipient for alert in Alert.objects.filter(kind="decision")] == [rosa]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"decision": "exception", "valid_until": date(2026, 11, 17)}, "valid_until"),
        ({"decision": "resources", "resources": "  "}, "resources"),
    ],
)
def test_r3_an_exception_that_has_ended_and_resources_that_are_none_are_refused(given, field, ask, mona, at):
    escalation = ask()

    with pytest.raises(InvalidInput) as refused:
        services.decide(user=mona, number=escalation.number, note="Until Monday.", now=at, **given)

    assert list(refused.value.errors) == [field]
    assert not Approval.objects.exists()
