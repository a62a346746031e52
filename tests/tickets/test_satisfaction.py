"""What customers say of how they were answered (R88), where it is asked, kept and shown."""

from datetime import timedelta

import pytest
from django.urls import reverse

from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from people.enums import Role
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.people import make_user
from tickets import actions, services
from tickets.enums import EventKind
from tickets.models import Event, Rating
from tickets.satisfaction import RATE_WITHIN

DAY = timedelta(days=1)


@pytest.fixture
def solved(open_ticket, anna, at):
    """A ticket that Anna has taken and solved."""

    def make(**fields):
        ticket = actions.assign(ticket=open_ticket(**fields), assignee=anna, now=at, by=anna)
        return actions.change_status(ticket=ticket, verb="solve", now=at, by=anna)

    return make


def test_an_answer_says_who_about_whom_and_when(cora, anna, payments, solved, at):
    ticket = solved()

    rating = services.rate(user=cora, number=ticket.number, score=4, comment=" Quick. ", now=at + DAY)

    assert (rating.by, rating.organisation, rating.team, rating.agent) == (cora, cora.organisation, payments, anna)
    assert (rating.score, rating.comment, rating.given_at) == (4, "Quick.", at + DAY)
    told = Event.objects.get(ticket=ticket, kind=EventKind.RATED)
    assert (told.actor, told.data) == (cora, {"score": 4, "comment": "Quick."})


def test_another_answer_takes_its_place_and_the_timeline_keeps_both(cora, solved, at):
    ticket = solved()
    services.rate(user=cora, number=ticket.number, score=5, now=at)
    services.rate(user=cora, number=ticket.number, score=2, now=at + DAY)

    rating = Rating.objects.get()
    assert (rating.score, rating.given_at, rating.changed_at) == (2, at, at + DAY)
    told = Event.objects.filter(kind=EventKind.RATED).order_by("pk").values_list("data", flat=True)
    assert [(data["score"], data.get("earlier")) for data in told] == [(5, None), (2, 5)]


def test_it_is_asked_from_the_solution_until_two_weeks_after_the_end(cora, anna, open_ticket, solved, at):
    with pytest.raises(NotAllowedNow, match="not solved yet"):
        services.rate(user=cora, number=open_ticket().number, score=5, now=at)
    ticket = actions.change_status(ticket=solved(), verb="close", now=at, by=anna)

    services.rate(user=cora, number=ticket.number, score=5, now=at + RATE_WITHIN)
    with pytest.raises(NotAllowedNow, match="more than 14 days ago"):
        services.rate(user=cora, number=ticket.number, score=1, now=at + RATE_WITHIN + DAY)


def test_nobody_says_it_for_the_customer(cora, anna, mona, solved, at):
    number = solved().number
    for person in (anna, mona):
        with pytest.raises(Refused):
            services.rate(user=person, number=number, score=5, now=at)
    with pytest.raises(NotFound):
        services.rate(
            user=make_user("Carlos", Role.CUSTOMER, organisation=cora.organisation), number=number, score=5, now=at
        )
    assert not Rating.objects.exists()


@pytest.mark.parametrize("score", [0, 6, -1])
def test_the_scale_goes_from_one_to_five(cora, solved, at, score):
    with pytest.raises(InvalidInput, match="from 1 to 5"):
        services.rate(user=cora, number=solved().number, score=score, now=at)


def test_the_request_asks_with_a_plain_form_and_shows_what_was_said(cora, open_ticket, solved, at):
    assert "How were you answered?" not in words(get(cora, "portal:request", open_ticket().number))
    number = solved().number
    assert "How were you answered?" in words(get(cora, "portal:request", number))

    answer = post(cora, "portal:rate", number, score="2", comment="Twice the wrong form.")

    assert answer["Location"] == reverse("portal:request", args=[number]) + "#rating"
    page = words(get(cora, "portal:request", number))
    assert "You said: Dissatisfied" in page
    assert "Twice the wrong form." in page
    assert "Change your answer" in page


@pytest.mark.parametrize("wrong", [{}, {"score": "9"}, {"score": "3", "comment": "x" * 1001}])
def test_what_is_wrong_is_said_and_nothing_is_lost(cora, solved, wrong):
    answer = post(cora, "portal:rate", solved().number, **{"comment": "My words", **wrong})

    assert answer.status_code == 422
    assert "thing to mend" in words(answer)
    assert wrong.get("comment", "My words") in words(answer)
    assert not Rating.objects.exists()


def test_it_stands_beside_the_customer_as_a_share_of_three_months(anna, cora, solved, time):
    tickets = [solved() for _ in range(4)]
    assert "<dd>—</dd>" in words(get(anna, "desk:ticket", tickets[0].number))
    services.rate(user=cora, number=tickets[3].number, score=5, now=time.now)
    time.move_to(time.now + 91 * DAY)
    for ticket, score in zip(tickets, (5, 4, 1), strict=False):
        services.rate(user=cora, number=ticket.number, score=score, now=time.now)

    page = words(get(anna, "desk:ticket", tickets[2].number))

    assert "67% of 3, last 90 days" in page
    assert "1 of 5 for this ticket" in page
    assert "Take it up again" in page
    assert "Take it up again" not in words(get(anna, "desk:ticket", tickets[0].number))


def test_the_page_asks_as_much_however_many_have_answered(anna, cora, solved, at):
    client, counted = signed_in(anna), []
    tickets = [solved() for _ in range(4)]
    url = reverse("desk:ticket", args=[tickets[0].number])
    for ticket in tickets:
        services.rate(user=cora, number=ticket.number, score=5, now=at)
        counted.append(queries(client, url))

    assert len(set(counted)) == 1


@pytest.fixture
def replied(open_ticket, anna, at):
    """A reply of Anna's to Cora."""
    ticket = open_ticket()
    return services.reply(user=anna, number=ticket.number, body="Look at page 3.", now=at)


def test_r88_a_customer_says_of_one_reply_whether_it_has_helped(client, replied, cora, anna):
    client.force_login(cora)
    address = f"/help/messages/{replied.pk}/helped/"

    for said in ("no", "no", "yes"):
        assert client.post(address, {"has_helped": said}).status_code == 302

    replied.refresh_from_db()
    assert replied.has_helped is True
    told = Event.objects.filter(kind=EventKind.REPLY_JUDGED).order_by("pk")
    assert [event.data["helped"] for event in told] == [False, True]
    assert "Has helped" in words(get(anna, "desk:ticket", replied.ticket_id))


@pytest.mark.parametrize("who", ["stan", "anna"])
def test_r88_nobody_else_says_so(client, replied, who, request):
    client.force_login(request.getfixturevalue(who))

    assert client.post(f"/help/messages/{replied.pk}/helped/", {"has_helped": "yes"}).status_code == 404

    replied.refresh_from_db()
    assert replied.has_helped is None


def test_r88_neither_yes_nor_no_and_words_of_his_own_change_nothing(client, replied, cora):
    client.force_login(cora)
    own = replied.ticket.messages.get(by_customer=True)

    said = client.post(f"/help/messages/{replied.pk}/helped/", {"has_helped": "perhaps"}, follow=True)

    assert "Say yes or no." in words(said)
    assert client.post(f"/help/messages/{own.pk}/helped/", {"has_helped": "yes"}).status_code == 404
    replied.refresh_from_db()
    assert replied.has_helped is None
