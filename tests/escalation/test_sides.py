"""Each side of a hand-off has its time, and they add up to the customer's clock (R42)."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation import services
from escalation.functional.held import held
from escalation.functional.sides import Move, Offer, by_team, stays
from sla.ledger import Segment, SegmentKind, replay
from tests.factories.people import make_team, make_user
from tests.sla.histories import histories
from tickets import services as tickets

HOUR, NOTHING = timedelta(hours=1), timedelta()
NINE = datetime(2026, 11, 18, 9, tzinfo=UTC)


def at(hour: float) -> datetime:
    return NINE + (hour - 9) * HOUR


def segment(begins: float, ends: float, kind: SegmentKind = SegmentKind.RUNNING) -> Segment:
    counted = at(ends) - at(begins) if kind == SegmentKind.RUNNING else NOTHING
    return Segment(at(begins), at(ends), kind, counted, "", "", "")


DAY = [segment(9, 12), segment(12, 13, SegmentKind.PAUSED), segment(13, 17)]


@cache
def lives():
    """Clocks that were paused, moved to other hours and targets, stopped and reopened."""
    return [replay(life.entries, until=life.until) for life in histories("sides", count=60, parts=1)]


minutes = st.integers(-200, 6000)
somewhere = st.lists(st.tuples(minutes, st.sampled_from([None, 1, 2, 3])), max_size=8)


@settings(max_examples=120, deadline=None)
@given(which=st.integers(0, 59), moved=somewhere, offered=st.lists(st.tuples(minutes, minutes), max_size=3))
def test_r42_the_sides_add_up_to_the_customers_clock_whatever_happened(which, moved, offered):
    account = lives()[which]
    begins = account.segments[0].from_ if account.segments else account.until

    # An instant of its own each, down to the microsecond.
    found = stays(
        account.segments,
        [Move(begins + timedelta(minutes=minute, microseconds=7), team) for minute, team in moved],
        [Offer(begins + min(pair) * HOUR / 60, begins + max(pair) * HOUR / 60) for pair in offered],
    )

    assert sum((stay.counted for stay in found), NOTHING) == account.used
    assert sum(by_team(found).values(), NOTHING) == account.used
    assert all(one.to == after.from_ for one, after in pairwise(found))
    assert all(one.team != after.team for one, after in pairwise(found))
    if account.segments:
        assert (found[0].from_, found[-1].to) == (begins, account.segments[-1].to)


def test_r42_a_pause_is_nobodys_and_what_lies_before_acceptance_is_told():
    found = stays(
        DAY, [Move(at(9), 1), Move(at(11.5), 2), Move(at(14), 1)], [Offer(at(11.5), at(13.25)), Offer(at(16), None)]
    )

    assert [(stay.team, stay.counted / HOUR, stay.unaccepted / HOUR) for stay in found] == [
        (1, 2.5, 0),
        (2, 1.5, 0.75),
        (1, 3, 1),
    ]


def test_of_several_moves_at_one_instant_the_last_counts_and_what_comes_before_the_first_is_its():
    found = stays(DAY, [Move(at(10), 1), Move(at(12), 2), Move(at(12), 1), Move(at(18), 3)])

    assert [(stay.team, stay.from_, stay.to) for stay in found] == [(1, at(9), at(17))]
    assert [stay.team for stay in stays(DAY, [])] == [None]
    assert stays([], [Move(at(9), 1)]) == []


@pytest.fixture
def terminals(db):
    inger = make_user("Inger Ravn")
    return make_team("Terminals", lead=inger, members=[inger])


@pytest.fixture
def passed(policy, open_ticket, anna, terminals, payments, time):
    """An hour here, half an hour there until it is accepted, and another half."""
    ticket = open_ticket(now=time.now)
    time.move_to(time.now + HOUR)
    escalation = services.escalate(
        user=anna,
        ticket_number=ticket.number,
        kind="functional",
        severity=3,
        reason="technical",
        summary="Look",
        team_slug="terminals",
        now=time.now,
    )
    time.move_to(time.now + HOUR / 2)
    services.accept(user=terminals.lead, number=escalation.number, now=time.now)
    time.move_to(time.now + HOUR / 2)
    return escalation


def told(escalation, time) -> list[tuple[str, float, float]]:
    times = held(escalation.ticket, time.now)
    assert sum((stay.counted for stay in times.stays), NOTHING) == times.used
    return [(times.teams[stay.team].name, stay.counted / HOUR, stay.unaccepted / HOUR) for stay in times.stays]


def test_r42_who_held_it_is_read_from_the_customers_clock(passed, time):
    assert told(passed, time) == [("Payments", 1, 0), ("Terminals", 1, 0.5)]


def test_r42_after_a_pause_a_plain_move_a_return_and_a_reopening_they_still_add_up(
    passed, terminals, anna, mona, cora, time
):
    number = passed.ticket_id
    tickets.change_status(user=terminals.lead, number=number, verb="wait", now=time.now)
    time.move_to(time.now + HOUR)
    tickets.reply(user=cora, number=number, body="Here it is.", now=time.now)
    tickets.assign(user=mona, number=number, team_slug=make_team("Finance").slug, now=time.now)
    time.move_to(time.now + HOUR)
    services.return_to_sender(user=terminals.lead, number=passed.number, reason="Not ours.", now=time.now)
    time.move_to(time.now + HOUR)
    tickets.change_status(user=anna, number=number, verb="solve", now=time.now)
    time.move_to(time.now + HOUR)
    tickets.change_status(user=anna, number=number, verb="reopen", now=time.now)
    time.move_to(time.now + HOUR)

    assert told(passed, time) == [
        ("Payments", 1, 0),
        ("Terminals", 1, 0.5),
        ("Finance", 1, 0),
        ("Payments", 2, 0),
    ]


def test_r42_merged_and_taken_out_again_they_add_up(passed, open_ticket, terminals, anna, time):
    services.return_to_sender(user=terminals.lead, number=passed.number, reason="Not ours.", now=time.now)
    other = open_ticket(now=time.now)
    made = tickets.merge(user=anna, source=passed.ticket_id, target=other.number, now=time.now)
    time.move_to(time.now + HOUR)
    assert told(passed, time) == [("Payments", 1, 0), ("Terminals", 1, 0.5)]

    tickets.unmerge(user=anna, merge=made.pk, now=time.now)

    assert told(passed, time) == [("Payments", 1, 0), ("Terminals", 1, 0.5), ("Payments", 1, 0)]


def test_where_nothing_is_promised_nothing_is_counted(open_ticket, at):
    assert held(open_ticket(), at) is None
