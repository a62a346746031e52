"""Who hears of what, and that nothing is told twice or never."""

from datetime import timedelta

import pytest

from common.sealing import seal
from desk import changes
from desk.changes import Change, Cursor, Reader
from notifications.actions import notify
from notifications.enums import AlertKind
from notifications.letters import Letter
from tests.factories.people import make_team, make_user
from tickets import actions as tickets
from tickets import composer, presence
from tickets.models import Event
from tickets.timeline import record

pytestmark = pytest.mark.each


@pytest.fixture
def ticket(open_ticket, time, at):
    """Opened long enough ago to be no news."""
    made = open_ticket()
    time.move_to(at + timedelta(minutes=5))
    return made


def hears(user, news) -> Change:
    return changes.for_person(user, news)


def test_each_event_is_told_once(ticket, anna, time):
    reader = Reader(0.0)
    tickets.reply(ticket=ticket, author=anna, body="Here.", now=time.now)

    first, second = reader.read(1.0), reader.read(2.0)

    assert {event.kind for event in first.events} >= {"ticket.replied"}
    assert not second


def test_what_was_there_before_is_no_news(ticket):
    assert not Reader(0.0).read(1.0)


def test_an_event_that_commits_after_a_later_one_is_told(ticket, time):
    reader = Reader(0.0)
    held = _event_with_key(ticket, time, ahead=10)
    assert [event.pk for event in reader.read(1.0).events] == [held.pk]

    late = _event_with_key(ticket, time, ahead=0, key=held.pk - 3)

    assert [event.pk for event in reader.read(2.0).events] == [late.pk]
    assert not reader.read(3.0)


def test_the_reader_forgets_what_is_older_than_the_overlap(ticket, time):
    reader = Reader(0.0)
    for second in range(1, 40):
        record(ticket, "ticket.tagged", now=time.now)
        assert len(reader.read(float(second)).events) == 1

    assert len(reader._told_events) <= 12


def test_a_customer_hears_of_the_answer_and_not_of_the_note(ticket, anna, cora, time):
    reader = Reader(0.0)
    tickets.note(ticket=ticket, author=anna, body="He is difficult.", now=time.now)
    after_note = hears(cora, reader.read(1.0))

    tickets.reply(ticket=ticket, author=anna, body="Here.", now=time.now)
    after_reply = hears(cora, reader.read(2.0))

    assert not after_note
    assert after_reply == Change(tickets=frozenset({ticket.number}))


@pytest.mark.parametrize(
    "kind",
    [
        "sla.warned",
        "sla.breached",
        "sla.internal_missed",
        "escalation.opened",
        "escalation.communicated",
        "ticket.priority",
    ],
)
def test_what_is_internal_is_no_news_for_a_customer(ticket, anna, cora, time, kind):
    reader = Reader(0.0)
    record(ticket, kind, now=time.now, reference="E-207")

    news = reader.read(1.0)

    assert not hears(cora, news)
    assert hears(anna, news).tickets == {ticket.number}


def test_colleagues_hear_of_the_escalation_by_its_number(ticket, anna, time):
    reader = Reader(0.0)
    record(ticket, "escalation.acknowledged", now=time.now, reference="E-207")

    assert hears(anna, reader.read(1.0)).escalations == {207}


def test_nobody_hears_of_the_tickets_of_others(ticket, anna, stan, time):
    reader = Reader(0.0)
    tickets.reply(ticket=ticket, author=anna, body="Here.", now=time.now)

    assert not hears(stan, reader.read(1.0))


def test_an_agent_outside_a_restricted_team_hears_nothing_of_it(open_ticket, rosa, mona, anna, time):
    vault = make_team("Risk", lead=rosa, restricted=True)
    reader = Reader(0.0)
    ticket = open_ticket(team=vault)
    record(ticket, "escalation.opened", now=time.now, reference="E-9")

    news = reader.read(1.0)

    assert not hears(anna, news)
    assert hears(rosa, news).escalations == {9}
    assert hears(mona, news).tickets == {ticket.number}


def test_alerts_are_told_to_their_reader_alone(ticket, anna, mona, time):
    reader = Reader(0.0)
    _alert(mona, time)

    news = reader.read(1.0)

    assert hears(mona, news) == Change(alerts=True)
    assert not hears(anna, news)


def test_somebody_who_was_sent_away_hears_nothing(ticket, anna, time):
    reader = Reader(0.0)
    tickets.reply(ticket=ticket, author=anna, body="Here.", now=time.now)
    _alert(anna, time)
    anna.is_active = False

    assert not hears(anna, reader.read(1.0))


def test_a_page_that_asks_hears_what_came_after_its_cursor(ticket, anna, time):
    cursor = changes.news_since(None, now=time.now).cursor
    tickets.reply(ticket=ticket, author=anna, body="Here.", now=time.now)
    time.move_to(time.now + timedelta(minutes=1))

    after = changes.news_since(cursor, now=time.now)
    later = changes.news_since(after.cursor, now=time.now)

    assert hears(anna, after).tickets == {ticket.number}
    assert not later


def test_a_page_without_a_cursor_hears_of_the_last_seconds(ticket, anna, time):
    record(ticket, "ticket.tagged", now=time.now - timedelta(seconds=9))
    near = changes.news_since(None, now=time.now)
    far = changes.news_since(None, now=time.now + timedelta(seconds=5))

    assert hears(anna, near).tickets == {ticket.number}
    assert not far


@pytest.mark.parametrize("text", ["", "x", "1", "1-", "-1-2", "1-2-3", "٣-4", "9" * 40 + "-1"])
def test_a_cursor_that_is_none_is_as_good_as_no_cursor(text):
    assert Cursor.parse(text) is None
    assert Cursor.parse(seal(f"live {text}")) is None


@pytest.mark.parametrize(
    "text",
    ["17-4", seal("17-4"), seal("other 17-4"), "x" + seal("live 17-4"), "\udc80"],
    ids=["open", "for nothing", "for something else", "altered", "no text"],
)
def test_a_cursor_is_what_this_desk_has_sealed_as_one(text):
    assert Cursor.parse(text) is None


@pytest.mark.parametrize("cursor", [Cursor(), Cursor(17, 4), Cursor(10**18 - 1, 10**18 - 1)])
def test_a_cursor_comes_back_as_it_went(cursor):
    assert Cursor.parse(str(cursor)) == cursor


def test_a_cursor_tells_neither_how_much_happened_on_the_desk_nor_whether_anything_did():
    before, same, after = str(Cursor(4821, 77)), str(Cursor(4821, 77)), str(Cursor(4822, 90))

    assert len({before, same, after}) == 3
    assert len(before) == len(same) == len(after)
    assert not any(number in before for number in ("4821-", "-77"))


def _event_with_key(ticket, time, *, ahead: int, key: int | None = None) -> Event:
    """As a transaction leaves it that took its key before or after others and commits now."""
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return Event.objects.create(pk=key or newest + ahead, ticket=ticket, kind="ticket.replied", at=time.now)


def _alert(person, time) -> None:
    letter = Letter(kind=AlertKind.BREACH, title="Past due")
    notify(recipients=[person], compose=lambda _person: letter, dedupe="x", now=time.now, by_mail=False)


def test_coming_writing_and_going_are_told_to_those_who_see_the_ticket(ticket, anna, mona, cora, time):
    outside = make_user("Olga Outside")
    ticket.team = make_team("Risk", restricted=True, members=[anna])
    ticket.save(update_fields=["team"])
    reader, told = Reader(0.0), []

    for second, act in enumerate(
        [
            lambda: presence.be_here(ticket=ticket, user=mona, writing="", now=time.now),
            lambda: presence.be_here(ticket=ticket, user=mona, writing="note", now=time.now),
            lambda: presence.be_here(ticket=ticket, user=mona, writing="note", now=time.now),
            lambda: time.move_to(time.now + presence.STALE),
        ],
        start=1,
    ):
        act()
        told.append(reader.read(float(second)))

    assert [hears(anna, news).present for news in told] == [{ticket.number}, {ticket.number}, set(), {ticket.number}]
    assert not any(hears(user, news) for user in (cora, outside) for news in told)


def test_a_reply_on_its_way_is_told_when_it_is_written_and_when_it_is_taken_back(ticket, anna, mona, cora, time):
    reader = Reader(0.0)
    draft = composer.send_reply(user=anna, number=ticket.number, body="Soon.", now=time.now)
    written = reader.read(1.0)
    composer.take_back(user=anna, number=ticket.number, pk=draft.pk, now=time.now)
    taken_back = reader.read(2.0)

    assert hears(mona, written).tickets == hears(mona, taken_back).tickets == {ticket.number}
    assert not hears(cora, written)
