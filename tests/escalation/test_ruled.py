"""Routing rules that propose escalations, or open them (R9, R11, R14)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from common.failpoints import Point
from escalation import services, sweep
from escalation.enums import Kind, Origin, ProposalEnd, State
from escalation.models import Criterion, Escalation, Ladder, LadderLevel, Proposal
from notifications.models import Alert
from tests.factories.escalations import ASKED
from tests.factories.people import make_team
from tickets import actions
from tickets.models import RoutingRule, RuleDeed, Ticket
from tickets.rerouting import rounds

WANTS = {"value": "hierarchical", "severity": 2, "reason": "technical"}


@pytest.fixture
def finance(payments):
    return make_team("Finance")


def rule(do, **more):
    action = {"do": do, **WANTS, **{name: more.pop(name) for name in ("value", "team", "ladder") if name in more}}
    given = {"name": "Lawyers", "conditions": {"keywords": ["lawyer"]}, **more}
    return RoutingRule.objects.create(actions=[action], **given)


def left(ticket):
    return [event.data["reason"] for event in ticket.events.filter(kind="ticket.rule_left")]


def test_a_rule_proposes_and_people_accept_with_its_words(open_ticket, anna, mona, at):
    made = rule("propose")
    ticket = open_ticket(body="My lawyer will write.")

    sweep.run(), sweep.run()

    proposal = Proposal.objects.get()
    assert (proposal.criterion, proposal.rule_key, proposal.source) == (None, made.pk, "Lawyers")
    assert [part["found"] for part in proposal.fired["parts"]] == ["“lawyer”"]
    assert not Escalation.objects.exists()

    raised = services.accept_proposal(user=anna, pk=proposal.pk, now=at)

    assert (raised.ticket, raised.severity, raised.reason, raised.origin) == (ticket, 2, "technical", Origin.RULE)
    proposal.refresh_from_db()
    assert proposal.end == ProposalEnd.ACCEPTED


def test_who_decides_is_told_of_what_a_rule_proposes(open_ticket, payments, at):
    rule("propose")
    open_ticket(body="My lawyer will write.")

    sweep.run(), sweep.run()

    assert Alert.objects.filter(title__contains="“Lawyers” proposes to escalate it").exists()


def test_a_rule_opens_exactly_one_however_often_it_fires(open_ticket, anna, time):
    rule("open", event="change", conditions={"priority": ["urgent"]})
    ticket = open_ticket()

    for priority in ("urgent", "low", "urgent"):
        actions.set_priority(ticket=ticket, priority=priority, now=time.now, by=anna)
        rounds.run(), sweep.run()

    escalation = Escalation.objects.get()
    assert (escalation.kind, escalation.state, escalation.requester) == (Kind.HIERARCHICAL, State.REQUESTED, None)
    assert escalation.proposal.end == ProposalEnd.OPENED


def test_a_functional_one_hands_the_ticket_to_its_team(open_ticket, finance, at):
    rule("open", value="functional", team="finance")
    ticket = open_ticket(body="My lawyer will write.")

    sweep.run()

    ticket.refresh_from_db()
    assert (Escalation.objects.get().kind, ticket.team) == (Kind.FUNCTIONAL, finance)


def test_it_climbs_the_ladder_that_the_rule_names(open_ticket, finance, at):
    night = Ladder.objects.create(name="Night")
    LadderLevel.objects.create(ladder=night, level=1, reach="admins", delay=timedelta())
    rule("open", value="functional", team="finance", ladder="Night")
    open_ticket(body="My lawyer will write.")

    sweep.run()

    assert Escalation.objects.get().ladder_name == "Night"


@pytest.mark.parametrize("point", [Point.AFTER_CLAIM, Point.BEFORE_COMMIT, Point.AFTER_COMMIT])
def test_a_process_that_dies_leaves_exactly_one(open_ticket, crash_at, point):
    rule("open")
    open_ticket(body="My lawyer will write.")

    for _death in range(3):
        with crash_at(point):
            sweep.run()
    sweep.run()

    assert Escalation.objects.count() == Proposal.objects.count() == 1


def test_what_is_under_way_or_there_already_is_not_asked_for_again(open_ticket, finance, anna, at):
    rule("open", value="functional", team="finance")
    there = open_ticket(body="My lawyer", team=None)
    Ticket.objects.filter(pk=there.pk).update(team=finance)

    sweep.run()

    assert left(there) == ["The ticket is with Finance already."]
    assert not Proposal.objects.exists()


def test_a_team_that_is_gone_by_then_opens_nothing_and_says_so(open_ticket, finance, at):
    rule("open", value="functional", team="finance")
    ticket = open_ticket(body="My lawyer will write.")
    finance.delete()

    sweep.run()

    assert left(ticket) == ["There is no team “finance”."]


def test_what_a_rule_proposed_stays_when_the_rule_goes(open_ticket, anna, at):
    made = rule("propose")
    open_ticket(body="My lawyer will write.")
    sweep.run()

    made.delete()

    proposal = Proposal.objects.get()
    assert (proposal.source, services.criteria.access_proposal(anna, proposal.pk).rule_exists) == ("Lawyers", False)


def test_a_proposal_is_of_a_criterion_or_of_a_rule(open_ticket, at):
    ticket = open_ticket()

    for given in ({}, {"rule_key": 1, "criterion": _criterion()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.create(ticket=ticket, mode="propose", at=at, **ASKED, **given)


def test_two_letters_of_one_rule_are_one(open_ticket, at):
    made = rule("open")
    ticket = open_ticket(body="My lawyer will write.")

    with pytest.raises(IntegrityError), transaction.atomic():
        RuleDeed.objects.create(ticket=ticket, rule_key=made.pk, rule_name="x", do="open", at=at)


def _criterion():
    return Criterion.objects.create(name="Money", kind="funding", reason="funding", conditions={"tags": ["x"]})
