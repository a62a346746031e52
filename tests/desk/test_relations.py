"""What an escalation is linked to, in its room and beside the ticket (R19)."""

import pytest
from django.urls import reverse

from escalation.initiate import relations
from escalation.models import Escalation, EscalationLink
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.people import make_team
from tickets import actions as tickets


@pytest.fixture
def pair(open_ticket, ask):
    """Two escalations of the same team."""
    return ask(open_ticket(subject="One")), ask(open_ticket(subject="Other"), summary="Refund the terminals")


def room(user, escalation) -> str:
    return words(get(user, "desk:escalation", escalation.number))


def test_r19_a_relation_is_made_in_the_room_shown_in_both_and_taken_away(pair, anna):
    one, other = pair
    assert reverse("desk:escalation_link", args=[one.number]) in room(anna, one)

    answer = post(anna, "desk:escalation_link", one.number, relation="child_of", to=f"e-{other.number} ")

    assert answer["Location"] == reverse("desk:escalation", args=[one.number])
    here, there = room(anna, one), room(anna, other)
    assert f"{other.reference} Refund the terminals</a>" in here
    assert "<small>child of</small>" in here
    assert "<small>parent of</small>" in there
    assert f"Anna Lindqvist linked {one.reference}: child of {other.reference}" in here
    assert f"Anna Lindqvist linked {other.reference}: parent of {one.reference}" in there

    post(anna, "desk:escalation_verb", other.number, "unlink", link=EscalationLink.objects.get().pk)

    assert "<small>child of</small>" not in room(anna, one)
    assert f"took away a link of {other.reference}: parent of {one.reference}" in room(anna, other)


def test_r19_a_ticket_is_linked_in_the_room_and_shows_it_on_its_page(pair, open_ticket, anna):
    one, ticket = pair[0], open_ticket(subject="Payouts stuck")

    post(anna, "desk:escalation_link", one.number, relation="caused_by", to=f"#{ticket.number}")

    here, there = room(anna, one), words(get(anna, "desk:ticket", ticket.number))
    assert "<small>caused by</small>" in here
    assert f"#{ticket.number} Payouts stuck</a>" in here
    assert "<small>causes</small>" in there
    assert f"{one.reference} {one.summary}</a>" in there


@pytest.mark.parametrize(
    ("to", "status", "sentence"),
    [
        ("", 422, "Say what it is linked to."),
        ("<b>payouts</b>", 422, "Give an escalation, like E-207, or a ticket, like #4821."),
        ("E-987654", 422, "There is no E-987654 that you may see."),
        ("E-{one}", 422, "An escalation is not linked to itself."),
        ("E-{other}", 409, "They are linked like that already."),
    ],
)
def test_r19_what_cannot_be_linked_is_said_beside_what_was_typed(to, status, sentence, pair, anna, at):
    one, other = pair
    relations.link(user=anna, number=one.number, to=other.reference, relation="causes", now=at)

    given = to.format(one=one.number, other=other.number)
    answer = post(anna, "desk:escalation_link", one.number, relation="causes", to=given)

    assert answer.status_code == status
    assert sentence in words(answer)
    assert '<option value="causes" selected>' in words(answer)
    assert given.replace("<", "&lt;").replace(">", "&gt;") in words(answer)


def test_r19_a_link_that_is_gone_is_answered_in_the_room(pair, anna):
    answer = post(anna, "desk:escalation_verb", pair[0].number, "unlink", link=987654)

    assert answer.status_code == 422
    assert "There is nothing here for you." in words(answer)


def test_r19_the_room_and_the_ticket_name_nothing_that_the_reader_may_not_see(pair, open_ticket, anna, mona, rosa, at):
    one, other = pair
    ticket = open_ticket(subject="Payouts stuck")
    for to in (one.reference, f"#{ticket.number}"):
        relations.link(user=mona, number=other.number, to=to, relation="causes", now=at)
    legal = make_team("Legal", lead=rosa, restricted=True)
    tickets.assign(ticket=other.ticket, now=at, by=mona, team=legal, assignee=None)

    pages = [room(anna, one), words(get(anna, "desk:ticket", ticket.number))]

    assert [page for page in pages if other.summary in page] == []
    assert other.summary in room(mona, one)


@pytest.mark.once
def test_r19_the_queries_do_not_grow_with_what_is_linked(pair, open_ticket, anna, at):
    one, other, ticket = *pair, open_ticket()
    browser = signed_in(anna)
    pages = [reverse("desk:escalation", args=[one.number]), reverse("desk:ticket", args=[ticket.number])]
    counts = []
    for page in pages:
        queries(browser, page)
    for more in (1, 2, 46):
        made = Escalation.objects.bulk_create(_closed(other, n, at) for n in range(more))
        common = {"relation": "related", "made_at": at, "made_by": anna}
        EscalationLink.objects.bulk_create(EscalationLink(source=one, target=row, **common) for row in made)
        EscalationLink.objects.bulk_create(EscalationLink(source=row, ticket=ticket, **common) for row in made)
        counts.append([queries(browser, page) for page in pages])

    assert counts[0] == counts[1] == counts[2]
    assert words(browser.get(pages[0])).count("<small>related to</small>") == 49


def _closed(like: Escalation, number: int, at) -> Escalation:
    return Escalation(
        ticket=like.ticket,
        procedure=like.procedure,
        kind="functional",
        origin="agent",
        state="closed",
        severity=3,
        reason="tools",
        summary=f"Matter {number}",
        opened_at=at,
        step_since=at,
    )
