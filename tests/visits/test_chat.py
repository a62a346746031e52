"""A chat on a website: what it opens, who is let in, where an answer goes."""

from datetime import timedelta
from io import StringIO
from itertools import count

import pytest
from django.core.management import call_command
from django.db import connection

from common.errors import InvalidInput, NotAllowedNow, NotFound
from mailroom import leaving
from notifications.models import Delivery
from tests.conftest import Crash
from tests.escalation.test_at_once import at_once
from tests.factories.people import make_organisation, make_user
from tests.factories.visits import make_visit, make_widget
from tickets import actions as tickets
from tickets import indexing, merging
from tickets.enums import Channel, Status
from tickets.models import Ticket
from tickets.search import find
from visits import actions, personal
from visits.enums import GONE_AFTER, GOOD_FOR
from visits.handing_over import hand_over
from visits.models import Unread, Visit, Widget
from visits.pace import network_of
from visits.permissions import access_visit

pytestmark = pytest.mark.each
GONE = GONE_AFTER + timedelta(seconds=1)


@pytest.fixture
def widget(payments) -> Widget:
    return make_widget(team=payments)


@pytest.fixture
def visit(widget, cora, at) -> Visit:
    return make_visit(widget, at)[0]


@pytest.fixture
def ticket(visit) -> Ticket:
    return visit.ticket


def mails() -> list[str]:
    return [f"{row.address} {row.dedupe_key.partition(':')[0]}" for row in Delivery.objects.order_by("pk")]


def leave(time) -> int:
    """The frame is closed, and its time goes by."""
    time.move_to(time.now + GONE)
    return leaving.run()


def test_the_first_words_open_a_ticket_by_chat_with_its_clocks_and_its_team(visit, payments, policy, at):
    ticket = visit.ticket

    assert (ticket.channel, ticket.team, ticket.subject) == (Channel.CHAT, payments, "The payout is stuck")
    assert ticket.requester.email == "cora@livraria-aurora.example"
    assert list(ticket.messages.values_list("body", "by_customer", "channel")) == [
        ("The payout is stuck", True, "chat")
    ]
    assert not visit.is_proved


def test_a_new_address_is_a_new_customer_and_one_who_has_signed_in_is_proved(widget, stan, at):
    new, _word = make_visit(widget, at, email="nina@new.example", name="Nina")
    known, _word = actions.begin(widget=widget, known=stan, body="Hello", network="", language="en", now=at)

    assert (new.ticket.requester.name, new.ticket.requester.is_customer) == ("Nina", True)
    assert (known.ticket.requester, known.is_proved) == (stan, True)


def test_an_address_of_a_colleague_and_a_closed_account_do_not_chat(widget, anna, cora, at):
    cora.is_active = False
    cora.save()

    for email in (anna.email, cora.email):
        with pytest.raises(InvalidInput, match="does not take this address"):
            make_visit(widget, at, email=email)
    assert not Ticket.objects.exists()


def test_a_word_opens_its_own_chat_and_nothing_else(widget, cora, stan, at):
    visit, word = make_visit(widget, at)
    other, _word = make_visit(widget, at, email=stan.email)
    elsewhere = make_widget(name="Elsewhere")

    assert access_visit(word, widget=widget, now=at) == visit
    assert word not in {row.digest for row in (visit, other)}
    for given, of in (("", widget), ("x", widget), (visit.digest, widget), (word, elsewhere)):
        with pytest.raises(NotFound):
            access_visit(given, widget=of, now=at)
    with pytest.raises(NotFound):
        access_visit(word, widget=widget, now=at + GOOD_FOR)


def test_an_answer_is_read_in_the_chat_and_not_mailed(visit, ticket, anna, at, time):
    reply = tickets.reply(ticket=ticket, author=anna, body="Which bank?", now=at)
    assert mails() == []

    actions.be_here(visit=visit, shown=reply.pk, now=at)

    assert leave(time) == 0
    assert mails() == []


def test_an_answer_that_nobody_read_before_he_left_is_mailed_once(ticket, cora, anna, at, time):
    tickets.reply(ticket=ticket, author=anna, body="Which bank?", now=at)

    assert [leave(time), leaving.run()] == [1, 0]

    assert mails() == [f"{cora.email} reply"]
    assert Delivery.objects.get().thread_token
    assert not Unread.objects.exists()


def test_once_he_has_left_an_answer_goes_by_mail_at_once(ticket, cora, anna, at, time):
    time.move_to(at + GONE)

    tickets.reply(ticket=ticket, author=anna, body="Which bank?", now=time.now)

    assert mails() == [f"{cora.email} reply"]
    leaving.run()
    assert mails() == [f"{cora.email} reply"]


def test_whoever_leaves_before_anybody_answers_is_told_that_it_has_arrived(visit, cora, time):
    leave(time)

    assert mails() == [f"{cora.email} receipt"]


def test_what_was_put_away_as_spam_is_not_confirmed(ticket, time):
    Ticket.objects.filter(pk=ticket.pk).update(trashed_at=time.now)

    leave(time)

    assert mails() == []


def test_a_visitor_who_comes_back_in_time_gets_no_mail(visit, ticket, anna, at, time):
    tickets.reply(ticket=ticket, author=anna, body="Which bank?", now=at)
    time.move_to(at + GONE)

    actions.be_here(visit=visit, shown=0, now=time.now)

    assert leaving.run() == 0
    assert mails() == []


def test_a_round_that_dies_has_mailed_nothing_and_the_next_one_mails_once(ticket, cora, anna, at, time, monkeypatch):
    tickets.reply(ticket=ticket, author=anna, body="Which bank?", now=at)
    time.move_to(at + GONE)

    def dies(*_args, **_kwargs):
        raise Crash

    with monkeypatch.context() as patch, pytest.raises(Crash):
        patch.setattr(leaving, "send_reply", dies)
        leaving.mail(pk=Unread.objects.exclude(message=None).get().pk, now=time.now)
    assert mails() == []

    assert leaving.run() == 1
    assert mails() == [f"{cora.email} reply"]


def test_the_answer_by_mail_of_whoever_has_the_address_shuts_out_whoever_only_typed_it(
    visit, ticket, widget, cora, anna, at
):
    word = "x"
    Visit.objects.update(digest=actions.digest_of(word))
    assert access_visit(word, widget=widget, now=at)

    tickets.customer_wrote(ticket=ticket, author=cora, body="My code is 17", now=at, channel=Channel.EMAIL)

    with pytest.raises(NotFound):
        access_visit(word, widget=widget, now=at)
    tickets.reply(ticket=ticket, author=anna, body="Thank you", now=at)
    assert mails() == [f"{cora.email} reply"]


def test_whoever_only_typed_an_address_reads_nothing_of_another_ticket_that_is_merged_into_his_chat(
    widget, open_ticket, cora, stan, anna, at
):
    typed, word = make_visit(widget, at)
    known, proved = actions.begin(widget=widget, known=stan, body="Hello", network="", language="en", now=at)
    for visit, person in ((typed, cora), (known, stan)):
        earlier = open_ticket(requester=person, body="My code is 17")
        merging.merge(source=earlier, target=visit.ticket, now=at, by=anna)

    with pytest.raises(NotFound):
        access_visit(word, widget=widget, now=at)
    assert access_visit(proved, widget=widget, now=at) == known


def test_what_he_says_in_the_chat_reopens_and_shuts_nobody_out(visit, ticket, at):
    tickets.change_status(ticket=ticket, verb="solve", now=at, by=None)

    message = actions.say(visit=visit, body="Not yet", now=at)

    visit.refresh_from_db()
    assert (message.channel, visit.digest is not None) == (Channel.CHAT, True)
    assert Ticket.objects.get(pk=ticket.pk).status == Status.OPEN


def test_a_chat_abandoned_in_mid_sentence_is_kept_and_gone_once_it_is_said(visit, at):
    actions.keep_draft(visit=visit, text="I have tri\x00ed" + "x" * 9_000, now=at)
    visit.refresh_from_db()
    assert visit.draft.startswith("I have triedx") and len(visit.draft) == actions.SAY_LIMIT

    actions.say(visit=visit, body="I have tried", now=at)

    visit.refresh_from_db()
    assert (visit.draft, visit.draft_at) == ("", None)


def test_an_ended_chat_lets_nobody_in_and_mails_what_was_not_read(visit, ticket, cora, anna, at):
    tickets.reply(ticket=ticket, author=anna, body="Which bank?", now=at)

    actions.end(visit=visit, now=at)

    assert Visit.objects.get().digest is None
    assert leaving.run() == 1
    assert mails() == [f"{cora.email} reply"]


def test_what_went_into_another_ticket_goes_on_by_mail_and_shows_nothing_of_that_one(
    visit, ticket, open_ticket, cora, anna, at, time
):
    tickets.reply(ticket=ticket, author=anna, body="Which bank?", now=at)
    other = open_ticket()
    merging.merge(source=Ticket.objects.get(pk=ticket.pk), target=other, now=at, by=anna)
    visit.refresh_from_db()
    with pytest.raises(NotAllowedNow, match="by e-mail"):
        actions.say(visit=visit, body="Hello?", now=at)

    leave(time)
    tickets.reply(ticket=other, author=anna, body="All is well", now=time.now)

    assert mails()[-2:] == [f"{cora.email} reply"] * 2


def test_an_answer_that_went_into_another_customers_ticket_unread_still_reaches_who_asked(
    ticket, open_ticket, stan, cora, anna, at, time
):
    tickets.reply(ticket=ticket, author=anna, body="Which bank?", now=at)
    merging.merge(source=Ticket.objects.get(pk=ticket.pk), target=open_ticket(requester=stan), now=at, by=anna)

    leave(time)

    answer = Delivery.objects.get(dedupe_key__startswith="reply:")
    assert (answer.address, answer.ticket_number) == (cora.email, ticket.number)
    assert "Which bank?" in str(answer.context)


def test_a_network_and_a_widget_begin_so_many_chats_and_no_more(widget, at):
    for number in range(5):
        make_visit(widget, at, email=f"one{number}@x.example")

    with pytest.raises(NotAllowedNow, match="Too many chats"):
        make_visit(widget, at, email="six@x.example")
    make_visit(widget, at, email="six@x.example", network="another")
    make_visit(widget, at + timedelta(minutes=11), email="seven@x.example")


def test_whose_network_is_not_known_are_not_all_of_one(widget, at):
    for number in range(6):
        make_visit(widget, at, email=f"one{number}@x.example", network="")

    assert Visit.objects.count() == 6


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite admits one writer at a time: nothing to race for")
@pytest.mark.django_db(transaction=True)
def test_chats_that_begin_at_once_find_no_more_room_than_one_after_the_other(widget, at):
    numbers = count()

    refused = at_once(12, lambda: make_visit(widget, at, email=f"one{next(numbers)}@x.example"))

    assert {type(error) for error in refused} == {NotAllowedNow}
    assert Visit.objects.count() == 5


@pytest.mark.once
def test_a_network_is_one_household_and_its_address_is_not_kept():
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff") != network_of("2001:db8:0:1::1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert "192.0.2.1" not in network_of("192.0.2.1")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1") != network_of("::ffff:192.0.2.2")
    assert network_of("nonsense") == network_of("") == ""


def test_words_of_a_chat_go_with_whoever_is_erased(visit, at):
    actions.keep_draft(visit=visit, text="My se", now=at)

    personal.remove_words(ticket=visit.ticket)

    visit.refresh_from_db()
    assert (visit.draft, visit.digest, visit.network) == ("", None, "")


def test_a_stranger_s_ticket_gets_nothing_of_an_organisation_that_he_names(widget, at):
    make_organisation()
    mallory = make_user("Mallory", "customer", email="m@x.example")

    visit, _word = make_visit(widget, at, email=mallory.email)

    assert visit.ticket.organisation is None


def test_an_answer_that_cannot_be_mailed_rests_between_its_tries_and_holds_up_no_other(
    widget, ticket, cora, stan, anna, at, time, monkeypatch
):
    other = make_visit(widget, at, email=stan.email)[0].ticket
    for one in (ticket, other):
        tickets.reply(ticket=one, author=anna, body="Which bank?", now=at)
    send, tried = leaving.send_reply, []

    def fails(message):
        tried.append(message.ticket_id)
        if message.ticket_id == ticket.number:
            raise ValueError
        send(message)

    monkeypatch.setattr(leaving, "send_reply", fails)
    leave(time)
    leaving.run()

    assert f"{stan.email} reply" in mails()
    assert tried.count(ticket.number) == 1
    monkeypatch.setattr(leaving, "send_reply", send)
    time.move_to(time.now + timedelta(minutes=1))
    leaving.run()
    assert f"{cora.email} reply" in mails()


# --- What is found --------------------------------------------------------------------------------------------


def found(user, words) -> set[int]:
    return set(find(user, words).values_list("number", flat=True))


def test_what_is_said_in_a_chat_is_found_by_who_may_see_it_and_by_nobody_else(visit, ticket, anna, cora, stan, at):
    actions.say(visit=visit, body="It is the heliotrope one", now=at)
    outsider = make_user("Otto Agent")
    ticket.team.restricted = True
    ticket.team.save(update_fields=["restricted"])

    assert found(anna, "heliotrope") == found(cora, "heliotrope") == {ticket.number}
    assert found(stan, "heliotrope") == found(outsider, "heliotrope") == set()


def test_what_is_typed_and_not_sent_is_found_by_nobody(visit, anna, at):
    actions.keep_draft(visit=visit, text="heliotrope", now=at)
    indexing.rebuild([visit.ticket_id])

    assert found(anna, "heliotrope") == set()


@pytest.fixture
def handed(anna, cora, payments, at) -> Ticket:
    turns = [
        {"who": "bot", "at": at, "text": "Have you tried the heliotrope button?"},
        {"who": "customer", "at": at, "text": "It is stuck"},
    ]
    return hand_over(user=anna, bot="Aria", turns=turns, now=at, email=cora.email, team=payments)


def test_what_a_bot_has_said_is_found_by_colleagues_alone_and_after_a_rebuild_as_well(handed, anna, cora, stan):
    for _again in range(2):
        assert found(anna, "heliotrope button") == found(anna, "aria") == {handed.number}
        assert found(cora, "heliotrope") == found(stan, "heliotrope") == set()
        assert found(cora, "stuck") == {handed.number}
        call_command("reindex", stdout=StringIO())


def test_of_a_transcript_that_is_removed_nothing_is_found_any_more(handed, anna):
    personal.remove_words(ticket=handed)

    assert found(anna, "heliotrope") == set()
    assert found(anna, "stuck") == {handed.number}
