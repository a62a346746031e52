"""Escalation regardless of the channel (R65)."""

from datetime import timedelta

import pytest

from escalation import services, sweep
from escalation.enums import Kind, Origin
from escalation.models import Escalation, Proposal
from escalation.services import criteria as criteria_services
from tests.factories.people import make_team
from tickets.enums import Channel


@pytest.mark.parametrize("channel", Channel.values)
def test_r65_whatever_the_channel_it_is_escalated_by_hand_by_a_criterion_and_by_a_promise(
    channel, policy, open_ticket, anna, adam, time, at
):
    make_team("Finance")
    refunds = {"kind": "funding", "conditions": {"keywords": ["refund"]}}
    criteria_services.define_criterion(user=adam, name="Money", mode="open", **refunds)
    criteria_services.define_criterion(user=adam, name="Here", kind="staff", conditions={"channel": [channel]})
    ticket = open_ticket(channel=channel, body="A refund")
    ask = {"severity": 3, "reason": "technical", "summary": "Look", "team_slug": "finance", "now": at}

    services.escalate(user=anna, ticket_number=ticket.number, kind="functional", **ask)
    sweep.run()
    time.move_to(at + timedelta(hours=6))
    sweep.run()

    found = Escalation.objects.filter(ticket=ticket)
    assert set(found.values_list("kind", "origin")) == {
        (Kind.FUNCTIONAL, Origin.AGENT),
        (Kind.HIERARCHICAL, Origin.RULE),
        (Kind.AUTOMATIC, Origin.SLA),
    }
    assert Proposal.objects.filter(ticket=ticket, criterion__name="Money", end="opened").exists()
