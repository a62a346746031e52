"""Pages of the queue are what one plain sort would give, whatever the page's size, and each is a walk along indexes."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import User
from tests.factories.people import make_team, make_user
from tickets import first_page, queue
from tickets.enums import DONE_STATUSES, Status
from tickets.models import Ticket
from tickets.queue import Group
from tickets.search import find
from tickets.tally import MOST, tallies, tally

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
ROUGH = [None, -120, -1, 0, 1, 59, 60, 61, 600]  # minutes from now, on and around the groups' edges


@pytest.fixture
def crowd(cora, payments) -> list[Ticket]:
    """Tickets of every status and severity, with the same due times over and over."""
    random = Random(7)
    return Ticket.objects.bulk_create(
        Ticket(
            subject="x",
            status=random.choice(Status.values),
            requester=cora,
            team=payments,
            severity=random.choice(queue.SEVERITIES),
            next_due_at=None if due is None else NOW + timedelta(minutes=due, microseconds=random.choice([0, 500])),
            created_at=NOW,
            updated_at=NOW,
        )
        for due in random.choices(ROUGH, k=300)
    )


@pytest.fixture
def stan_of_legal(crowd) -> User:
    """An agent of a restricted team, which has some of the tickets."""
    agent = make_user("Stan of Legal", role="agent")
    legal = make_team("Legal", restricted=True)
    legal.members.add(agent)
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in crowd[::7]]).update(team=legal)
    return agent


def plain(ticket: Ticket, order: str) -> tuple:
    """The order in one line, as the page's design has it, told apart from the queue's own code."""
    done = ticket.status in DONE_STATUSES
    due = ticket.next_due_at or LAST
    if order == queue.NEWEST:
        return (-ticket.number,)
    if order == queue.DUE:
        return (done, LAST if done else due, -ticket.number if done else ticket.number)
    if done:
        return (4, -ticket.number)
    late, soon = due <= NOW, due <= NOW + timedelta(hours=1)
    group = 0 if late else 3 if ticket.status == Status.WAITING else 1 if soon else 2
    return (group, ticket.severity or 9, due, ticket.number)


def walked(order: str, size: int, *, counted: bool = False) -> list[tuple[queue.Place, Group]]:
    found, after = [], None
    counts = queue.group_tallies(Ticket.objects.all(), NOW) if counted else None
    while page := queue.page(Ticket.objects.all(), order, now=NOW, after=after, size=size, counts=counts):
        found += page
        after = page[-1][0]
    return found


@pytest.mark.parametrize("order", queue.ORDERS)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pages_of_any_size_are_one_plain_sort(crowd, order, size):
    expected = [ticket.number for ticket in sorted(crowd, key=lambda ticket: plain(ticket, order))]

    assert [place.number for place, _group in walked(order, size)] == expected


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("most", [0, 20, 1000])
def test_they_are_the_same_where_the_counts_are_known(crowd, monkeypatch, size, most):
    """Groups up to `MOST` are sorted, larger ones walked; 20 is fewer than some have here and more than others."""
    monkeypatch.setattr("tickets.walking.MOST", most)

    assert walked(queue.DO_NEXT, size, counted=True) == walked(queue.DO_NEXT, size)


@pytest.mark.parametrize("order", queue.ORDERS)
@pytest.mark.parametrize("most", [0, 20, 1000])
def test_what_stands_before_a_place_is_the_way_back(crowd, monkeypatch, order, most):
    monkeypatch.setattr("tickets.walking.MOST", most)
    places = [place for place, _group in walked(order, 1000)]
    counts = queue.group_tallies(Ticket.objects.all(), NOW)

    for at in (0, 1, 60, 150, 230, len(places) - 1):
        found = queue.page(Ticket.objects.all(), order, now=NOW, after=places[at], size=1000, counts=counts, back=True)
        assert [place for place, _group in found] == places[:at][::-1]
        assert queue.is_place(places[at], order)


@pytest.mark.parametrize("order", queue.ORDERS)
@pytest.mark.parametrize("most", [3, 1000])
def test_the_first_page_is_counted_as_far_as_it_is_worth(crowd, order, most):
    expected = walked(order, 1000)

    places, total = queue.page_and_total(Ticket.objects.all(), order, now=NOW, size=7, most=most)

    assert places == expected[: min(7, most)]
    assert total == min(len(expected), most)
    assert queue.page_and_total(Ticket.objects.none(), order, now=NOW, size=7, most=most) == ([], 0)
    assert queue.page_and_total(Ticket.objects.filter(pk=0), order, now=NOW, size=7, most=most) == ([], 0)


@pytest.mark.parametrize("segment", [-1, 0, 99])
def test_a_place_that_cannot_be_is_none(segment):
    assert not queue.is_place(queue.Place(segment, None, 7), queue.DO_NEXT)
    assert queue.is_place(queue.Place(segment, NOW, 7), queue.DO_NEXT) is (segment == 0)


def test_what_is_done_is_not_looked_for_where_everything_is_open(crowd):
    everything = Ticket.objects.all()

    with CaptureQueriesContext(connection) as asked:
        counts = queue.group_tallies(everything.active(), NOW, done=False)

    assert counts == {**queue.group_tallies(everything, NOW), Group.DONE: 0}
    assert "solved" not in asked[0]["sql"]


@pytest.mark.parametrize("order", queue.ORDERS)
def test_a_tickets_place_is_where_the_pages_have_it(crowd, order):
    tickets = {ticket.number: ticket for ticket in crowd}

    found = walked(order, 1000)

    assert [place for place, _group in found] == [
        queue.place_of(tickets[place.number], order, NOW) for place, _group in found
    ]
    keys = [queue.sort_key(place, order) for place, _group in found]
    assert keys == sorted(keys)
    walks = [walk for _group, walk in queue.segments_of(order)]
    assert walks.index(queue.Walk.BACK) == queue.NEWEST_FIRST[order]


def test_the_group_is_the_one_that_is_counted(crowd):
    found = walked(queue.DO_NEXT, 1000)
    tickets = {ticket.number: ticket for ticket in crowd}

    assert all(queue.group_of(tickets[place.number], NOW) is group for place, group in found)
    counted = queue.group_tallies(Ticket.objects.all(), NOW)
    assert counted == {group: sum(one is group for _place, one in found) for group in Group}


def test_a_page_is_one_query_however_many_rows(crowd):
    for size in (1, 50):
        with CaptureQueriesContext(connection) as caught:
            queue.page(Ticket.objects.all(), queue.DO_NEXT, now=NOW, size=size)
        assert len(caught) == 1


def test_nothing_can_be_asked_for(db):
    assert queue.page(Ticket.objects.none(), queue.DO_NEXT, now=NOW, size=5) == []
    assert set(queue.group_tallies(Ticket.objects.none(), NOW).values()) == {0}
    assert tallies({"none": Ticket.objects.none(), "all": Ticket.objects.all()}) == {"none": 0, "all": 0}


@pytest.mark.parametrize(("size", "many"), [(1, 1), (7, 1), (1000, 1), (1, MOST + 1), (7, MOST + 1)])
def test_the_inbox_whose_sql_is_kept_is_what_any_other_is(crowd, anna, mona, stan_of_legal, size, many):
    """`many`: with groups taken for small ones, which are sorted, and for large ones, which are walked."""
    for reader, team in [(anna, ""), (mona, ""), (stan_of_legal, ""), (anna, crowd[0].team.slug), (anna, "nowhere")]:
        expected = first_page.open_to(reader, NOW, team)
        counts = queue.group_tallies(expected, NOW, done=False)
        taken_for = {group: min(count, 1) * many for group, count in counts.items()}

        assert first_page.tallies(reader, NOW, team=team) == counts
        assert first_page.places(reader, NOW, taken_for, size=size, team=team) == queue.page(
            expected, queue.DO_NEXT, now=NOW, size=size, done=False
        )


def test_the_inbox_is_seen_anew_at_each_moment(crowd, anna):
    Ticket.objects.filter(pk__lt=crowd[150].pk).update(snoozed_until=NOW + timedelta(hours=2))
    seen = [
        first_page.tallies(anna, at) == queue.group_tallies(first_page.open_to(anna, at), at, done=False)
        and sum(first_page.tallies(anna, at).values())
        for at in (NOW, NOW + timedelta(hours=3), NOW)
    ]

    assert seen[0] == seen[2] > 0
    assert seen[1] > seen[0]


@pytest.mark.parametrize("order", [queue.DO_NEXT, queue.DUE, queue.NEWEST])
@pytest.mark.parametrize(("further", "back"), [(False, False), (True, False), (True, True)])
def test_every_segment_is_a_walk_along_an_index_and_nothing_is_sorted(crowd, anna, order, further, back):
    after = walked(order, 1000)[150 if back else 0][0] if further else None
    with CaptureQueriesContext(connection) as caught:
        queue.page(Ticket.objects.visible_to(anna), order, now=NOW, after=after, size=20, back=back)

    assert _sorts_and_scans(caught[0]["sql"]) == []


def test_a_tally_stops_behind_its_limit(crowd, monkeypatch):
    monkeypatch.setattr("tickets.tally.MOST", 10)

    assert tally(Ticket.objects.all()) == 11
    assert tally(Ticket.objects.filter(number=crowd[0].number)) == 1


def test_active_tickets_are_found_by_the_partial_index(crowd):
    if connection.vendor == "postgresql":
        # A few rows are quicker read as they lie; a million are not.
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
            )
    due = Ticket.objects.active().filter(next_due_at__lte=NOW).order_by("next_due_at")

    assert "ticket_active_due" in due.explain()


def test_open_tickets_are_counted_in_the_index_alone(crowd, anna):
    """On PostgreSQL: SQLite's indexes hold nothing besides what they sort by."""
    if connection.vendor != "postgresql":
        return
    asked = find(anna, "is:open priority:>=high severity:>1 due:<2h")
    with CaptureQueriesContext(connection) as caught:
        queue.group_tallies(asked.awake(NOW), NOW, done=False)

    with connection.cursor() as cursor:
        # So few rows are read as they lie unless that is forbidden; the narrow indexes hold only what they sort.
        cursor.execute("DROP INDEX ticket_do_next, ticket_moving, ticket_waiting")
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {caught[-1]['sql']}")
        plan = [row[0] for row in cursor.fetchall() if "tickets_ticket" in row[0] and "Scan" in row[0]]

    assert plan
    assert all("Index Only Scan using ticket_active_due" in line for line in plan), plan


def _sorts_and_scans(sql: str) -> list[str]:
    """The lines of the plan that would cost more at a million rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            lines = [row[3] for row in cursor.fetchall()]
            # One scan is right: the newest first is the order of the key itself, read backwards.
            scans = [line for line in lines if line == "SCAN tickets_ticket"][1:]
            return [line for line in lines if "TEMP B-TREE FOR ORDER BY" in line] + scans
        # So few rows are read and sorted as they lie unless that is forbidden; a plan that has to do so still does.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {sql}")
        lines = [row[0] for row in cursor.fetchall()]
        return [line for line in lines if "Sort" in line or "Seq Scan on tickets_ticket" in line]
