from datetime import timedelta

import pytest
from django.urls import reverse

from tests.desk.helpers import get, post, signed_in, words
from tests.factories.people import make_team
from tickets import sending, services
from tickets.models import Merge, Ticket

pytestmark = pytest.mark.each


@pytest.fixture
def pair(policy, open_ticket):
    return open_ticket(subject="Again"), open_ticket(subject="Payouts are stuck")


def test_the_page_offers_the_customers_other_tickets(pair, open_ticket, anna, stan):
    foreign = open_ticket(requester=stan, subject="Something else")

    page = words(get(anna, "desk:merge", pair[0].number))

    assert f"#{pair[1].number} Payouts are stuck" in page
    assert foreign.subject not in page


@pytest.mark.parametrize("given", [{"target": "#{}"}, {"target": " {} "}, {"pick": "{}", "target": ""}])
def test_a_number_or_a_choice_merges_and_offers_to_undo(pair, anna, given):
    source, target = pair

    answer = post(
        anna, "desk:merge", source.number, **{name: text.format(target.number) for name, text in given.items()}
    )

    made = Merge.objects.get()
    assert answer["Location"] == reverse("desk:ticket", args=[target.number])
    assert (made.source, made.target) == (source, target)


def test_undo_in_the_toast_takes_it_apart(pair, anna):
    source, target = pair
    browser = signed_in(anna)
    browser.post(reverse("desk:merge", args=[source.number]), {"target": str(target.number)})
    undo = reverse("desk:unmerge", args=[Merge.objects.get().pk])

    assert f'action="{undo}"' in words(browser.get(reverse("desk:ticket", args=[target.number])))
    answer = browser.post(undo)

    assert answer["Location"] == reverse("desk:ticket", args=[source.number])
    assert Ticket.objects.get(number=source.number).merged_into_id is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "Say into which ticket it goes."), ("payouts", "like #4821"), ("987654", "no ticket of this number")],
)
def test_a_wrong_number_gets_a_sentence_and_keeps_what_was_typed(pair, anna, typed, sentence):
    answer = post(anna, "desk:merge", pair[0].number, target=typed)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert f'value="{typed}"' in words(answer) or not typed


def test_what_is_in_the_way_is_said(pair, anna, at):
    source, target = pair
    services.change_status(user=anna, number=target.number, verb="solve", now=at)

    answer = post(anna, "desk:merge", source.number, target=str(target.number))

    assert answer.status_code == 409
    assert f"#{target.number} is solved: reopen it first." in words(answer)


def test_the_merged_ticket_says_where_it_went(pair, anna, at):
    source, target = pair
    services.merge(user=anna, source=source.number, target=target.number, now=at)

    page = words(get(anna, "desk:ticket", source.number))

    assert f"Merged into #{target.number}." in page
    assert reverse("desk:ticket", args=[target.number]) in page
    assert "Anna Lindqvist merged it into" in page
    assert f"Anna Lindqvist merged #{source.number} into it" in words(get(anna, "desk:ticket", target.number))


def test_who_may_not_see_the_other_learns_no_number(pair, anna, mona, rosa, at):
    source, target = pair
    services.merge(user=anna, source=source.number, target=target.number, now=at)
    closed = make_team("Risk", lead=rosa, restricted=True)
    services.assign(user=mona, number=target.number, team_slug=closed.slug, now=at)

    page = words(get(anna, "desk:ticket", source.number))

    assert "Merged into a ticket that you may not see." in page
    assert f"/tickets/{target.number}/" not in page


def test_an_answer_typed_on_the_merged_page_arrives_on_the_other(pair, anna, at, time):
    source, target = pair
    services.merge(user=anna, source=source.number, target=target.number, now=at)

    post(anna, "desk:ticket_write", source.number, kind="reply", body="It is on its way.")
    time.move_to(at + timedelta(minutes=1))
    sending.run()

    assert target.messages.last().body == "It is on its way."


def test_the_customer_is_led_to_his_other_request(pair, anna, cora, at):
    source, target = pair
    services.merge(user=anna, source=source.number, target=target.number, now=at)

    answer = get(cora, "portal:request", source.number)
    closed = words(get(cora, "portal:requests", show="closed"))

    assert answer["Location"] == reverse("portal:request", args=[target.number])
    assert "Again" not in closed


def test_a_customer_whose_request_went_into_somebody_elses_sees_his_own_words_only(
    pair, open_ticket, mona, stan, cora, at
):
    source, target = open_ticket(requester=stan, body="My card 4711."), pair[1]
    services.merge(user=mona, source=source.number, target=target.number, now=at)
    services.reply(user=stan, number=source.number, body="Hello again?", now=at)

    page = words(get(stan, "portal:request", source.number))

    assert "My card 4711." in page
    assert "Hello again?" in page
    assert "Since yesterday." not in page
    assert f"#{target.number}" not in page
    assert reverse("portal:request", args=[target.number]) not in page
    theirs = words(get(cora, "portal:request", target.number))
    assert "4711" not in theirs
    assert "Hello again?" not in theirs


def test_taking_apart_twice_is_told_as_a_sentence(pair, anna, at):
    source, target = pair
    made = services.merge(user=anna, source=source.number, target=target.number, now=at)
    services.unmerge(user=anna, merge=made.pk, now=at)

    answer = post(anna, "desk:unmerge", made.pk)

    assert answer.status_code == 409
    assert "taken out again already" in words(answer)


def test_one_that_went_into_another_is_not_to_be_reopened(pair, anna, at):
    source, target = pair
    services.merge(user=anna, source=source.number, target=target.number, now=at)

    page = words(get(anna, "desk:ticket", source.number))

    assert "<form" not in page.partition('id="ticket-verbs"')[2].partition("</div>")[0]
    assert "Reopen and send" not in page
