"""What the database finds for conditions is what they hold for, ticket by ticket."""

from collections import ChainMap
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.models import Organisation
from tests.factories.people import make_team, make_user
from tickets import selecting
from tickets.conditions import compiled
from tickets.matching import facts_of_many
from tickets.models import Ticket
from tickets.selecting import count, narrowed

ASKED = [
    {},
    {"priority": ["urgent", "high"]},
    {"priority": {"not": ["urgent"]}, "type": ["incident", "question"]},
    {"channel": {"not": ["web"]}},
    {"team": ["payments"]},
    {"team": {"not": ["payments"]}},
    {"team": {"given": False}},
    {"tier": ["enterprise"]},
    {"tier": {"not": ["enterprise"]}},
    {"organisation": {"given": False}},
    {"organisation": {"given": True, "not": ["livraria-aurora"]}},
    {"contract": ["Gold"]},
    {"contract": {"given": False}},
    {"contract": {"not": ["Gold"]}},
    {"language": ["pt-br"]},
    {"language": {"not": ["pt-br"]}},
    {"tags": ["a", "b"]},
    {"tags": {"all": ["a", "b"]}},
    {"tags": {"not": ["b"]}},
    {"tags": {"given": False}},
    {"tags": {"given": True, "not": ["b"]}},
    {"keywords": ["late"]},
    {"keywords": ["late pay*", "nothing"]},
    {"keywords": {"all": ["late", "payout"]}},
    {"keywords": {"not": ["late"]}},
    {"field:in": [5]},
    {"field:in": {"not": [5]}},
    {"field:in": {"from": 5}},
    {"field:in": {"to": 5.5, "from": 1}},
    {"field:in": {"given": False}},
    {"field:in": {"given": True, "not": [7]}},
    {"field:day": {"from": "2026-11-20"}},
    {"field:day": {"to": "2026-11-20"}},
    {"field:bank": ["Itaú", "x"]},
    {"field:bank": {"not": ["Itaú"]}},
    {"field:note": {"words": ["conta"]}},
    {"field:note": {"without": ["conta"]}},
    {"tags": ["a"], "keywords": ["late"], "field:in": {"from": 1}},
    {"keywords": {"matches": "late|atras"}},
    {"subject": ["late"]},
    {"subject": {"matches": "^late$", "not": ["payout"]}},
    {"message": {"matches": r"late\s+pay"}},
    {"message": {"any": ["late"], "matches_not": "payments"}},
    {"sender": ["other.example"]},
    {"sender": {"matches": "@other[.]example$"}, "priority": ["high"]},
    {"field:note": {"matches": "nova$"}},
    {"field:note": {"matches_not": "nova$", "given": False}},
]
SOME = st.lists(st.sampled_from(ASKED), min_size=1, max_size=4).map(lambda some: dict(ChainMap(*some)))


@pytest.fixture
def tickets(open_ticket, cora, stan, db):
    Organisation.objects.update(contract="Gold")
    other = Organisation.objects.create(name="Other", slug="other", tier="business")
    lusa = make_user("Lusa Prado", "customer", email="lusa@other.example", organisation=other, language="pt-br")
    risk = make_team("Risk")
    open_ticket(tags=["a"], priority="urgent", fields={"in": 5, "day": "2026-11-20", "bank": "Itaú"})
    open_ticket(tags=["a", "b"], subject="Late", kind="incident", fields={"in": 7.5, "note": "conta nova"})
    open_ticket(requester=stan, body="A late payout.", channel="email", fields={"in": 1, "day": "2026-11-21"})
    open_ticket(requester=lusa, team=risk, priority="high", body="Late payments, a payout.", fields={"bank": "Inter"})
    nobodys = open_ticket(requester=lusa, tags=["b"], kind="task", fields={"in": 7})
    Ticket.objects.filter(pk=nobodys.pk).update(team=None)
    return Ticket.objects.all()


def test_the_database_finds_what_holds(tickets):
    everything = list(facts_of_many(tickets))

    for conditions in ASKED:
        wanted = [number for number, facts in everything if compiled(conditions)(facts)]
        found, rest = narrowed(tickets, conditions)
        left = [number for number, facts in facts_of_many(found) if compiled(rest)(facts)]

        assert left == wanted, conditions
        if not rest:
            assert sorted(found.values_list("number", flat=True)) == wanted, conditions


def test_the_database_finds_what_holds_whatever_is_asked_together(tickets):
    everything = list(facts_of_many(tickets))

    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(SOME)
    def check(conditions):
        found, rest = narrowed(tickets, conditions)
        holds = compiled(rest)

        assert [number for number, facts in facts_of_many(found) if holds(facts)] == [
            number for number, facts in everything if compiled(conditions)(facts)
        ]

    check()


def test_counted_is_what_was_opened_since_and_is_still_there(open_ticket, at):
    open_ticket(now=at - timedelta(days=40), tags=["a"])
    kept, gone, _other = open_ticket(tags=["a"]), open_ticket(tags=["a"]), open_ticket()
    Ticket.objects.filter(pk=gone.pk).update(trashed_at=at)

    counted = count({"tags": ["a"]}, since=at - timedelta(days=30))

    assert (counted.number, counted.read) == (1, None)
    assert kept.number


def test_where_words_are_asked_no_more_texts_are_read_than_is_bearable(open_ticket, at, monkeypatch):
    for _number in range(3):
        open_ticket(body="It is late.")
    since = at - timedelta(days=1)

    assert count({"keywords": ["late"]}, since=since).number == 3
    monkeypatch.setattr(selecting, "MOST_READ", 2)
    bounded = count({"keywords": ["late"]}, since=since)

    assert (bounded.number, bounded.read) == (2, 2)
