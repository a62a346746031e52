"""A low answer is followed up: whose it is, by when, what happens if nobody does (R89)."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from notifications.models import Alert
from tests.desk.helpers import get, post, words
from tickets import actions, follow_ups, services, waking
from tickets.enums import EventKind
from tickets.models import FollowUp

HOUR = timedelta(hours=1)


@pytest.fixture
def solved(open_ticket, anna, rosa, payments, time):
    payments.lead = rosa
    payments.save(update_fields=["lead"])
    ticket = actions.assign(ticket=open_ticket(), assignee=anna, now=time.now, by=anna)
    return actions.change_status(ticket=ticket, verb="solve", now=time.now, by=anna)


@pytest.fixture
def discontent(solved, cora, time):
    services.rate(user=cora, number=solved.number, score=2, comment="Nobody called back.", now=time.now)
    return FollowUp.objects.get()


def told(person) -> list[str]:
    return list(Alert.objects.filter(recipient=person).order_by("pk").values_list("title", flat=True))


def test_r89_a_low_answer_opens_a_follow_up_with_owner_and_due_time(discontent, solved, rosa, time):
    assert (discontent.ticket_id, discontent.owner, discontent.score) == (solved.number, rosa, 2)
    assert discontent.due_at == time.now + follow_ups.WITHIN
    assert told(rosa) == [f"Cora Menezes was not content: #{solved.number}, 2 of 5. Follow up."]
    assert solved.events.filter(kind=EventKind.FOLLOW_UP).exists()


@pytest.mark.parametrize("score", [3, 4, 5])
def test_r89_whoever_is_content_is_left_alone(solved, cora, score, time):
    services.rate(user=cora, number=solved.number, score=score, now=time.now)

    assert not FollowUp.objects.exists()


def test_r89_a_still_lower_answer_is_the_same_follow_up(discontent, solved, cora, rosa, time):
    services.rate(user=cora, number=solved.number, score=1, now=time.now + HOUR)

    assert FollowUp.objects.get().score == 1
    assert len(told(rosa)) == 1


def test_r89_missed_it_alerts_the_managers_once_and_stays_open(discontent, solved, mona, time):
    time.move_to(discontent.due_at + HOUR)
    waking.run()
    waking.run()

    late = [title for title in told(mona) if title.startswith("Nobody has followed up")]
    assert len(late) == 1
    assert FollowUp.objects.get().missed_at == time.now
    assert follow_ups.open_on(solved) is not None


def test_r89_said_how_it_ended_it_is_over_and_the_words_stay(discontent, solved, rosa, time):
    page = words(get(rosa, "desk:ticket", solved.number))
    assert "Cora Menezes was not content" in page

    post(rosa, "desk:follow_up", solved.number, outcome="Called her; the fee is waived.")

    ended = FollowUp.objects.get()
    assert (ended.done_by, ended.outcome, ended.next_moment) == (rosa, "Called her; the fee is waived.", None)
    assert "was not content" not in words(get(rosa, "desk:ticket", solved.number))
    with pytest.raises(NotAllowedNow):
        services.follow_up(user=rosa, number=solved.number, outcome="Again.", now=time.now)


def test_r89_without_a_word_it_stays_open_and_says_so(discontent, solved, rosa):
    answer = post(rosa, "desk:follow_up", solved.number, outcome="  ")

    assert "Say how it ended" in words(answer)
    assert FollowUp.objects.get().done_at is None


def test_r89_is_the_desks_own_business(discontent, solved, cora, stan, time):
    for person in (cora, stan):
        with pytest.raises((NotFound, Refused)):
            services.follow_up(user=person, number=solved.number, outcome="x", now=time.now)
    assert "follow" not in words(get(cora, "portal:request", solved.number)).lower()


def test_r89_words_that_are_none_are_refused(discontent, solved, rosa, time):
    with pytest.raises(InvalidInput):
        services.follow_up(user=rosa, number=solved.number, outcome=" \n ", now=time.now)


def test_r89_one_of_which_nobody_can_be_told_leaves_room_for_the_others(open_ticket, anna, cora, time, monkeypatch):
    for _ in range(2):
        ticket = actions.assign(ticket=open_ticket(), assignee=anna, now=time.now, by=anna)
        actions.change_status(ticket=ticket, verb="solve", now=time.now, by=anna)
        services.rate(user=cora, number=ticket.number, score=1, now=time.now)
    poisoned, well = FollowUp.objects.order_by("pk")
    tell = follow_ups._tell_of_late

    def fails(number, now):
        if number == poisoned.ticket_id:
            raise RuntimeError("no")
        return tell(number, now)

    monkeypatch.setattr(follow_ups, "_tell_of_late", fails)
    monkeypatch.setattr(follow_ups, "BATCH", 1)
    time.move_to(well.due_at + HOUR)

    assert sum(follow_ups.tell_of_late(time.now) for _round in range(2)) == 1
    well.refresh_from_db()
    assert well.missed_at == time.now
