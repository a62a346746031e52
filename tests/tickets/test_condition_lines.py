"""Conditions typed as lines, where there is no editor with rows: routing rules in the maintenance door."""

import pytest
from django.urls import reverse

from common.errors import InvalidInput
from common.models import ConfigurationChange
from tests.desk.helpers import signed_in, words
from tickets.conditions import Field, Vocabulary, as_lines, from_lines
from tickets.conditions import check as checked
from tickets.models import RoutingRule

TO_PAYMENTS = '[{"do": "team", "value": "payments"}]'
KNOWN = Vocabulary(
    teams={"payments": "Payments"},
    organisations={"loja": "Loja"},
    fields={"amount": Field("Amount", "number"), "note": Field("Note", "text"), "day": Field("Day", "date")},
)


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"priority": ["urgent", "high"]},
        {"channel": {"not": ["chat"]}, "team": {"given": False}, "contract": {"given": True}},
        {"tags": {"any": ["vip"], "all": ["refund, late", "two"], "not": ['with "marks"']}},
        {"tags": ["given", "not mine", "at home", "one of us"]},
        {"keywords": {"any": ["late payment", "payout*"], "all": ["bank"], "not": ["test"]}},
        {"field:amount": {"from": 100, "to": 250.5}},
        {"field:amount": [1, 2]},
        {"field:day": {"from": "2026-11-18"}},
        {"field:note": {"words": ["bank"], "without": ["test", "is not"], "given": True}},
        {"organisation": ["loja"]},
        {"subject": {"any": ["late"], "matches": 'a{1,2} "b", c|at', "matches_not": "not"}, "sender": ["x.example"]},
        {"field:note": {"matches": "bank", "matches_not": "^test"}},
    ],
)
def test_what_is_written_is_read_back_as_it_is_kept(conditions):
    kept = checked(conditions, KNOWN)

    assert checked(from_lines(as_lines(kept), KNOWN), KNOWN) == kept


@pytest.mark.parametrize(
    ("line", "means"),
    [
        ("priority IS urgent,high", {"priority": ["urgent", "high"]}),
        ("  tags  is   each of vip ,  refund ", {"tags": {"all": ["vip", "refund"]}}),
        ("keywords has one of payout*\n\n", {"keywords": ["payout*"]}),
        ("field:note is bank", {"field:note": {"words": ["bank"]}}),
        ("contract is not given", {"contract": {"given": False}}),
        ("channel is chat\nchannel is not chat, web", None),
    ],
)
def test_it_may_be_typed_as_it_is_said(line, means):
    if means is None:
        with pytest.raises(InvalidInput, match="contradicts itself"):
            checked(from_lines(line, KNOWN), KNOWN)
    else:
        assert checked(from_lines(line, KNOWN), KNOWN) == means


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("urgent ones", "Line 1: “urgent ones” is no condition; write “priority is urgent, high”."),
        ('{"priority": ["urgent"]}', "is no condition"),
        ("priority is", "Line 1: “priority” needs a value."),
        ("priority is ,", "needs a value"),
        ("tags is vip\n\ntags is one of spam", "Line 3: “tags” is asked twice in the same way"),
        ("team is given maybe", "nothing follows"),
        ("field:amount is at least 1, 2", "write one value"),
        ("priority is purple", "There is no “purple” of “priority”; there are low, normal, high, urgent."),
        ("moon is full", "There is no condition “moon”"),
        ("team is risk", "There is no team “risk”."),
        ("field:moon is full", "There is no custom field “moon”."),
        ("field:amount is much", "is not a number"),
        ("tags is at least vip", "“tags” has no “from”"),
        ("priority is " + "x" * 5000, "is a line of 1 to 200 characters"),
        ("\x00 is \x00", "There is no condition"),
    ],
)
def test_a_line_that_makes_no_sense_gets_one_sentence(line, sentence):
    with pytest.raises(InvalidInput) as refused:
        checked(from_lines(line, KNOWN), KNOWN)

    assert sentence in str(refused.value)
    assert len(refused.value.errors["conditions"]) == 1


def test_a_rule_is_typed_read_back_and_refused_in_a_sentence_with_what_was_typed_kept(adam, payments):
    client = signed_in(adam)
    given = {"name": "Pressing", "order": "10", "actions": TO_PAYMENTS, "is_enabled": "on"}
    add = reverse("admin:tickets_routingrule_add")

    refused = client.post(add, given | {"conditions": "priority is purple"})
    client.post(add, given | {"conditions": "tags is not test\npriority is urgent, high"})
    rule = RoutingRule.objects.get()
    shown = words(client.get(reverse("admin:tickets_routingrule_change", args=[rule.pk])))
    listed = words(client.get(reverse("admin:tickets_routingrule_changelist")))

    assert "There is no “purple” of “priority”" in words(refused)
    assert "priority is purple</textarea>" in words(refused)
    assert rule.conditions == {"priority": ["urgent", "high"], "tags": {"not": ["test"]}}
    assert "tags is not test\npriority is urgent, high</textarea>" in shown
    assert "tags is not test; priority is urgent, high" in listed
    assert ConfigurationChange.objects.get().after["conditions"] == rule.conditions


def test_a_rule_that_is_never_reached_is_told_about_when_it_is_saved(adam, payments):
    client = signed_in(adam)
    RoutingRule.objects.create(name="All", order=1)

    saved = client.post(
        reverse("admin:tickets_routingrule_add"),
        {"name": "Late", "order": "2", "actions": TO_PAYMENTS, "is_enabled": "on", "conditions": "channel is chat"},
        follow=True,
    )

    assert "“Late” is never reached: All takes everything first." in words(saved)


def test_what_the_maintenance_door_makes_of_a_rule_is_a_version_to_which_one_can_return(adam, payments):
    rule = RoutingRule.objects.create(name="Late", order=2, actions=[{"do": "team", "value": "payments"}])
    address = reverse("admin:tickets_routingrule_change", args=[rule.pk])
    given = {"name": "Late", "order": "2", "actions": TO_PAYMENTS, "is_enabled": "on"}

    signed_in(adam).post(address, {**given, "conditions": "channel is chat"})
    signed_in(adam).post(address, {**given, "conditions": "channel is chat", "order": "5"})

    rule.refresh_from_db()
    assert rule.version == 2
    assert [(one.number, one.content["conditions"]) for one in rule.versions.all()] == [
        (2, {"channel": ["chat"]}),
        (1, {}),
    ]
    assert rule.versions.first().by == adam
