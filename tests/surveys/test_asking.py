"""Customers are asked once how it was, after a while, and not too often (R88)."""

from datetime import timedelta

import pytest

from common import heartbeat
from notifications.models import Delivery
from surveys import asking, planning
from surveys.enums import Spared, Standing
from surveys.models import Question, SurveyTerms
from tickets import actions, satisfaction, services

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def solve(open_ticket, anna, at):
    """A request of Cora's that Anna has solved."""

    def make(now=at, **fields):
        ticket = actions.assign(ticket=open_ticket(**fields), assignee=anna, now=now, by=anna)
        return actions.change_status(ticket=ticket, verb="solve", now=now, by=anna)

    return make


def mails() -> list[Delivery]:
    return list(Delivery.objects.filter(template="survey").order_by("pk"))


def test_an_hour_after_it_was_solved_the_customer_is_asked_by_one_mail(solve, cora, time, at):
    solve()
    assert asking.run() == 0

    time.move_to(at + HOUR)
    asked = [asking.run(), asking.run()]

    assert asked == [1, 0]
    (mail,) = mails()
    assert mail.address == cora.email
    assert "1 is bad, 5 is very good" in mail.context["body"]
    assert [score for score, _url in mail.context["scores"]] == [1, 2, 3, 4, 5]
    assert mail.headers["Auto-Submitted"] == "auto-generated"
    assert heartbeat.last("surveys") == at + HOUR


def test_the_mail_says_nothing_of_the_matter(solve, time, at):
    solve(subject="Salaries of the board")
    time.move_to(at + HOUR)

    asking.run()

    assert "Salaries" not in str(mails()[0].context) + mails()[0].subject


def test_who_answered_on_the_page_or_came_back_is_not_asked(solve, cora, anna, time, at):
    rated, reopened = solve(), solve(subject="Another")
    satisfaction.rate(ticket=rated, by=cora, score=5, now=at)
    services.change_status(user=anna, number=reopened.number, verb="reopen", now=at)
    time.move_to(at + HOUR)

    assert asking.run() == 0

    assert set(Question.objects.values_list("spared", flat=True)) == {Spared.OVERTAKEN}


def test_of_two_solvings_the_second_is_asked_about(solve, anna, time, at):
    ticket = solve()
    services.change_status(user=anna, number=ticket.number, verb="reopen", now=at)
    services.change_status(user=anna, number=ticket.number, verb="solve", now=at + 2 * HOUR)
    time.move_to(at + 4 * HOUR)

    asking.run()

    assert sorted(Question.objects.values_list("standing", flat=True)) == [Standing.ASKED, Standing.SPARED]
    assert len(mails()) == 1


def test_nobody_is_asked_twice_within_the_quiet_days(solve, time, at):
    solve()
    time.move_to(at + HOUR)
    asking.run()
    solve(now=time.now, subject="The next day")
    time.move_to(at + DAY)
    asking.run()
    solve(now=at + 20 * DAY, subject="Weeks later")
    time.move_to(at + 21 * DAY)

    asking.run()

    assert [one.spared for one in Question.objects.order_by("pk")] == ["", Spared.ASKED_LATELY, ""]
    assert len(mails()) == 2


def test_a_desk_that_does_not_ask_by_mail_plans_nothing_and_sends_nothing_planned(solve, time, at):
    solve()
    SurveyTerms.objects.create(by_mail=False)
    solve(subject="Afterwards")
    time.move_to(at + HOUR)

    assert asking.run() == 0

    assert Question.objects.get().spared == Spared.SWITCHED_OFF


def test_whom_no_mail_reaches_is_spared(solve, cora, time, at):
    solve()
    cora.is_active = False
    cora.save()
    time.move_to(at + HOUR)

    assert asking.run() == 0

    assert Question.objects.get().spared == Spared.NO_ADDRESS


def test_one_that_fails_stops_no_other(solve, stan, time, at, monkeypatch):
    solve()
    solve(requester=stan, subject="Of another")
    time.move_to(at + HOUR)
    real = asking.is_overtaken

    def broken(question: Question) -> bool:
        if question.person_id != stan.pk:
            raise ValueError
        return real(question)

    monkeypatch.setattr(asking, "is_overtaken", broken)

    assert asking.run() == 1
    monkeypatch.undo()
    assert asking.run() == 0
    time.move_to(time.now + asking.AGAIN_AFTER)
    assert asking.run() == 1


def test_those_that_always_fail_leave_room_for_the_others(solve, stan, time, at, monkeypatch):
    monkeypatch.setattr(asking, "BATCH", 1)
    solve()
    solve(requester=stan, subject="Of another")
    time.move_to(at + HOUR)
    real = asking.is_overtaken

    def broken(question: Question) -> bool:
        if question.person_id != stan.pk:
            raise ValueError
        return real(question)

    monkeypatch.setattr(asking, "is_overtaken", broken)

    assert [asking.run(), asking.run()] == [0, 1]

    assert [mail.address for mail in mails()] == [stan.email]


def test_one_that_is_gone_when_its_turn_comes_is_no_error(db, at, caplog):
    assert asking._try(0, SurveyTerms(), at) == 0

    assert not caplog.records


def test_colleagues_are_not_asked(solve, anna, at):
    solve(requester=anna)

    assert not Question.objects.exists()


def test_terms_are_the_defaults_until_somebody_sets_them(db):
    assert (planning.terms().after_minutes, planning.terms().quiet_days) == (60, 14)
