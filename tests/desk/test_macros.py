"""Macros on the ticket's page and in the settings: chosen, refused, saved from what was done, and suggested (R69)."""

import pytest

from tests.desk.helpers import get, post, queries, signed_in, words
from tickets import services
from tickets.models import Macro, QuickReply

TAG = {"do": "tag", "value": "refund"}


@pytest.fixture
def ticket(open_ticket):
    return open_ticket()


@pytest.fixture
def refund(db):
    return Macro.objects.create(name="Refund", actions=[TAG, {"do": "priority", "value": "urgent"}])


def test_each_says_what_it_will_do_and_one_is_applied_without_a_script(refund, anna, ticket):
    page = words(get(anna, "desk:ticket_macros", ticket.number))
    assert "Tag refund → Priority Urgent" in page

    answer = post(anna, "desk:ticket_macros", ticket.number, macro=refund.pk)

    assert answer.status_code == 302
    ticket.refresh_from_db()
    assert ticket.priority == "urgent"
    assert "Anna Lindqvist applied the macro “Refund”: Tag refund, Priority Urgent" in words(
        get(anna, "desk:ticket", ticket.number)
    )


def test_a_refusal_stands_in_the_dialog_and_nothing_was_done(anna, ticket):
    wrong = Macro.objects.create(name="Wrong", actions=[TAG, {"do": "status", "value": "reopen"}])

    refused = post(anna, "desk:ticket_macros", ticket.number, macro=wrong.pk)
    none = post(anna, "desk:ticket_macros", ticket.number)

    assert (refused.status_code, none.status_code) == (409, 422)
    assert "Nothing of “Wrong” was done. Status: reopen:" in words(refused)
    assert "Choose a macro first." in words(none)
    assert not ticket.tags.exists()


def test_one_that_names_what_is_gone_cannot_be_chosen_and_says_why(anna, ticket):
    Macro.objects.create(name="Old", actions=[{"do": "reply", "value": "Old words"}])

    page = words(get(anna, "desk:ticket_macros", ticket.number))

    assert "It names what is not there any more: Old words." in page and "disabled" in page


def test_r69_what_one_has_just_done_is_a_macro_in_two_clicks(anna, payments, ticket):
    services.add_tag(user=anna, number=ticket.number, name="refund", now=ticket.created_at)
    services.set_priority(user=anna, number=ticket.number, priority="low", now=ticket.created_at)

    form = get(anna, "desk:ticket_macro_new", ticket.number)
    assert "Tag refund, Priority Low" in words(form)
    answer = post(anna, "desk:ticket_macro_new", ticket.number, name="Low refund", team="payments", steps=["0", "1"])

    assert answer.status_code == 302
    made = Macro.objects.get()
    assert (made.name, made.team, made.actions) == ("Low refund", payments, [TAG, {"do": "priority", "value": "low"}])


def test_whoever_has_done_nothing_is_told_so(anna, ticket):
    assert "You have done nothing to this ticket" in words(get(anna, "desk:ticket_macro_new", ticket.number))


def test_r69_what_is_repeated_is_suggested_and_fills_in_a_new_macro(anna, adam, open_ticket, payments):
    for _time in range(3):
        ticket = open_ticket()
        services.add_tag(user=anna, number=ticket.number, name="refund", now=ticket.created_at)
        services.set_priority(user=anna, number=ticket.number, priority="low", now=ticket.created_at)

    page = get(adam, "desk:macros")
    assert "Tag refund → Priority Low" in words(page) and "Payments, 3 times in 30 days" in words(page)

    form = signed_in(adam).get(page.context["suggested"][0].url)

    assert form.status_code == 200
    assert [(row.what, row.value) for row in form.context["form"].editor.rows] == [
        ("tag", "refund"),
        ("priority", "low"),
    ]


def test_the_editor_adds_rows_without_a_script_and_says_what_is_wrong(adam):
    more = post(adam, "desk:macros_new", name="Thank", **{"do-shown": "1", "do-add": "1", "do-new": "owner"})
    wrong = post(adam, "desk:macros_new", name="Thank", **{"do-shown": "1"})

    assert more.status_code == 200 and 'name="do-0-value"' in words(more) and "whoever applies it" in words(more)
    assert wrong.status_code == 422 and "A macro does something: add an action." in words(wrong)
    assert not Macro.objects.exists()


def test_the_bar_for_many_applies_one_and_takes_it_back(refund, anna, open_ticket):
    tickets = [open_ticket(), open_ticket()]
    assert "Apply the macro" in words(get(anna, "desk:inbox"))

    answer = post(
        anna, "desk:bulk", deed="macro", macro=refund.pk, ticket=[one.number for one in tickets], next="/inbox/"
    )

    assert "Macro “Refund” applied to 2 tickets." in words(signed_in(anna).get(answer["Location"]))
    assert all(one.tags.filter(name="refund").exists() for one in tickets)


def test_what_no_number_names_is_refused_of_each_and_the_inbox_still_says_what_was_done(anna, ticket):
    for deed in ("macro", "reply"):
        answer = post(anna, "desk:bulk", **{"deed": deed, deed: "²", "ticket": [ticket.number], "next": "/inbox/"})

        assert signed_in(anna).get(answer["Location"]).status_code == 200


def test_the_dialog_asks_as_often_for_fifty_as_for_one(anna, ticket, payments):
    browser, url = signed_in(anna), f"/tickets/{ticket.number}/macros/"
    QuickReply.objects.create(title="x", body="x")
    Macro.objects.create(name="M0", actions=[TAG], team=payments)
    few = queries(browser, url)

    for n in range(1, 50):
        Macro.objects.create(name=f"M{n}", actions=[{"do": "reply", "value": "x"}], team=payments)

    assert queries(browser, url) == few
