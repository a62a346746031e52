"""The ledger of a clock: for agents, for managers the honest clock, for administrators the stored lines."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from calendars.actions import create_calendar
from escalation import sweep
from people.models import User
from sla.models import Clock
from sla.publishing import change_policy, create_policy
from sla.sweep import collect
from tests.desk.helpers import NOWHERE, fragment, get, queries, signed_in, words
from tests.factories.sla import HOUR, make_policy, same_for_all
from tickets import actions as tickets
from tickets import services

LATE = re.compile(r"\d\w* late\b")
ONE_HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
WEEKDAYS = [{"weekday": day, "start": "09:00", "end": "17:00"} for day in range(5)]


@pytest.fixture
def ticket(payments, open_ticket, anna, cora, time, at):
    """Paused on Wednesday from 11:20:10 to 12:00:05, looked at on Thursday at 09:30; the desk works from 9 to 5."""
    office = create_calendar(name="Office hours", time_zone="UTC", periods=WEEKDAYS, holidays=[], now=at)
    make_policy(at, resolution=10 * HOUR, calendar=office)
    ticket = open_ticket()
    asked = at + 80 * MINUTE + 10 * SECOND
    tickets.reply(ticket=ticket, author=anna, body="Which store?", now=asked - MINUTE)
    tickets.change_status(ticket=ticket, verb="wait", now=asked, by=anna, reason="asked which store")
    tickets.customer_wrote(ticket=ticket, author=cora, body="Moema.", now=at + 120 * MINUTE + 5 * SECOND)
    time.move_to(at + 23.5 * ONE_HOUR)
    return ticket


def test_what_the_house_noted_is_read_in_the_readers_language_whoever_brought_it_about(
    payments, open_ticket, anna, cora, policy, time, at
):
    ticket = open_ticket()
    with translation.override("es"):
        tickets.change_status(ticket=ticket, verb="wait", now=at + MINUTE, by=anna)
    with translation.override("pt-br"):
        tickets.customer_wrote(ticket=ticket, author=cora, body="Moema.", now=at + 2 * MINUTE)
    time.move_to(at + ONE_HOUR)

    page = words(get(anna, "desk:ticket", ticket.number))
    User.objects.filter(pk=anna.pk).update(language="ru")
    in_russian = words(get(anna, "desk:ticket", ticket.number))

    assert "the customer answered" in page and "waiting on the customer" in page
    assert "клиент ответил" in in_russian and "ждём клиента" in in_russian
    assert "o cliente respondeu" not in in_russian and "the customer answered" not in in_russian


def test_each_interval_each_pause_and_what_is_left_add_up_to_the_second(ticket, anna):
    page = words(get(anna, "desk:ledger", ticket.number))

    assert "Why 12:39" in page
    assert "Resolve within 10h 00m of Office hours, version 1, promised by Standard, version 1" in page
    for part in (
        "Wed 18 Nov 2026",
        "10:00–11:20:10",
        "1h 20m 10s",
        "11:20:10–12:00:05",
        "asked which store, by Anna Lindqvist; 39m 55s of working time went by",
        "12:00:05–17:00",
        "4h 59m 55s",
        "17:00–Thu 09:00",
        "Closed hours",
        "Thu 19 Nov 2026",
        "30m",
    ):
        assert part in page, part
    # 1:20:10 + 4:59:55 + 0:30:00 = 6:50:05; with 3:09:55 that is ten hours, and 09:30 + 3:09:55 is 12:39:55.
    assert "6h 50m 05s" in page
    assert "3h 09m 55s" in page
    assert "Thu 19 Nov 2026, 12:39:55" in page


def test_a_change_of_the_terms_is_told_with_what_they_were(ticket, anna, adam, time):
    policy = Clock.objects.first().policy_version.policy
    change_policy(
        policy=policy, targets=same_for_all("resolution", 8 * HOUR), now=time.now, by=adam, applies_to="new_and_open"
    )

    page = words(get(anna, "desk:ledger", ticket.number, clock="resolution"))

    assert "Target 10h 00m → 8h 00m; Policy: Standard, version 2" in page
    assert "the policy changed, by Adam Berg" in page
    assert "Thu 19 Nov 2026, 10:39:55" in page


def test_a_missed_promise_says_when_and_by_how_much(policy, open_ticket, anna, time, at):
    ticket = open_ticket()
    time.move_to(at + 7 * ONE_HOUR)

    page = words(get(anna, "desk:ledger", ticket.number))

    assert "7h 00m are counted, 1h 00m more than promised: it was due 16:00." in page
    assert "The promise was missed" in page
    assert "10:00–16:00" in page and "16:00–17:00" in page


def test_a_kept_promise_and_one_that_is_paused_are_told_in_their_own_words(ticket, anna, time, at):
    kept = words(get(anna, "desk:ledger", ticket.number, clock="first_response"))
    assert "Kept Wed 11:19 after 1h 19m 10s; 4h 40m 50s were left." in kept
    assert "Would have been due" in kept

    tickets.change_status(ticket=ticket, verb="wait", now=time.now, by=anna)
    paused = words(get(anna, "desk:ledger", ticket.number, clock="resolution"))
    assert "6h 50m 05s are counted and 3h 09m 55s are kept. While it is paused there is no due time." in paused


def test_each_round_of_a_promise_that_recurs_has_its_ledger(payments, open_ticket, anna, cora, time, at):
    create_policy(name="Replies", targets=same_for_all("next_response", HOUR), now=at)
    ticket = open_ticket()
    tickets.reply(ticket=ticket, author=anna, body="a", now=at + MINUTE)
    for minutes in (1, 5):
        tickets.customer_wrote(ticket=ticket, author=cora, body="And?", now=at + minutes * MINUTE)
        tickets.reply(ticket=ticket, author=anna, body="Soon.", now=at + (minutes + 1) * MINUTE)

    time.move_to(at + ONE_HOUR)
    newest = words(get(anna, "desk:ledger", ticket.number))
    first = words(get(anna, "desk:ledger", ticket.number, clock="next_response", round=1))

    assert "Round 2 of 2" in newest and "10:05–10:06" in newest
    assert "Round 1 of 2" in first and "10:01–10:02" in first
    assert get(anna, "desk:ledger", ticket.number, clock="next_response", round="3").status_code == 404
    assert NOWHERE in words(get(anna, "desk:ledger", ticket.number, clock="nonsense"))


def test_a_ticket_without_a_promise_says_so(open_ticket, anna):
    assert "No policy promises anything" in words(get(anna, "desk:ledger", open_ticket().number))


def test_only_managers_see_the_honest_clock_and_only_administrators_the_stored_lines(ticket, anna, mona, adam):
    pages = {
        person: words(get(person, "desk:ledger", ticket.number, clock="resolution")) for person in (anna, mona, adam)
    }

    assert ["The honest clock" in page for page in pages.values()] == [False, True, True]
    assert ["as they are stored" in page for page in pages.values()] == [False, False, True]
    assert "No pause looks unjustified." in pages[mona]
    assert "2026-11-18T11:20:10+00:00" in pages[adam]
    assert reverse("api:ledger", kwargs={"number": ticket.number, "metric": "resolution"}) in pages[adam]


def test_a_pause_that_looks_unjustified_is_named_with_the_figure_without_it(
    policy, open_ticket, anna, mona, cora, time, at
):
    ticket = open_ticket()
    tickets.customer_wrote(ticket=ticket, author=cora, body="Anybody there?", now=at + 5 * ONE_HOUR)
    tickets.change_status(ticket=ticket, verb="wait", now=at + 5 * ONE_HOUR + 3 * MINUTE, by=anna)
    tickets.change_status(ticket=ticket, verb="resume", now=at + 9 * ONE_HOUR, by=anna)
    tickets.reply(ticket=ticket, author=anna, body="Here.", now=at + 9.5 * ONE_HOUR)
    time.move_to(at + 10 * ONE_HOUR)

    page = words(get(mona, "desk:ledger", ticket.number, clock="first_response"))

    assert "set 3 min after the customer wrote, without an answer" in page
    assert "It counts as kept because of these pauses." in page
    assert "5h 33m of 6h 00m" in page
    assert "9h 30m of 6h 00m, missed 16:00" in page


def test_the_ticket_leads_to_it_and_it_is_a_dialog_there(ticket, anna):
    page = words(get(anna, "desk:ticket", ticket.number))

    assert f'href="/tickets/{ticket.number}/ledger/" data-dialog data-key="o"' in page
    assert 'class="dlg-x"' in words(fragment(anna, "desk:ledger", ticket.number))


@pytest.mark.once
def test_its_queries_do_not_grow_with_the_ledger(ticket, mona, anna, time, at):
    client, url = signed_in(mona), f"/tickets/{ticket.number}/ledger/?clock=resolution"
    few = queries(client, url)
    for hour in range(12):
        verb = "resume" if hour % 2 else "wait"
        tickets.change_status(ticket=ticket, verb=verb, now=time.now + hour * MINUTE, by=anna)

    assert queries(client, url) == few


def test_what_is_done_on_the_way_stands_with_its_moments_and_what_has_been_done(payments, open_ticket, anna, time, at):
    steps = [50, {"offset": 3600, "actions": [{"do": "tag", "value": "late"}, {"do": "notify", "value": "managers"}]}]
    create_policy(name="P", targets=same_for_all("resolution", 4 * HOUR, steps), now=at)
    ticket = open_ticket(now=at)
    collect(at + 2 * ONE_HOUR)
    time.move_to(at + 3 * ONE_HOUR)

    page = words(get(anna, "desk:ledger", ticket.number))

    assert "On the way" in page
    assert "<td>12:00</td><td>50 % <small>alert the owner</small></td><td>done</td>" in page
    late = "1 h after it was due <small>alert the team's managers; add the tag “late”</small>"
    assert f"<td>15:00</td><td>{late}</td><td>ahead</td>" in page
    tickets.change_status(ticket=ticket, verb="solve", now=time.now, by=anna)
    assert "1 h after it was due" not in words(get(anna, "desk:ledger", ticket.number))


def test_an_answer_that_never_came_is_not_called_late(policy, open_ticket, anna, cora, time, at):
    number = open_ticket().number
    answered = open_ticket().number
    time.move_to(at + 6.5 * ONE_HOUR)
    sweep.run()
    services.reply(user=anna, number=answered, body="Here, at last.", now=time.now)
    services.settle(user=cora, number=number, now=time.now)

    page = words(get(anna, "desk:ledger", number))

    assert "Never came" in page and not LATE.search(page)
    assert LATE.search(words(get(anna, "desk:ledger", answered)))
