"""Macros: several actions under one name, all or nothing, with the rights of whoever applies them (R69)."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from tests.factories.people import make_team
from tickets import actions, bulk, macro_history, macros, services
from tickets.enums import EventKind, Status
from tickets.models import Macro, QuickReply, RoutingRule, Ticket
from tickets.rerouting import rounds
from tickets.routing import compiled
from tickets.routing.action import Action

TAG, URGENT = {"do": "tag", "value": "refund"}, {"do": "priority", "value": "urgent"}
MINE, SOLVE = {"do": "owner", "value": "me"}, {"do": "status", "value": "solve"}
REPLY = {"do": "reply", "value": "Refunded"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def macro(db):
    def make(*does, name="Refund", **fields):
        return Macro.objects.create(name=name, actions=list(does), **fields)

    return make


@pytest.fixture
def refunded(db):
    return QuickReply.objects.create(title="Refunded", body="Done, {customer.first_name}.")


def tags_of(ticket):
    return sorted(ticket.tags.values_list("name", flat=True))


def test_everything_is_done_in_its_order_and_the_history_names_the_macro(macro, refunded, open_ticket, anna, at):
    one = macro(MINE, TAG, URGENT, {"do": "note", "value": "Paid to {customer.name}."}, REPLY, SOLVE)
    ticket = open_ticket()

    macros.apply(user=anna, number=ticket.number, macro=one.pk, now=at)

    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.priority, ticket.status, tags_of(ticket)) == (anna, "urgent", "solved", ["refund"])
    said = list(ticket.messages.filter(by_customer=False).order_by("pk").values_list("body", flat=True))
    assert said == ["Paid to Cora Menezes.", "Done, Cora."]
    event = ticket.events.get(kind=EventKind.MACRO)
    assert (event.actor, event.data["macro"]) == (anna, "Refund")
    assert event.data["did"][:2] == ["Assign to whoever applies it", "Tag refund"]


def test_where_one_thing_is_refused_nothing_is_done(macro, open_ticket, anna, at):
    one = macro(TAG, URGENT, {"do": "status", "value": "reopen"})
    ticket = open_ticket()

    with pytest.raises(NotAllowedNow, match=r"Nothing of “Refund” was done. Status: reopen: This cannot be done"):
        macros.apply(user=anna, number=ticket.number, macro=one.pk, now=at)

    ticket.refresh_from_db()
    assert (ticket.priority, tags_of(ticket), ticket.events.filter(kind=EventKind.MACRO).count()) == ("normal", [], 0)


def test_what_somebody_may_not_do_himself_his_macro_does_not_do(macro, open_ticket, anna, at, payments):
    secret = make_team("Secret", restricted=True)
    one = macro({"do": "team", "value": secret.slug}, TAG)
    ticket = open_ticket()

    with pytest.raises(NotAllowedNow, match=r"Tag refund: you may not do this here."):
        macros.apply(user=anna, number=ticket.number, macro=one.pk, now=at)

    ticket.refresh_from_db()
    assert ticket.team == payments


def test_nobody_applies_one_to_a_ticket_that_he_does_not_see(macro, open_ticket, cora, anna, at):
    one = macro(TAG)
    hidden = open_ticket(team=make_team("Secret", restricted=True))

    for person, ticket in ((anna, hidden), (cora, open_ticket())):
        with pytest.raises((NotFound, Refused)):
            macros.apply(user=person, number=ticket.number, macro=one.pk, now=at)


def test_a_teams_macro_is_for_its_tickets_and_one_that_is_retired_for_none(macro, open_ticket, anna, at):
    theirs = macro(TAG, name="Theirs", team=make_team("Risk"))
    macro(TAG, name="Retired", is_enabled=False)
    macro(TAG, name="All")
    ticket = open_ticket()

    assert [one.name for one in macros.for_ticket(ticket)] == ["All"]
    with pytest.raises(NotFound):
        macros.apply(user=anna, number=ticket.number, macro=theirs.pk, now=at)


def test_one_that_names_what_is_gone_is_refused_in_one_sentence(macro, refunded, open_ticket, anna, at):
    one = macro(TAG, REPLY)
    refunded.delete()
    ticket = open_ticket()

    with pytest.raises(NotAllowedNow, match=r"The macro “Refund” names what is not there any more: “Refunded”."):
        macros.apply(user=anna, number=ticket.number, macro=one.pk, now=at)

    assert tags_of(ticket) == []


def test_a_reply_crosses_no_other_word(macro, refunded, open_ticket, anna, rosa, at):
    one = macro(REPLY)
    ticket = open_ticket()
    seen = ticket.messages.get().pk
    actions.note(ticket=ticket, author=rosa, body="I am at it.", now=at)

    with pytest.raises(NotAllowedNow, match="Somebody wrote while you were writing"):
        macros.apply(user=anna, number=ticket.number, macro=one.pk, now=at, seen=seen)


def test_a_second_click_sends_no_second_reply(macro, refunded, open_ticket, anna, at):
    one = macro(TAG, REPLY)
    ticket = open_ticket()
    seen = ticket.messages.get().pk
    macros.apply(user=anna, number=ticket.number, macro=one.pk, now=at, seen=seen)

    with pytest.raises(NotAllowedNow, match="Somebody wrote while you were writing"):
        macros.apply(user=anna, number=ticket.number, macro=one.pk, now=at, seen=seen)

    assert ticket.messages.filter(by_customer=False).count() == 1


def test_what_happens_before_the_ticket_is_held_counts(macro, refunded, open_ticket, anna, rosa, at, monkeypatch):
    reply, theirs = macro(REPLY), macro(TAG, name="Theirs", team=make_team("Risk"))
    ticket = open_ticket(team=theirs.team)
    seen = ticket.messages.get().pk
    real = actions.lock_workable

    def taken_first(number):
        monkeypatch.undo()
        actions.note(ticket=ticket, author=rosa, body="I am at it.", now=at)
        Ticket.objects.filter(pk=ticket.pk).update(team=None)
        return real(number)

    monkeypatch.setattr(actions, "lock_workable", taken_first)
    with pytest.raises(NotAllowedNow, match="Somebody wrote while you were writing"):
        macros.apply(user=anna, number=ticket.number, macro=reply.pk, now=at, seen=seen)

    Ticket.objects.filter(pk=ticket.pk).update(team=theirs.team)
    monkeypatch.setattr(actions, "lock_workable", taken_first)
    with pytest.raises(NotFound):
        macros.apply(user=anna, number=ticket.number, macro=theirs.pk, now=at)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "A macro does something: add an action."),
        ([{"do": "open", "value": "hierarchical"}], "An action is one of team"),
        ([{"do": "owner", "value": "nobody@desk.example"}], "Nobody at the desk has the address"),
        ([{"do": "status", "value": "explode"}], "A step of the status is one of"),
        ([{"do": "guide", "value": "gone"}], "There is no procedure “gone”."),
        ([SOLVE, {"do": "status", "value": "close"}], "“Status” stands there more than once."),
    ],
)
def test_what_cannot_work_is_said_when_it_is_saved(given, said, adam, payments):
    with pytest.raises(InvalidInput, match=said):
        macros.save(user=adam, name="X", team_slug="", given=given)


def test_an_agent_makes_one_for_a_team_of_his_and_an_administrator_for_all(anna, adam, payments):
    assert macros.save(user=anna, name="Ours", team_slug="payments", given=[TAG]).team == payments
    assert macros.save(user=adam, name="All", team_slug="", given=[TAG]).team is None

    make_team("Risk")
    for team in ("", "risk"):
        with pytest.raises(Refused):
            macros.save(user=anna, name="Not mine", team_slug=team, given=[TAG])


def test_on_many_tickets_each_is_done_or_refused_by_itself_and_taken_back(macro, open_ticket, anna, at):
    one = macro(TAG, URGENT, MINE, SOLVE)
    first, second = open_ticket(), open_ticket()
    services.change_status(user=anna, number=second.number, verb="solve", now=at)

    done = bulk.act(user=anna, numbers=[first.number, second.number], deed="macro", value=str(one.pk), now=at)

    assert [step["number"] for step in done.steps] == [first.number]
    assert done.refused[0][0] == second.number and "Nothing of “Refund” was done" in done.refused[0][1]

    bulk.undo(user=anna, pk=done.pk, now=at + MINUTE)

    first.refresh_from_db()
    assert (first.status, first.priority, first.assignee, tags_of(first)) == (Status.NEW, "normal", None, [])


def test_a_rule_does_of_a_macro_what_nobody_has_to_be_there_for(macro, refunded, open_ticket, payments):
    macro(TAG, URGENT, MINE, REPLY, SOLVE)
    RoutingRule.objects.create(name="Refunds", actions=[{"do": "macro", "value": "Refund"}])
    ticket = open_ticket()

    rounds.run()

    ticket.refresh_from_db()
    assert (ticket.priority, ticket.status, ticket.assignee, tags_of(ticket)) == ("urgent", "new", None, ["refund"])
    assert ticket.messages.filter(is_automatic=True).count() == 1
    Macro.objects.all().delete()
    assert compiled().rules[0].missing == ("Refund",)


def test_what_one_has_just_done_is_read_back_in_its_order(refunded, open_ticket, anna, payments, at):
    ticket = open_ticket()
    number = ticket.number
    services.add_tag(user=anna, number=number, name="old", now=at)
    later = at + timedelta(hours=2)
    services.assign(user=anna, number=number, now=later, assignee_email=anna.email)
    services.add_tag(user=anna, number=number, name="refund", now=later)
    services.reply(user=anna, number=number, body="Done, Cora.", now=later)
    services.change_status(user=anna, number=number, verb="hold", waits_for="supplier", now=later)

    done = macro_history.just_done(ticket, anna)

    assert done == (
        Action("owner", "me"),
        Action("tag", "refund"),
        Action("reply", "Refunded"),
        Action("status", "hold:supplier"),
    )


def test_what_a_team_does_over_and_over_is_suggested_once(open_ticket, anna, payments, at):
    def refund(ticket):
        services.add_tag(user=anna, number=ticket.number, name="refund", now=at)
        services.set_priority(user=anna, number=ticket.number, priority="low", now=at)

    for _time in range(2):
        refund(open_ticket())
    assert macro_history.repeated(at + MINUTE) == []

    refund(open_ticket())

    [one] = macro_history.repeated(at + MINUTE)
    assert (one.team, one.times, one.actions) == (payments, 3, (Action("tag", "refund"), Action("priority", "low")))

    Macro.objects.create(name="Low refund", actions=[action.as_json() for action in one.actions])
    assert macro_history.repeated(at + MINUTE) == []
