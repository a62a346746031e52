"""The vocabulary of conditions: what holds, what is a mistake, how it is said."""

import time as stopwatch
from decimal import Decimal

import pytest
from django.utils import translation

from common.errors import InvalidInput
from people.merging.actions import merge_houses
from tests.factories.people import make_organisation
from tickets import vocabulary
from tickets.conditions import (
    KEYS,
    Facts,
    Field,
    Vocabulary,
    check,
    compiled,
    describe,
    explain,
    holds,
    in_words,
    mistakes_in,
    specificity,
)
from tickets.enums import FieldType

pytestmark = pytest.mark.once
DESK = Vocabulary(
    teams={"payments": "Payments", "settlement": "Settlement"},
    organisations={"aurora": "Livraria Aurora"},
    fields={
        "amount": Field("Amount", FieldType.NUMBER),
        "day": Field("Day of payout", FieldType.DATE),
        "bank": Field("Bank", FieldType.CHOICE, ("Itaú", "Bradesco")),
        "note": Field("Note", FieldType.TEXT),
    },
)
FACTS = Facts(
    priority="urgent",
    kind="incident",
    channel="email",
    team="payments",
    tier="enterprise",
    organisation="aurora",
    contract="Gold 2026",
    language="pt-br",
    tags=frozenset({"vip", "refund"}),
    subject="Repasse está atrasado",
    text="O pagamento de outubro não chegou.",
    fields={"amount": 120, "day": "2026-11-20", "bank": "Itaú", "note": "conta corrente"},
)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, True),
        ({"priority": ["urgent", "high"]}, True),
        ({"priority": ["low"]}, False),
        ({"type": ["incident"]}, True),
        ({"type": {"not": ["incident", "problem"]}}, False),
        ({"channel": {"not": ["chat"]}}, True),
        ({"team": ["payments"], "tier": ["standard"]}, False),
        ({"contract": ["Gold 2026"], "language": ["pt-br"], "organisation": ["aurora"]}, True),
        ({"organisation": {"given": False}}, False),
        ({"tags": ["vip", "press"]}, True),
        ({"tags": {"all": ["vip", "press"]}}, False),
        ({"tags": {"all": ["vip", "refund"]}}, True),
        ({"tags": {"any": ["vip"], "not": ["refund"]}}, False),
        ({"tags": {"given": True}}, True),
        ({"field:amount": {"from": 100}}, True),
        ({"field:amount": {"from": 100, "to": 119.5}}, False),
        ({"field:amount": [120.0]}, True),
        ({"field:missing": {"from": 0}}, False),
        ({"field:missing": {"given": False}}, True),
        ({"field:missing": {"not": ["x"]}}, True),
        ({"field:day": {"to": "2026-11-20"}}, True),
        ({"field:day": {"from": "2026-11-21"}}, False),
        ({"field:day": {"from": 5}}, False),
        ({"field:bank": ["Itaú"]}, True),
        ({"field:note": {"words": ["CORRENTE"]}}, True),
        ({"field:note": {"without": ["conta"]}}, False),
        ({"field:missing": {"words": ["conta"]}}, False),
        ({"field:missing": {"without": ["conta"]}}, True),
    ],
)
def test_a_condition_holds_when_every_part_of_it_does(conditions, expected):
    assert holds(conditions, FACTS) is expected


@pytest.mark.parametrize(
    ("keyword", "expected"),
    [
        ("esta", True),
        ("ESTÁ", True),
        ("pagamento", True),
        ("paga", False),
        ("paga*", True),
        ("gamento", False),
        ("pagamento de outubro", True),
        ("pagamento de out*", True),
        ("de pagamento", False),
        ("não-chegou", True),
        # The subject's last word and the text's first do not stand side by side.
        ("atrasado O", False),
        ("!", False),
    ],
)
def test_keywords_are_words_without_regard_to_case_and_accents(keyword, expected):
    assert holds({"keywords": [keyword]}, FACTS) is expected
    assert holds({"keywords": {"not": [keyword]}}, FACTS) is not expected


def test_all_keywords_can_be_asked_for():
    assert holds({"keywords": {"all": ["repasse", "pagam*"]}}, FACTS)
    assert not holds({"keywords": {"all": ["repasse", "fatura"]}}, FACTS)


def test_a_text_that_was_made_to_be_slow_is_read_in_time():
    """Linear: a hundred keywords over a text full of their beginnings."""
    facts = Facts(priority="low", channel="email", text="a" * 50_000 + " a" * 25_000)
    predicate = compiled({"keywords": ["a " * number + "b" for number in range(1, 60)] + ["a" * 59 + "b"]})

    started = stopwatch.thread_time()
    assert not predicate(facts)

    assert stopwatch.thread_time() - started < 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "Conditions must be an object of lists."),
        ({"mood": ["bad"]}, f"There is no condition “mood”; there are {', '.join(KEYS)}, field:…."),
        ({"priority": "urgent"}, "“priority” needs a list of values."),
        ({"priority": []}, "“priority” needs a list of values."),
        ({"priority": {}}, "“priority” needs a value."),
        ({"priority": [True]}, "“priority” needs texts."),
        ({"priority": [""]}, "Each value of “priority” is a line of 1 to 200 characters."),
        ({"contract": ["a\x00b"]}, "Each value of “contract” is a line of 1 to 200 characters."),
        ({"contract": ["\ud800"]}, "Each value of “contract” is a line of 1 to 200 characters."),
        ({"field:amount": [10**5000]}, "Each value of “field:amount” is a line of 1 to 200 characters."),
        ({"priority": ["shouting"]}, "There is no “shouting” of “priority”; there are low, normal, high, urgent."),
        ({"tier": ["gold"]}, "There is no “gold” of “tier”; there are standard, business, enterprise."),
        ({"channel": {"not": ["bot"]}}, "There is no “bot” of “channel”; there are email, web, api, phone, chat."),
        ({"channel": {"all": ["web"]}}, "“channel” has no “all”; there are any, not."),
        ({"language": ["xx"]}, "There is no “xx” of “language”; there are en, pt-br, es, ru."),
        ({"team": ["ghosts"]}, "There is no team “ghosts”."),
        ({"organisation": {"not": ["ghosts"]}}, "There is no organisation “ghosts”."),
        ({"organisation": {"given": "yes"}}, "“organisation” is given or not: true or false."),
        ({"keywords": ["?!"]}, "“?!” holds no word that could be found."),
        ({"tags": ["a"] * 101}, "“tags” takes at most 100 values."),
        ({"tags": ["a" * 41]}, "A tag has at most 40 characters."),
        ({"field:gone": ["a"]}, "There is no custom field “gone”."),
        ({"field:bank": ["Nubank"]}, "There is no “Nubank” of “field:bank”; there are Itaú, Bradesco."),
        ({"field:amount": {"from": "much"}}, "“much” of “field:amount” is not a number."),
        ({"field:amount": ["1e400"]}, "“1e400” of “field:amount” is not a number."),
        ({"field:day": ["soon"]}, "“soon” of “field:day” is not a date such as 2026-11-18."),
        (
            {"field:amount": {"from": 5, "to": 1}},
            "“field:amount” goes from 5 to 1: the first must not be the greater.",
        ),
        (
            {"field:note": {"any": ["a"]}},
            "“field:note” has no “any”; there are words, without, matches, matches_not, given.",
        ),
        ({f"field:{number}": ["a"] for number in range(41)}, "There are at most 40 conditions."),
    ],
)
def test_a_mistake_is_one_clear_sentence(given, sentence):
    with pytest.raises(InvalidInput) as error:
        check(given, DESK)

    assert error.value.errors == {"conditions": [sentence]}


def test_every_mistake_is_told_at_once():
    with pytest.raises(InvalidInput) as error:
        check({"priority": ["x"], "mood": ["y"], "tier": ["enterprise"]}, DESK)

    assert len(error.value.errors["conditions"]) == 2


@pytest.mark.parametrize(
    "given",
    [
        {"priority": {"not": ["low", "normal", "high", "urgent"]}},
        {"tier": {"any": ["business"], "not": ["business"]}},
        {"tags": {"all": ["vip", "test"], "not": ["test"]}},
        {"tags": {"given": False, "any": ["vip"]}},
        {"keywords": {"any": ["late payment"], "not": ["pay*"]}},
        {"field:amount": {"any": [5], "from": 6}},
        {"field:day": {"from": "2026-11-20", "to": "2026-11-20", "not": ["2026-11-20"]}},
    ],
)
def test_what_no_ticket_can_meet_is_said_when_it_is_saved(given):
    with pytest.raises(InvalidInput) as error:
        check({"channel": ["email"], **given}, DESK)

    assert str(error.value) == f"No ticket can ever meet this: “{next(iter(given))}” contradicts itself."


def test_one_condition_is_stored_in_one_way():
    given = {
        "priority": {"any": ["high", "high"]},
        "tags": {"not": [" VIP "], "any": ["a"]},
        "field:amount": {"from": "100", "to": 2.0},
        "field:note": ["bank"],
        "keywords": [" payout* "],
    }
    given["field:amount"]["to"] = "100.5"

    assert check(given, DESK) == {
        "priority": ["high"],
        "tags": {"any": ["a"], "not": ["vip"]},
        "field:amount": {"from": 100, "to": 100.5},
        "field:note": {"words": ["bank"]},
        "keywords": ["payout*"],
    }
    assert check(check(given, DESK), DESK) == check(given, DESK)
    assert Decimal(str(check(given, DESK)["field:amount"]["to"])) == Decimal("100.5")


def test_what_has_been_deleted_since_is_told_of_stored_conditions():
    stored = {"team": ["payments", "closed"], "tier": ["enterprise"]}

    assert mistakes_in(stored, DESK) == ["There is no team “closed”."]
    assert mistakes_in({"team": ["payments"]}, DESK) == []


def test_conditions_are_read_aloud_as_chips():
    asked = {
        "tier": ["enterprise"],
        "channel": {"not": ["chat"]},
        "team": ["payments", "settlement"],
        "tags": {"all": ["vip", "refund"], "not": ["test"]},
        "keywords": ["payout*"],
        "field:amount": {"from": 1000},
        "field:day": {"from": "2026-11-01", "to": "2026-11-30"},
        "field:bank": {"given": False},
        "field:gone": ["x"],
    }

    assert [chip.words for chip in describe(asked, DESK)] == [
        "customer tier is Enterprise",
        "channel is not Chat",
        "team in Payments, Settlement",
        "tag is each of vip, refund",
        "tag is not test",
        "text has “payout*”",
        "Amount is at least 1000",
        "Day of payout is from 1 Nov 2026 to 30 Nov 2026",
        "Bank is not given",
        "gone is x",
    ]
    assert in_words({"tier": ["business"], "type": ["task"]}, DESK) == "customer tier is Business and type is Task"
    assert in_words({}, DESK) == "every ticket"


def test_an_explanation_says_what_was_wanted_and_what_was_found():
    asked = {
        "tier": ["enterprise"],
        "priority": {"not": ["urgent"]},
        "contract": ["Silver"],
        "tags": {"any": ["vip"], "not": ["test"]},
        "keywords": ["repasse*", "fatura"],
        "field:amount": {"to": 100},
    }

    parts = explain(asked, FACTS, DESK)

    assert [(part.key, part.holds, part.sentence) for part in parts] == [
        ("tier", True, "customer tier is Enterprise: yes, Enterprise"),
        ("priority", False, "priority is not Urgent: no, it is Urgent"),
        ("contract", False, "contract is Silver: no, it is Gold 2026"),
        ("tags", True, "tag is vip: yes, refund, vip"),
        ("tags", True, "tag is not test: yes, refund, vip"),
        ("keywords", True, "text has one of “repasse*”, “fatura”: yes, “repasse…”"),
        ("field:amount", False, "Amount is at most 100: no, it is 120"),
    ]
    assert (parts[0].wanted, parts[0].found) == ("Enterprise", "Enterprise")
    nothing = Facts(priority="low", channel="web")
    assert explain({"team": ["payments"]}, nothing, DESK)[0].sentence == "team is Payments: no, there is none"
    assert explain({"keywords": {"not": ["tax"]}}, nothing, DESK)[0].sentence == "text has no “tax”: yes, there is none"


def test_an_explanation_is_in_the_readers_language_where_it_has_words():
    with translation.override("pt-br"):
        assert explain({"field:amount": {"to": 0.5}}, FACTS, DESK)[0].wanted == "0,5"


def test_an_explanation_agrees_with_the_verdict():
    for conditions in ({"tags": {"all": ["vip"], "not": ["x"]}}, {"tier": ["business"]}, {"keywords": ["repasse"]}):
        parts = explain(conditions, FACTS, DESK)

        assert all(part.holds for part in parts) is holds(conditions, FACTS)


def test_who_asks_for_more_is_more_specific():
    ranked = [
        {},
        {"keywords": {"not": ["test"]}},
        {"priority": {"not": ["low"]}},
        {"priority": ["high", "urgent"]},
        {"priority": ["urgent"]},
        {"priority": ["urgent"], "tier": {"not": ["standard"]}},
        {"priority": ["urgent"], "tier": ["enterprise"]},
        {"priority": ["urgent"], "tier": ["enterprise"], "field:amount": {"from": 1}},
        {"priority": ["urgent"], "tier": ["enterprise"], "field:amount": {"from": 1, "to": 2}},
    ]

    assert sorted(ranked[1:], key=specificity)[-5:] == ranked[-5:]
    assert specificity(ranked[0]) < min(map(specificity, ranked[1:]))
    assert specificity(ranked[2]) < specificity(ranked[3]) < specificity(ranked[4])


def test_what_an_organisation_was_called_before_a_merge_means_what_it_went_into(cora, adam, at):
    gone = make_organisation("Aurora Books")
    merge_houses(by=adam, stays=cora.organisation.pk, goes=gone.pk, now=at)

    kept = vocabulary.check({"organisation": {"not": [gone.slug]}})

    assert kept == {"organisation": {"not": [cora.organisation.slug]}}
