from datetime import timedelta

import pytest
from django.urls import reverse

from common.questions import Statement
from desk.templatetags import desk_atoms
from people.models import Team
from tests.desk.helpers import NOWHERE, fragment, get, queries, signed_in, words
from tests.factories.people import make_team, make_user
from tickets import actions as tickets
from tickets import first_page
from tickets.enums import Priority
from tickets.models import Mention

pytestmark = pytest.mark.each


def subjects(response) -> list[str]:
    return [row.subject for group in response.context["look"].groups for row in group.rows]


def groups(response) -> list[tuple[str, int]]:
    return [(str(group.words), group.count) for group in response.context["look"].groups]


def test_everything_open_stands_in_the_inbox_with_what_to_do_next(policy, open_ticket, anna):
    ticket = open_ticket(subject="Payouts <b>stuck</b>")

    page = get(anna, "desk:inbox")

    assert page.status_code == 200
    assert "Payouts &lt;b&gt;stuck&lt;/b&gt;" in page.content.decode()
    assert f"#{ticket.number}" in words(page)
    assert "First reply" in words(page)
    assert "Livraria Aurora" in words(page)
    assert "6h 00m" in words(page)


def test_tickets_stand_in_groups_by_what_is_due(policy, open_ticket, anna, time, at):
    open_ticket(subject="late", now=at - timedelta(hours=7))
    open_ticket(subject="soon", now=at - timedelta(hours=5, minutes=30))
    open_ticket(subject="later")
    waiting = open_ticket(subject="waiting")
    tickets.change_status(ticket=waiting, verb="wait", now=at, by=anna)

    page = get(anna, "desk:inbox")

    assert groups(page) == [
        ("Past due", 1),
        ("Due within the hour", 1),
        ("Next", 1),
        ("Paused, waiting on customer", 1),
    ]
    assert subjects(page) == ["late", "soon", "later", "waiting"]


def test_inside_a_group_the_escalated_stand_first_then_time_left(policy, open_ticket, anna, at):
    open_ticket(subject="first due", now=at - timedelta(hours=2))
    grave = open_ticket(subject="escalated")
    tickets.set_attention(ticket=grave, severity=1, escalation_state="initiated", escalation_number=7)
    open_ticket(subject="last due", now=at - timedelta(hours=1))

    assert subjects(get(anna, "desk:inbox")) == ["escalated", "first due", "last due"]


def test_it_sorts_by_time_left_and_by_age(policy, open_ticket, anna, at):
    open_ticket(subject="old", now=at - timedelta(hours=2))
    grave = open_ticket(subject="new")
    tickets.set_attention(ticket=grave, severity=1)

    assert subjects(get(anna, "desk:inbox", order="due")) == ["old", "new"]
    assert subjects(get(anna, "desk:inbox", order="newest")) == ["new", "old"]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("past-due", {"late"}),
        ("due-hour", {"soon"}),
        ("urgent-unowned", {"urgent"}),
        ("waiting", {"waiting"}),
        ("nonsense", {"late", "soon", "urgent", "waiting"}),
    ],
)
def test_views_narrow_it(policy, open_ticket, anna, at, view, expected):
    open_ticket(subject="late", now=at - timedelta(hours=7))
    open_ticket(subject="soon", now=at - timedelta(hours=5, minutes=30))
    open_ticket(subject="urgent", priority=Priority.URGENT)
    tickets.change_status(ticket=open_ticket(subject="waiting"), verb="wait", now=at, by=anna)

    assert set(subjects(get(anna, "desk:inbox", view=view))) == expected


def test_do_next_is_what_waits_for_me_and_my_teams(open_ticket, anna, terminals):
    open_ticket(subject="mine")
    open_ticket(subject="theirs", team=terminals)

    assert subjects(get(anna, "desk:inbox", view="do-next")) == ["mine"]
    assert subjects(get(anna, "desk:inbox", team=terminals.slug)) == ["theirs"]


def test_a_search_finds_solved_tickets_too(open_ticket, anna, at):
    ticket = open_ticket(subject="Terminal 51R")
    open_ticket(subject="Something else")
    tickets.change_status(ticket=ticket, verb="solve", now=at, by=anna)

    assert subjects(get(anna, "desk:inbox", q="51R")) == ["Terminal 51R"]
    assert groups(get(anna, "desk:inbox", q="is:closed")) == [("Solved and closed", 1)]


def test_words_are_found_newest_first_and_offer_no_other_order(open_ticket, anna, at):
    grave = open_ticket(subject="Terminal 1", now=at - timedelta(hours=9))
    tickets.set_attention(ticket=grave, severity=1)
    open_ticket(subject="Terminal 2")

    page = get(anna, "desk:inbox", q="Terminal")

    assert subjects(page) == ["Terminal 2", "Terminal 1"]
    assert page.context["orders"] == []
    assert "What to do next" not in words(page)


def test_a_wrong_search_says_so_and_stays_in_the_box(open_ticket, anna):
    open_ticket()

    page = get(anna, "desk:inbox", q="colour:blue")

    assert page.status_code == 422
    assert "colour" in words(page)
    assert 'value="colour:blue"' in words(page)


def test_a_restricted_teams_tickets_are_not_there(open_ticket, anna, payments):
    fraud = make_team("Fraud", restricted=True)
    open_ticket(subject="secret", team=fraud)

    assert subjects(get(anna, "desk:inbox")) == []
    assert subjects(get(anna, "desk:inbox", q="secret")) == []


def test_an_empty_view_says_whether_that_is_good(anna):
    assert "Nobody urgent is without an owner" in words(get(anna, "desk:inbox", view="urgent-unowned"))


def test_the_list_by_itself_knows_where_its_rows_are_fetched_again(open_ticket, anna):
    open_ticket()

    part = fragment(anna, "desk:inbox", view="do-next")

    assert "<html" not in words(part)
    assert 'data-list-url="/inbox/?view=do-next"' in words(part)
    assert 'data-rows-url="/inbox/rows/?view=do-next"' in words(part)
    assert "HX-Request" in part["Vary"]


@pytest.mark.once
def test_the_queries_do_not_grow_with_the_rows(policy, open_ticket, anna, at):
    client, counted = signed_in(anna), []

    for more in (1, 2, 22, 25):
        for number in range(more):
            requester = make_user(f"C{more}x{number} Customer", "customer", email=f"c{more}.{number}@shop.example")
            ticket = open_ticket(requester=requester)
            tickets.reply(ticket=ticket, author=anna, body="We look into it.", now=at)
        counted.append(queries(client, reverse("desk:inbox")))

    assert len(set(counted)) == 1
    assert counted[0] <= 20


def test_a_count_stops_at_a_thousand_and_says_so(open_ticket, anna, monkeypatch):
    monkeypatch.setattr("tickets.tally.MOST", 2)
    monkeypatch.setattr("tickets.walking.MOST", 2)
    # What was put into SQL with another limit, and what was drawn.
    monkeypatch.setattr(first_page, "_counted", Statement(first_page._counted.compose))
    monkeypatch.setattr("desk.templatetags.desk_look.MOST", 2)
    monkeypatch.setattr(desk_atoms, "_atom", desk_atoms._atom.__wrapped__)
    for _number in range(5):
        open_ticket()

    page = get(anna, "desk:inbox")

    assert groups(page) == [("Next", 3)]
    assert page.context["rail"]["counts"]["inbox"] == 3
    assert words(page).count("2+") >= 3


def test_whoever_is_named_in_a_note_finds_it_under_mentions_until_he_has_read_it(open_ticket, anna, rosa, at):
    note = tickets.note(ticket=open_ticket(subject="Look"), author=rosa, body="@anna must see this", now=at)
    open_ticket(subject="Not for you")
    mention = Mention.objects.get(message=note, user=anna)

    assert subjects(get(anna, "desk:inbox", view="mentions")) == ["Look"]
    assert get(anna, "desk:rail").context["rail"]["counts"]["mentions"] == 1
    assert subjects(get(rosa, "desk:inbox", view="mentions")) == []

    mention.read_at = at
    mention.save()
    assert subjects(get(anna, "desk:inbox", view="mentions")) == []


def test_customers_find_nothing_here_and_strangers_sign_in(cora, client):
    assert NOWHERE in words(get(cora, "desk:inbox"))
    assert get(cora, "desk:inbox").status_code == 404
    assert client.get(reverse("desk:inbox"))["Location"].startswith("/accounts/login/")


def test_the_rail_counts_what_the_reader_may_see(policy, open_ticket, anna, at):
    open_ticket(now=at - timedelta(hours=7))
    open_ticket(team=make_team("Fraud", restricted=True))

    rail = get(anna, "desk:inbox").context["rail"]

    assert rail["counts"]["inbox"] == 1
    assert rail["counts"]["past_due"] == 1
    assert [team.slug for team in rail["teams"]] == list(
        Team.objects.filter(restricted=False).values_list("slug", flat=True)
    )
