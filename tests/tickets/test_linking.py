from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from notifications.models import Delivery
from tests.factories.people import make_team
from tickets import services
from tickets.enums import EventKind, Kind, Relation, Status
from tickets.models import Link
from tickets.problems import incidents_of

HOUR = timedelta(hours=1)


@pytest.fixture
def pair(open_ticket):
    return open_ticket(), open_ticket()


def test_a_link_is_told_on_both_sides(pair, anna, at):
    one, other = pair

    services.link(user=anna, number=one.number, other=other.number, relation="blocks", now=at)

    told = {event.ticket_id: event.data for event in one.events.model.objects.filter(kind=EventKind.LINKED)}
    assert (told[one.number]["side"], told[one.number]["number"]) == ("out", other.number)
    assert (told[other.number]["side"], told[other.number]["number"]) == ("in", one.number)


def test_back_links_the_other_way_round(pair, anna, at):
    one, other = pair

    made = services.link(user=anna, number=one.number, other=other.number, relation="caused_by", back=True, now=at)

    assert (made.source, made.target) == (other, one)


def test_a_second_one_of_the_same_meaning_is_refused(pair, anna, at):
    one, other = pair
    services.link(user=anna, number=one.number, other=other.number, relation="related", now=at)

    with pytest.raises(NotAllowedNow, match="already"):
        services.link(user=anna, number=other.number, other=one.number, relation="related", now=at)


@pytest.mark.parametrize("relation", ["split_from", "cousin_of"])
def test_only_known_relations_are_made_by_hand(pair, anna, at, relation):
    with pytest.raises(InvalidInput, match="A relation is one of"):
        services.link(user=anna, number=pair[0].number, other=pair[1].number, relation=relation, now=at)


def test_a_ticket_is_not_linked_to_itself_nor_to_one_that_is_not_seen(pair, open_ticket, anna, rosa, at):
    hidden = open_ticket(team=make_team("Risk", lead=rosa, restricted=True))

    with pytest.raises(InvalidInput, match="itself"):
        services.link(user=anna, number=pair[0].number, other=pair[0].number, relation="related", now=at)
    with pytest.raises(NotFound):
        services.link(user=anna, number=pair[0].number, other=hidden.number, relation="related", now=at)


def test_a_link_goes_with_a_line_on_both(pair, anna, at):
    one, other = pair
    made = services.link(user=anna, number=one.number, other=other.number, relation="related", now=at)

    services.unlink(user=anna, link=made.pk, now=at)

    assert not Link.objects.exists()
    assert one.events.filter(kind=EventKind.LINKED, data__removed=True).exists()
    assert other.events.filter(kind=EventKind.LINKED, data__removed=True).exists()


@pytest.mark.parametrize("side", [0, 1])
def test_a_removal_is_undone_from_either_side_as_the_link_was(pair, anna, mona, at, side):
    made = services.link(user=anna, number=pair[0].number, other=pair[1].number, relation="blocks", now=at)
    told = services.unlink(user=mona, link=made.pk, now=at + HOUR, here=pair[side].number)

    again = services.relink(user=mona, removal=told.pk, now=at + HOUR)

    kept = Link.objects.get()
    assert (kept.source, kept.target, kept.relation) == (*pair, "blocks")
    assert (kept.made_by, kept.made_at) == (anna, at)
    assert told.ticket == again.ticket == pair[side] and again.actor == mona


def test_what_splitting_linked_comes_back_too_and_only_a_removal_is_undone(pair, open_ticket, anna, cora, at):
    one = pair[0]
    second = services.reply(user=cora, number=one.number, body="And my invoice.", now=at)
    services.split(user=anna, number=one.number, message=second.pk, subject="Invoice", now=at)
    link = Link.objects.get()
    told = services.unlink(user=anna, link=link.pk, now=at)

    again = services.relink(user=anna, removal=told.pk, now=at)

    assert Link.objects.get().relation == "split_from"
    for foreign in (again.pk, one.events.first().pk):
        with pytest.raises(NotFound):
            services.relink(user=anna, removal=foreign, now=at)
    with pytest.raises(Refused):
        services.relink(user=cora, removal=told.pk, now=at)


@pytest.fixture
def problem(open_ticket, anna, stan, at):
    """A problem with two incidents of two customers."""
    made = open_ticket(subject="The bank is down")
    services.set_kind(user=anna, number=made.number, kind=Kind.PROBLEM, now=at)
    for requester in (made.requester, stan):
        incident = open_ticket(requester=requester)
        services.link(user=anna, number=incident.number, other=made.number, relation=Relation.CAUSED_BY, now=at)
    made.refresh_from_db()
    return made


def test_each_customer_is_answered_by_name_and_his_incident_solved(problem, anna, at):
    incidents = list(incidents_of(problem, anna))

    outcomes = services.answer_and_solve(
        user=anna,
        number=problem.number,
        incidents=[one.number for one in incidents],
        body="Dear {customer.name}, it works again.",
        now=at,
    )

    assert [outcome.refused for outcome in outcomes] == ["", ""]
    for one in incidents_of(problem, anna):
        assert one.status == Status.SOLVED
        assert one.messages.last().body == f"Dear {one.requester.name}, it works again."


def test_only_those_that_were_chosen_and_one_refusal_stops_no_other(problem, anna, at, monkeypatch):
    first, second = incidents_of(problem, anna)
    given = {"user": anna, "number": problem.number, "body": "Done.", "now": at}

    outcomes = services.answer_and_solve(incidents=[second.number, 987654], **given)

    first.refresh_from_db()
    assert [outcome.ticket for outcome in outcomes] == [second]
    assert first.status == Status.NEW

    def closed_meanwhile(**asked):
        raise NotAllowedNow("This ticket is closed: reopen it to reply.")

    monkeypatch.setattr("tickets.problems.actions.reply", closed_meanwhile)
    refused = services.answer_and_solve(incidents=[first.number], **given)
    assert [outcome.refused for outcome in refused] == ["This ticket is closed: reopen it to reply."]


@pytest.mark.parametrize(("body", "field"), [("Dear {customer.nmae}", "body"), ("", "body"), ("Done.", "incidents")])
def test_an_unknown_placeholder_no_text_or_no_incident_sends_nothing(problem, anna, at, body, field):
    chosen = [] if field == "incidents" else [one.number for one in incidents_of(problem, anna)]

    with pytest.raises(InvalidInput) as error:
        services.answer_and_solve(user=anna, number=problem.number, incidents=chosen, body=body, now=at)

    assert set(error.value.errors) == {field}
    assert not Delivery.objects.filter(dedupe_key__startswith="reply:").exists()
