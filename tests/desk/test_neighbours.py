"""The ticket's page knows the list that its reader came from: where he stands in it, and who is next."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from desk.looks.inbox.neighbours import Spot
from tests.desk.helpers import fragment, get, queries, signed_in, words
from tickets import actions as tickets
from tickets import queue
from tickets.models import Merge, Ticket


@pytest.fixture
def five(open_ticket):
    return [open_ticket(subject=f"Matter {n}", body="a numbat").number for n in range(5)]


def rows(page):
    return re.findall(r'<div class="s"><a href="(/tickets/[^"]+)"', words(page))


def ends(page):
    """The addresses before and behind, and what stands between them."""
    found = dict(re.findall(r'href="([^"]+)" rel="(prev|next)"', words(page)))
    at = re.search(r'<small class="num desk-only">([^<]*)</small>', words(page))
    by_name = {name: number_of(address) for address, name in found.items()}
    return by_name.get("prev"), at and at[1], by_name.get("next")


def number_of(address):
    return int(re.match(r"/tickets/(\d+)/", address)[1])


@pytest.mark.parametrize(
    "asked", [{}, {"order": "due"}, {"order": "newest"}, {"q": "numbat"}, {"q": "is:open", "view": "do-next"}]
)
def test_the_list_is_walked_from_ticket_to_ticket_in_its_own_order(rosa, five, asked):
    client = signed_in(rosa)
    listed = rows(client.get(reverse("desk:inbox"), asked))
    numbers = [number_of(address) for address in listed]

    seen, address = [], listed[0]
    while address:
        page = client.get(address)
        seen.append((number_of(address), *ends(page)))
        found = re.search(r'href="([^"]+)" rel="next"', words(page))
        address = found and found[1]

    assert len(numbers) == 5
    assert seen == [
        (number, before, f"{n} of 5", behind)
        for n, (number, before, behind) in enumerate(
            zip(numbers, [None, *numbers], [*numbers[1:], None], strict=False), start=1
        )
    ]
    way = parse_qs(urlsplit(listed[0]).query)
    assert {key: way[key][0] for key in asked} == asked


def test_what_has_left_its_place_still_has_the_same_neighbours(anna, five, at):
    client = signed_in(anna)
    listed = rows(client.get(reverse("desk:inbox")))
    middle = number_of(listed[2])
    tickets.change_status(ticket=Ticket.objects.get(number=middle), by=anna, verb="solve", now=at)

    assert ends(client.get(listed[2])) == (number_of(listed[1]), None, number_of(listed[3]))


def test_a_form_of_the_page_leads_back_into_the_list(anna, five):
    client = signed_in(anna)
    here = rows(client.get(reverse("desk:inbox"), {"q": "numbat"}))[1]
    url = reverse("desk:ticket_change", args=[number_of(here), "priority"])

    answer = client.post(url, {"priority": "high"}, headers={"Referer": f"http://testserver{here}"})

    assert parse_qs(urlsplit(answer["Location"]).query) == parse_qs(urlsplit(here).query)
    elsewhere = client.post(url, {"priority": "low"}, headers={"Referer": "http://testserver/inbox/?at=1"})
    assert elsewhere["Location"] == reverse("desk:ticket", args=[number_of(here)])


def test_a_row_that_is_fetched_again_leads_into_the_list_too(anna, five, at):
    page = fragment(anna, "desk:inbox_rows", n=five[0], seen=at.isoformat(), q="numbat")

    assert urlsplit(rows(page)[0]).query.startswith("q=numbat&at=0.")


def test_whoever_came_otherwise_has_no_list(anna, five):
    assert "pager" not in words(get(anna, "desk:ticket", five[0]))


@pytest.mark.parametrize("at_words", ["", "x", "1.2", "0..1", "-1.1.1", "0.1.1.1", "9" * 60, "99.1.1763460000000000"])
def test_what_no_list_has_written_is_the_place_of_now(anna, five, at_words):
    page = get(anna, "desk:ticket", five[0], at=at_words)

    assert ends(page)[1] == "1 of 5"


def test_a_query_that_means_nothing_shows_the_ticket_without_a_list(anna, five):
    assert "pager" not in words(get(anna, "desk:ticket", five[0], at="x", q='"'))


@pytest.mark.parametrize("order", queue.ORDERS)
def test_a_spot_is_read_as_it_was_written(at, order):
    is_newest = order == queue.NEWEST
    spot = Spot(0, None if is_newest else at + timedelta(microseconds=7), at)

    assert Spot.read(str(spot), order, at + timedelta(hours=1)) == spot
    assert Spot.read(str(spot), order, at + timedelta(hours=9)) is None
    assert Spot.read(str(spot), order, at - timedelta(seconds=1)) is None


def test_the_queries_are_as_many_in_any_list(anna, open_ticket):
    client, counted, number = signed_in(anna), [], open_ticket().number
    open_ticket()
    for _ in range(3):
        counted.append(queries(client, f"{reverse('desk:ticket', args=[number])}?at=x"))
        open_ticket(), open_ticket()

    assert len(set(counted)) == 1
    assert counted[0] - queries(client, reverse("desk:ticket", args=[number])) <= 4


@pytest.fixture
def read_in_a_list(rosa, five):
    """A browser on the second row of a list of what was searched for, and the address of that ticket's page."""
    client = signed_in(rosa)
    return client, rows(client.get(reverse("desk:inbox"), {"q": "numbat"}))[1]


def test_what_is_merged_goes_on_in_the_list_from_which_its_reader_came(read_in_a_list, five):
    client, here = read_in_a_list
    number = number_of(here)
    target = next(other for other in five if other != number)
    way = urlsplit(here).query
    url = reverse("desk:merge", args=[number])

    # With script the dialog's form is sent from the ticket's page, without it from a page that carries the list along.
    form = words(client.get(url, headers={"Referer": f"http://testserver{here}"}))
    action = re.search(rf'action="({url}[^"]*)"', form)[1]
    answer = client.post(action, {"target": str(target)}, headers={"Referer": f"http://testserver{url}"})

    assert number_of(answer["Location"]) == target
    assert parse_qs(urlsplit(answer["Location"]).query) == parse_qs(way)
    assert "pager" in words(client.get(answer["Location"]))
    apart = client.post(
        reverse("desk:unmerge", args=[Merge.objects.get().pk]),
        headers={"Referer": f"http://testserver{answer['Location']}"},
    )
    assert number_of(apart["Location"]) == number
    assert parse_qs(urlsplit(apart["Location"]).query) == parse_qs(way)


def test_what_is_split_out_is_read_in_the_list_from_which_its_reader_came(read_in_a_list):
    client, here = read_in_a_list
    ticket = Ticket.objects.get(number=number_of(here))
    tickets.customer_wrote(ticket=ticket, author=ticket.requester, body="And a refund", now=ticket.updated_at)
    said = {"message": ticket.messages.last().pk, "subject": "A refund"}

    answer = client.post(
        reverse("desk:split", args=[ticket.number]), said, headers={"Referer": f"http://testserver{here}"}
    )

    assert number_of(answer["Location"]) not in {ticket.number, None}
    assert parse_qs(urlsplit(answer["Location"]).query) == parse_qs(urlsplit(here).query)
