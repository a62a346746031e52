"""Criteria and signals that start an escalation by themselves (R7, R9, R11)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from common.failpoints import Point
from escalation import services, sweep
from escalation.automatic.standard_criteria import DEFAULTS, install_criteria
from escalation.enums import Kind, Origin, ProposalEnd, Reason, State
from escalation.models import Criterion, Escalation, Proposal
from escalation.services import criteria as criteria_services
from notifications.models import Delivery
from tests.factories.escalations import ASKED
from tests.factories.people import make_team
from tickets import actions as tickets
from tickets.models import Ticket

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("kind", ["funding", "staff", "tools", "technical", "functionality", "Regulator"])
def test_r9_a_ticket_that_meets_a_criterion_of_a_kind_is_proposed_with_the_criterion_shown(
    kind, criterion, open_ticket, at
):
    criterion(kind=kind, reason="" if kind in Reason.values else "staff")
    ticket = open_ticket(body="I want a refund of last month.")
    open_ticket(body="Thank you.")

    sweep.run()
    sweep.run()

    proposal = Proposal.objects.get()
    assert (proposal.ticket, proposal.mode, proposal.ended_at) == (ticket, "propose", None)
    assert proposal.fired["criterion"] == "Money"
    assert proposal.fired["kind"] == (str(Reason(kind).label) if kind in Reason.values else "Regulator")
    assert [part["found"] for part in proposal.fired["parts"]] == ["“refund…”"]
    assert not Escalation.objects.exists()


def test_r9_every_desk_begins_with_a_criterion_of_each_of_the_five_kinds_and_they_can_be_met(db):
    install_criteria()
    Criterion.objects.filter(name=DEFAULTS[0]["name"]).update(severity=1)
    install_criteria()

    found = list(Criterion.objects.all())
    assert {one.kind for one in found} == {"funding", "staff", "tools", "technical", "functionality"}
    assert len(found) == len(DEFAULTS)
    assert found[0].severity == 1
    for one in found:
        one.full_clean()


def test_r9_a_criterion_that_is_switched_off_opens_no_more_and_ends_nothing(criterion, open_ticket, adam, at):
    money = criterion(mode="open")
    open_ticket(body="A refund")
    sweep.run()

    criteria_services.redefine_criterion(user=adam, pk=money.pk, is_enabled=False)
    open_ticket(body="A refund")
    sweep.run()

    assert Escalation.objects.get().state == State.REQUESTED


def test_r7_what_a_criterion_opens_is_the_same_kind_of_record_with_the_rule_as_its_origin(
    criterion, open_ticket, mona, at
):
    criterion(mode="open")
    ticket = open_ticket(body="A refund, now.")

    sweep.run()
    sweep.run()

    escalation = Escalation.objects.get()
    assert (escalation.kind, escalation.origin, escalation.state) == (Kind.HIERARCHICAL, Origin.RULE, State.REQUESTED)
    assert (escalation.ticket, escalation.requester, escalation.decider) == (ticket, None, mona)
    assert (escalation.severity, escalation.reason) == (2, Reason.FUNDING)
    assert escalation.proposal.end == ProposalEnd.OPENED
    assert escalation.summary == ticket.subject
    asked = Delivery.objects.get(recipient=mona, template="alert")
    met = [fact["text"] for fact in asked.context["facts"] if fact["label"] == "What was met"]
    assert met == ["Money: text has “refund*”"]


def test_a_functional_one_hands_the_ticket_to_its_team_and_is_not_asked_of_what_lies_there(
    criterion, open_ticket, payments, at
):
    finance = make_team("Finance")
    criterion(escalate_as="functional", team_slug="finance", mode="open")
    there = open_ticket(body="A refund", team=finance)
    elsewhere = open_ticket(body="A refund")

    sweep.run()

    assert Escalation.objects.get().ticket == elsewhere
    assert Ticket.objects.get(number=elsewhere.number).team == finance
    assert not Proposal.objects.filter(ticket=there).exists()


def test_one_escalation_of_a_proposal_by_constraint(criterion, open_ticket, at):
    criterion(mode="open")
    open_ticket(body="A refund")
    sweep.run()
    escalation = Escalation.objects.get()

    escalation.pk = None
    escalation._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        escalation.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(
            ticket=escalation.ticket, criterion=Criterion.objects.get(), mode="open", at=at, **ASKED
        )


def test_two_criteria_that_open_the_same_open_one_and_the_second_says_so(criterion, open_ticket, at):
    criterion("Later", mode="open", order=20, conditions={"channel": ["web"]})
    criterion("First", mode="open", order=10, conditions={"keywords": ["stuck"]})
    open_ticket()

    sweep.run()

    assert Escalation.objects.get().proposal.criterion.name == "First"
    assert Proposal.objects.get(criterion__name="Later").end == ProposalEnd.OVERTAKEN


def test_where_nobody_may_decide_what_a_criterion_opens_people_see_it_as_a_proposal(criterion, open_ticket, adam, mona):
    criterion(mode="open")
    open_ticket(body="A refund")
    type(adam).objects.filter(pk__in=[adam.pk, mona.pk]).update(role="agent")

    sweep.run()

    proposal = Proposal.objects.get()
    assert (proposal.mode, proposal.ended_at) == ("propose", None)
    assert "make somebody a manager first" in proposal.why


def test_a_criterion_that_cannot_be_read_stops_nobody(fired, criterion, open_ticket, at, caplog):
    broken = criterion("Broken")
    Criterion.objects.filter(pk=broken.pk).update(conditions={"no_such_key": {"from": []}, "keywords": 7}, order=1)
    criterion()
    ticket = open_ticket(body="A refund")

    sweep.run()

    assert fired() == [(ticket.number, "Money")]
    assert "Broken" in caplog.text


def test_a_solved_ticket_is_not_proposed_and_one_that_is_reopened_is_looked_at_again(
    fired, criterion, open_ticket, anna, at
):
    criterion()
    ticket = open_ticket(body="A refund")
    tickets.change_status(ticket=ticket, verb="solve", now=at, by=anna, reason="")
    sweep.run()
    assert fired() == []

    tickets.change_status(ticket=ticket, verb="reopen", now=at, by=anna, reason="")
    sweep.run()

    assert fired() == [(ticket.number, "Money")]


@pytest.mark.parametrize("point", [Point.AFTER_CLAIM, Point.BEFORE_COMMIT, Point.AFTER_COMMIT])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_sweep_that_dies_over_a_criterion_opens_one_escalation_all_the_same(
    point, nth, crash_at, criterion, open_ticket, at
):
    criterion(mode="open")
    ticket = open_ticket(body="A refund")

    with crash_at(point, nth):
        sweep.run()
    sweep.run()

    assert Escalation.objects.get().ticket == ticket
    assert Proposal.objects.count() == 1


# ---- accepting and dismissing ---------------------------------------------------------------------------------------


@pytest.fixture
def proposal(criterion, open_ticket) -> Proposal:
    criterion()
    open_ticket(body="A refund")
    sweep.run()
    return Proposal.objects.get()


def accept(user, proposal, now, **fields) -> Escalation:
    given = {"kind": "hierarchical", "severity": 2, "reason": "funding", "summary": "Refund?", **fields}
    return services.escalate(user=user, ticket_number=proposal.ticket_id, proposal=proposal.pk, now=now, **given)


def test_an_accepted_proposal_becomes_exactly_one_escalation(proposal, anna, rosa, at):
    escalation = accept(anna, proposal, at)

    assert (escalation.origin, escalation.requester, escalation.proposal) == (Origin.RULE, anna, proposal)
    proposal.refresh_from_db()
    assert (proposal.end, proposal.by) == (ProposalEnd.ACCEPTED, anna)
    with pytest.raises(NotAllowedNow):
        accept(rosa, proposal, at)
    with pytest.raises(NotAllowedNow):
        criteria_services.dismiss(user=rosa, pk=proposal.pk, reason="Too late.", now=at)
    assert Escalation.objects.count() == 1


def test_a_dismissed_proposal_keeps_the_reason_and_is_not_made_again(proposal, anna, rosa, time, at):
    criteria_services.dismiss(user=anna, pk=proposal.pk, reason="It was refunded yesterday.", now=at)
    tickets.customer_wrote(ticket=proposal.ticket, author=proposal.ticket.requester, body="And the refund?", now=at)
    sweep.run()

    found = Proposal.objects.get()
    assert (found.end, found.by, found.why) == (ProposalEnd.DISMISSED, anna, "It was refunded yesterday.")
    with pytest.raises(NotAllowedNow, match="Anna Lindqvist has decided"):
        accept(rosa, proposal, at)
    with pytest.raises(InvalidInput):
        criteria_services.dismiss(user=anna, pk=proposal.pk, reason=" ", now=at)


def test_a_proposal_of_another_ticket_cannot_be_accepted_here_nor_by_whoever_does_not_see_it(
    proposal, open_ticket, anna, cora, at
):
    other = open_ticket()
    given = {"kind": "hierarchical", "severity": 2, "reason": "funding", "summary": "x", "proposal": proposal.pk}

    with pytest.raises(NotAllowedNow, match="another ticket"):
        services.escalate(user=anna, ticket_number=other.number, now=at, **given)
    with pytest.raises(NotFound):
        services.escalate(user=cora, ticket_number=proposal.ticket_id, now=at, **given)


# ---- what an administrator sets up ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "field", "words"),
    [
        ({"conditions": {}}, "conditions", "Without a condition every ticket"),
        ({"conditions": {"waiting": {"from": 60, "to": 30}}}, "conditions", "must not be the greater"),
        ({"conditions": {"channel": {"any": ["web"], "not": ["web"]}}}, "conditions", "No ticket can ever meet this"),
        ({"conditions": {"waiting": {"from": "soon"}}}, "conditions", "needs a whole number"),
        ({"conditions": {"waiting": {"from": 0}}}, "conditions", "from 1 to 1000000"),
        ({"escalate_as": "functional"}, "team", "needs a team"),
        ({"escalate_as": "functional", "team_slug": "nowhere"}, "team", "There is no team"),
        ({"kind": "Regulator"}, "reason", "cannot be blank"),
        ({"kind": " "}, "kind", ""),
        ({"severity": 5}, "severity", ""),
        ({"mode": "maybe"}, "mode", ""),
    ],
)
def test_what_cannot_work_is_said_when_it_is_saved(terms, field, words, criterion):
    with pytest.raises(InvalidInput) as refused:
        criterion(**terms)

    assert words in " ".join(refused.value.errors[field])
    assert not Criterion.objects.exists()


def test_only_an_administrator_sets_up_criteria(criterion, mona, anna):
    money = criterion()

    with pytest.raises(Refused):
        criteria_services.define_criterion(user=mona, name="Mine", kind="staff", conditions={"channel": ["web"]})
    with pytest.raises(NotFound):
        criteria_services.redefine_criterion(user=anna, pk=money.pk, is_enabled=False)
