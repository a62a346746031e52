"""“Pauses that look unjustified”, for managers."""

from datetime import timedelta

import pytest
from django.db import connection

from reports import pauses
from sla.models import LedgerEntry
from sla.publishing import change_policy
from tests.desk.helpers import get, queries, signed_in, words
from tests.factories.people import make_team
from tickets import actions as tickets

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def paused(policy, open_ticket, anna, at):
    """A ticket that Anna paused after five hours, for four, before she answered; `asks` a question or nothing."""

    def make(body="Any news?", **fields):
        ticket = open_ticket(**fields)
        tickets.note(ticket=ticket, author=anna, body="Is he serious?", now=at)
        if body:
            tickets.reply(ticket=ticket, author=anna, body=body, now=at + 5 * HOUR)
        tickets.change_status(ticket=ticket, verb="wait", now=at + 5 * HOUR, by=anna)
        tickets.change_status(ticket=ticket, verb="resume", now=at + 9 * HOUR, by=anna)
        if not body:
            tickets.reply(ticket=ticket, author=anna, body="Here.", now=at + 9.5 * HOUR)
        return ticket

    return make


def test_a_pause_is_listed_once_with_its_signs_and_both_figures(paused, mona, time, at):
    paused("")
    paused("Any news?", subject="Terminals are down")
    time.move_to(at + 10 * HOUR)

    page = words(get(mona, "desk:pauses"))

    assert page.count("Payouts are stuck") == 1
    assert "Terminals are down" not in page
    assert "set 5 hours after the customer wrote, without an answer" in page
    assert "4h 00m" in page
    assert "9h 30m of 6h 00m, missed 16:00" in page
    assert "of 2 pauses" in page
    assert 'href="/reports/sla/?days=30#honest"' in page


@pytest.mark.parametrize(
    ("body", "listed"),
    [
        ("We look into it.", True),
        ("See https://shop.example/?q=1 and wait.", True),
        ("Which store?", False),
        ("Qual é a loja?\nObrigada, Anna", False),
        ("(Is it all of them?)", False),
        ("相談してもいいですか？", False),
    ],
)
def test_a_question_is_a_mark_at_the_end_of_words(body, listed, paused, mona, time, at):
    paused(body)
    time.move_to(at + 10 * HOUR)

    assert ("the last message asked nothing" in words(get(mona, "desk:pauses"))) == listed


def test_an_empty_list_says_that_it_has_looked(mona):
    assert "No pause looks unjustified" in words(get(mona, "desk:pauses"))


@pytest.mark.parametrize(("asked", "count"), [({}, 0), ({"days": "90"}, 1), ({"days": "7"}, 0), ({"days": "x"}, 0)])
def test_a_pause_older_than_the_days_that_are_asked_for_is_not_looked_at(asked, count, paused, mona, time, at):
    paused("")
    time.move_to(at + timedelta(days=31))

    assert f"of {count} pause" in words(get(mona, "desk:pauses", **asked))


def test_what_a_manager_may_not_see_is_not_in_it(paused, anna, at, time, mona):
    mine = make_team("Risk", members=[anna], restricted=True)
    paused("", team=mine)
    time.move_to(at + 10 * HOUR)

    assert "Payouts are stuck" in words(get(mona, "desk:pauses"))
    assert get(anna, "desk:pauses").status_code == 404


@pytest.mark.once
def test_its_queries_do_not_grow_with_the_pauses(paused, open_ticket, mona, anna, time, at):
    paused("")
    time.move_to(at + 10 * HOUR)
    client = signed_in(mona)
    counts = [queries(client, "/reports/pauses/")]
    for more in (2, 17):
        for number in range(more):
            tickets.change_status(ticket=open_ticket(), verb="wait", now=at + number * MINUTE, by=anna)
        counts.append(queries(client, "/reports/pauses/"))

    assert len(set(counts)) == 1


def test_pauses_are_added_up_by_what_was_waited_for_and_by_whom(policy, open_ticket, anna, rosa, mona, time, at):
    change_policy(policy=policy, pauses={"customer": ["resolution"], "supplier": ["resolution"]}, now=at)
    for number, (by, verb) in enumerate([(anna, "wait"), (rosa, "wait"), (rosa, "hold")]):
        ticket = open_ticket()
        tickets.change_status(ticket=ticket, verb=verb, now=at + number * HOUR, by=by)
    time.move_to(at + 4 * HOUR)

    found = pauses.unjustified(mona, since=at, until=at + 4 * HOUR, now=at + 4 * HOUR)
    page = words(get(mona, "desk:pauses"))

    assert [(one.of, one.pauses, one.worked, one.unjustified) for one in found.by_kind] == [
        ("customer", 2, 7 * HOUR, 2),
        ("supplier", 1, 2 * HOUR, 0),
    ]
    assert [(one.of, one.pauses, one.worked) for one in found.by_whom] == [
        (rosa.name, 2, 5 * HOUR),
        (anna.name, 1, 4 * HOUR),
    ]
    assert "Waiting on a supplier" in page and rosa.name in page


def test_pauses_are_found_by_their_day_and_not_by_reading_all_ledgers(db, at):
    """On PostgreSQL an empty table is read as it is, whatever indexes there are."""
    rows = LedgerEntry.objects.filter(kind="paused", at__gte=at, at__lt=at + HOUR).order_by("-at")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")

    assert "ledgerentry_paused_at" in rows.explain()
