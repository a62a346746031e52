"""What a rule does besides, in the editor of the rules and in their tries (R59)."""

import pytest

from notifications.models import Endpoint
from tests.desk.helpers import get, post, words
from tests.factories.people import make_team
from tickets.models import QuickReply, RoutingRule, RuleDeed

VIP = {"when-shown": "1", "when-0-key": "tags", "when-0-is": "any", "when-0-text": "vip"}
TEAM = {"do-shown": "1", "do-0-what": "team", "do-0-value": "risk"}
FORM = {"name": "Important", "event": "arrival", "goes_on": "", **VIP, **TEAM}


@pytest.fixture
def risk(payments):
    return make_team("Risk")


@pytest.fixture
def rule(db):
    def make(**fields):
        return RoutingRule.objects.create(name="Payouts", **fields)

    return make


def test_a_rule_replies_calls_and_escalates_by_the_editors_rows(adam, risk, at):
    QuickReply.objects.create(title="We have it", body="Thank you.")
    Endpoint.objects.create(
        name="ERP", url="https://erp.example/", kinds=["breach"], secret="whsec_MTIz", created_at=at
    )
    escalate = {"team": "risk", "severity": "2", "reason": "technical", "ladder": ""}
    rows = {
        **{"do-1-what": "reply", "do-1-value": "We have it", "do-2-what": "note", "do-2-value": "Ask the bank."},
        **{"do-3-what": "webhook", "do-3-value": "ERP", "do-4-what": "open", "do-4-value": "functional"},
        **{f"do-4-{part}": value for part, value in escalate.items()},
    }

    answer = post(adam, "desk:routing_new", **FORM, **rows)

    made = RoutingRule.objects.get()
    assert answer.status_code == 302
    assert made.actions[1:] == [
        {"do": "reply", "value": "We have it"},
        {"do": "note", "value": "Ask the bank."},
        {"do": "webhook", "value": "ERP"},
        {"do": "open", "value": "functional", "team": "risk", "severity": 2, "reason": "technical"},
    ]
    page = words(get(adam, "desk:routing_rule", made.pk))
    assert 'name="do-4-ladder"' in page and "Ask the bank.</textarea>" in page
    assert "Open an escalation to Risk, severity 2" in words(get(adam, "desk:routing"))


def test_a_reply_that_is_gone_stands_in_the_list_as_gone(adam, risk, rule):
    made = rule(actions=[{"do": "team", "value": "risk"}])
    RoutingRule.objects.filter(pk=made.pk).update(actions=[{"do": "reply", "value": "Old words"}])

    assert "Old words (gone)" in words(get(adam, "desk:routing_rule", made.pk))
    assert "names what is not there any more: “Old words”" in words(get(adam, "desk:routing"))


def test_a_try_says_what_would_be_done_besides(adam, risk, rule, open_ticket):
    QuickReply.objects.create(title="We have it", body="Thank you.")
    rule(conditions={}, actions=[{"do": "team", "value": "risk"}, {"do": "reply", "value": "We have it"}])
    ticket = open_ticket(team=risk)

    page = words(get(adam, "desk:routing_try", q=ticket.number))

    assert "would reply with “We have it”" in page
    assert not RuleDeed.objects.exists() and ticket.messages.count() == 1
