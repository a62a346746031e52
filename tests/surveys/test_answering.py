"""An answer by the link is taken once, stands on the ticket at once, and a low one is followed up (R88, R89)."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from escalation import services
from escalation.models import Escalation
from notifications.models import Delivery
from people.enums import Role
from surveys import asking, links
from surveys.enums import About, Standing
from surveys.models import Question
from tests.desk.helpers import words
from tests.factories.people import make_team, make_user
from tickets import actions
from tickets.models import Event, FollowUp, Rating

HOUR = timedelta(hours=1)


@pytest.fixture
def asked(open_ticket, anna, time, at) -> Question:
    """Cora, about a request that Anna has solved."""
    ticket = actions.assign(ticket=open_ticket(), assignee=anna, now=at, by=anna)
    actions.change_status(ticket=ticket, verb="solve", now=at, by=anna)
    time.move_to(at + HOUR)
    asking.run()
    return Question.objects.get()


def path(question: Question) -> str:
    return "/" + links.url_of(question).split("/", 3)[3]


def test_an_answer_stands_on_the_ticket_at_once(asked, cora):
    answer = Client().post(path(asked), {"score": "4", "words": "Quick."})

    assert answer.status_code == 200
    assert "Thank you" in words(answer)
    rating = Rating.objects.get(ticket=asked.ticket)
    assert (rating.by, rating.score, rating.comment) == (cora, 4, "Quick.")


def test_following_the_link_ticks_a_score_and_answers_nothing(asked, cora):
    page = Client().get(path(asked) + "?score=2")

    assert re.search(rb'value="2"[^>]*checked', page.content)
    for inside in (cora.name, asked.ticket.subject, f"#{asked.ticket_id}"):
        assert inside not in words(page)
    assert Question.objects.get().standing == Standing.ASKED


def test_replayed_altered_expired_and_foreign_links_answer_nothing(asked, monkeypatch):
    address, good = path(asked), {"score": "5"}
    stranger = Client()
    stranger.force_login(make_user("Pia Prado", Role.CUSTOMER, email="pia@shop.example"))

    assert stranger.post(address, good).status_code == 404
    assert Client().post(address[:-4] + "xxx/", good).status_code == 404
    with monkeypatch.context() as changed:
        changed.setattr(links, "VALID_FOR", timedelta(seconds=-1))
        assert Client().post(address, good).status_code == 404
    assert not Rating.objects.exists()
    assert Client().post(address, good).status_code == 200
    assert Client().post(address, {"score": "1"}).status_code == 404
    assert Rating.objects.get().score == 5


@pytest.mark.parametrize("score", ["", "0", "6", "many"])
def test_a_score_that_is_none_is_refused_in_one_sentence(asked, score):
    answer = Client().post(path(asked), {"score": score})

    assert answer.status_code == 422
    assert Question.objects.get().standing == Standing.ASKED


def test_a_request_taken_up_again_takes_no_answer(asked, anna, at):
    actions.change_status(ticket=asked.ticket, verb="reopen", now=at, by=anna)

    answer = Client().post(path(asked), {"score": "5"})

    assert answer.status_code == 409
    assert Question.objects.get().standing == Standing.ASKED


def test_a_low_answer_about_an_escalation_is_on_the_timeline_and_followed_up(open_ticket, anna, mona, time):
    ticket = open_ticket()
    question = _about_an_escalation(ticket, anna, mona, time)

    Client().post(path(question), {"score": "1", "words": "Nobody called."})

    told = Event.objects.get(ticket=ticket, kind="survey.escalation_rated")
    assert (told.data["score"], told.data["comment"]) == (1, "Nobody called.")
    assert told.reference == question.escalation.reference
    assert FollowUp.objects.get(ticket=ticket).score == 1
    assert not Rating.objects.exists()


def _about_an_escalation(ticket, anna, mona, time) -> Question:
    """One of a small matter that Anna brought to Risk, closed by Mona."""
    make_team("Risk", lead=mona, managers=[mona], members=[mona])
    number = services.escalate(
        user=anna, ticket_number=ticket.number, kind="functional", severity=4, reason="technical",
        summary="Look at it", team_slug="risk", now=time.now,
    ).number  # fmt: skip
    for verb in ("accept", "begin_communication", "begin_resolution"):
        getattr(services, verb)(user=mona, number=number, now=time.now)
    services.resolve(user=mona, number=number, now=time.now, override_reason="Mona has followed it herself.")
    Escalation.objects.filter(pk=number).update(cause="load")
    services.close(user=mona, number=number, now=time.now, override_reason="Mona has followed it herself.")
    time.move_to(time.now + HOUR)
    asking.run()
    return Question.objects.get(about=About.ESCALATION, escalation__number=number)


def test_the_mail_of_an_answered_question_is_the_only_one(asked):
    Client().post(path(asked), {"score": "3"})
    asking.run()

    assert Delivery.objects.filter(template="survey").count() == 1
