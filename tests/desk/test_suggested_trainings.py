"""What colleagues suggest to train is seen with why and for whom, taken up in two clicks, or declined (R93)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from escalation.models import Escalation, Recommendation, Training
from escalation.services import ruling, training
from people.models import Team
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.articles import make_article
from tests.factories.people import make_team, make_user

DAY = timedelta(days=1)
LINKED = {"article": "codes", "cause": "product"}


@pytest.fixture
def codes(at):
    return make_article("codes", at, title="Bank codes", readers="colleagues")


@pytest.fixture
def taught(anna, escalate, open_ticket):
    """Escalations of this cause of tickets that were Anna's when she handed them over."""

    def make(n=1, cause="product") -> Escalation:
        for _ in range(n):
            ticket = open_ticket()
            ticket.assignee = anna
            ticket.save(update_fields=["assignee"])
            made = escalate(ticket)
            Escalation.objects.filter(pk=made.pk).update(cause=cause)
        return Escalation.objects.get(pk=made.pk)

    return make


@pytest.fixture
def suggest(mona, at):
    def make(escalation: Escalation | None = None, **given) -> Recommendation:
        known = {"title": "Everybody knows the codes", "why": "Two batches came back.", "about": "training"}
        return Recommendation.objects.create(**known | given, escalation=escalation, made_by=mona, made_at=at)

    return make


def test_r93_a_suggestion_says_why_from_what_and_for_whom_of_those_one_answers_for(suggest, taught, anna, rosa, adam):
    escalation = taught(2)
    suggest(escalation)
    make_team("Elsewhere", lead=None, managers=[], members=[make_user("Otto Other")])

    shown = {who.name: words(get(who, "desk:training")) for who in (anna, rosa, adam)}

    for said in shown.values():
        assert "Everybody knows the codes" in said and "Two batches came back." in said
        assert escalation.reference in said and "Fault in the product" in said and "Anna Lindqvist (2)" in said
    assert "Take it up" in shown[adam.name] and "Decline" in shown[adam.name]
    assert "Take it up" not in shown["Anna Lindqvist"] and "Decline" not in shown["Anna Lindqvist"]


def test_r93_a_colleague_whose_tickets_led_to_none_is_not_told_whose_did(suggest, taught, at):
    suggest(taught())
    otto = make_user("Otto Other")

    shown = words(get(otto, "desk:training"))

    assert "Everybody knows the codes" in shown and "Anna Lindqvist (" not in shown


def test_r93_it_is_taken_up_with_the_cause_chosen_already_and_is_done(suggest, taught, codes, adam, anna, mona, time):
    row = suggest(taught())
    form = get(adam, "desk:training_take_up", row.pk)
    assert '<option value="product" selected>' in words(form)

    post(adam, "desk:training_take_up", row.pk, **LINKED)

    made, row = Training.objects.get(), Recommendation.objects.get()
    assert (made.suggestion, made.article, made.cause) == (row, codes, "product")
    assert (row.state, row.settled_by, row.settled_at) == ("done", adam, time.now)
    shown = words(get(anna, "desk:training"))
    assert "Everybody knows the codes" not in shown and "suggested by Mona Farias" in shown
    assert "1 escalation with the cause" in shown


def test_r93_an_article_that_is_linked_already_answers_it_too(suggest, taught, codes, adam, time):
    training.link(user=adam, **LINKED)
    row = suggest(taught())

    post(adam, "desk:training_take_up", row.pk, **LINKED)

    assert Training.objects.get().suggestion == row and Recommendation.objects.get().state == "done"


def test_r93_it_is_declined_with_a_reason_that_stays_in_the_register(suggest, adam):
    row = suggest()
    silent = post(adam, "desk:training_decline", row.pk, reason=" ")
    assert silent.status_code == 422 and "Say why; it stays on record." in words(silent)

    post(adam, "desk:training_decline", row.pk, reason="All of them have read it in May.")

    assert Recommendation.objects.get().state == "declined"
    assert "Everybody knows the codes" not in words(get(adam, "desk:training"))
    assert "All of them have read it in May." in words(get(adam, "desk:recommendations", look="settled"))


def test_r93_what_is_taken_up_once_more_forgets_why_it_was_declined(suggest, adam, time):
    row = suggest()
    training.decline(user=adam, pk=row.pk, reason="No time.", now=time.now)

    ruling.settle(user=adam, pk=row.pk, state="open", now=time.now)

    assert Recommendation.objects.get().settled_why == ""


def test_r93_its_owner_declines_it_and_whoever_sets_the_rules_alone_takes_it_up(suggest, codes, anna, mona, time):
    row = suggest(owner=anna)
    with pytest.raises(Refused):
        training.take_up(user=anna, pk=row.pk, now=time.now, **LINKED)
    with pytest.raises(Refused):
        training.decline(user=mona, pk=row.pk, reason="No", now=time.now)

    training.decline(user=anna, pk=row.pk, reason="Known already.", now=time.now)

    assert (Recommendation.objects.get().settled_by, Training.objects.exists()) == (anna, False)


def test_r93_what_is_settled_or_is_no_training_is_not_taken_up(suggest, codes, adam, time):
    settled, other = suggest(state="done"), suggest(about="process")
    with pytest.raises(NotAllowedNow, match="settled already"):
        training.take_up(user=adam, pk=settled.pk, now=time.now, **LINKED)
    with pytest.raises(NotFound):
        training.decline(user=adam, pk=other.pk, reason="No", now=time.now)
    with pytest.raises(InvalidInput):
        training.take_up(user=adam, pk=suggest().pk, article="nowhere", cause="product", now=time.now)

    assert not Training.objects.exists()
    assert get(adam, "desk:training_take_up", other.pk).status_code == 404


@pytest.mark.parametrize("deed", [("desk:training_take_up", LINKED), ("desk:training_decline", {"reason": "No."})])
def test_r93_a_second_press_of_an_old_page_says_that_it_is_settled(suggest, codes, adam, deed):
    row, (door, given) = suggest(state="declined"), deed

    answer = post(adam, door, row.pk, **given)

    assert answer.status_code == 422 and "is settled already." in words(answer)
    assert not Training.objects.exists()


def test_r93_the_article_that_nobody_has_written_begins_with_the_suggestion(suggest, adam):
    row = suggest()
    assert f"?suggestion={row.pk}" in words(get(adam, "desk:training_take_up", row.pk))

    shown = words(get(adam, "desk:article_new", suggestion=row.pk))

    assert "Everybody knows the codes" in shown and "Two batches came back." in shown
    for strange in ("x", "9" * 30, "0"):
        assert get(adam, "desk:article_new", suggestion=strange).status_code == 200


def test_r93_what_was_learned_from_what_he_does_not_see_is_not_suggested_to_him(suggest, taught):
    suggest(taught())
    Team.objects.update(restricted=True)

    assert "Everybody knows the codes" not in words(get(make_user("Otto Other"), "desk:training"))


@pytest.mark.each
def test_suggestions_ask_the_same_for_one_three_and_fifty(suggest, taught, rosa):
    browser, url, asked = signed_in(rosa), reverse("desk:training"), []
    escalation = taught()

    for more in (1, 2, 47):
        for _one in range(more):
            suggest(escalation)
        asked.append(queries(browser, url))

    assert asked[0] == asked[1] == asked[2]


def test_r93_in_the_register_too_it_is_declined_with_a_reason_alone(suggest, adam, time):
    row = suggest()

    answer = post(adam, "desk:recommendation_settle", row.pk, state="declined")

    assert answer["Location"] == reverse("desk:training_decline", args=[row.pk])
    with pytest.raises(InvalidInput, match="Say why"):
        ruling.settle(user=adam, pk=row.pk, state="declined", reason=" ", now=time.now)
    assert Recommendation.objects.get().state == "open"
