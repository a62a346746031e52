from datetime import timedelta

import pytest
from django.urls import reverse

from people.models import Team
from tests.desk.helpers import NOWHERE, fragment, get, queries, signed_in, words
from tests.factories.people import make_team, make_user
from tickets import actions as tickets
from tickets.enums import Priority


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

    page = get(anna, "desk:inbox", q="51R")

    assert groups(page) == [("Solved and closed", 1)]


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


def test_the_list_is_fetched_again_by_itself(open_ticket, anna):
    open_ticket()

    part = fragment(anna, "desk:inbox", view="do-next")

    assert "<html" not in words(part)
    assert 'hx-get="/inbox/?view=do-next"' in words(part)
    assert "HX-Request" in part["Vary"]


def test_more_than_fifty_come_with_a_button(open_ticket, anna):
    for number in range(52):
        open_ticket(subject=f"Ticket {number}")

    page = get(anna, "desk:inbox")

    assert len(subjects(page)) == 50
    assert "50 of 52 shown, show more" in words(page)
    assert len(subjects(get(anna, "desk:inbox", shown="100"))) == 52
    assert len(subjects(get(anna, "desk:inbox", shown="-1"))) == 50


def test_the_queries_do_not_grow_with_the_rows(policy, open_ticket, anna, at):
    client, counted = signed_in(anna), []

    for more in (1, 2, 47):
        for number in range(more):
            requester = make_user(f"C{more}x{number} Customer", "customer", email=f"c{more}.{number}@shop.example")
            ticket = open_ticket(requester=requester)
            tickets.reply(ticket=ticket, author=anna, body="We look into it.", now=at)
        counted.append(queries(client, reverse("desk:inbox")))

    assert len(set(counted)) == 1
    assert counted[0] <= 20


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
