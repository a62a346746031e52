"""Working hours change while promises run: what moves is said before, moved when asked, and stands in the ledger."""

from datetime import datetime, timedelta

import pytest

from calendars.models import Calendar
from common.errors import NotFound, Refused
from sla import rehours, working_hours
from sla.enums import ClockState, EntryKind, Metric
from sla.explain import account_of
from sla.models import Clock
from sla.sweep import collect
from tests.factories.calendars import WEEK, make_calendar
from tests.factories.sla import make_policy
from tickets import actions as tickets
from tickets.models import Ticket

HOUR = timedelta(hours=1)
TWO_HOURS = 7200
# The office opens at 12:00 UTC; with these hours at 14:00, and Thursdays not at all.
LATER_HOURS = [{**day, "start": "11:00"} for day in WEEK if day["weekday"] != 3]


@pytest.fixture
def office(db: None, at: datetime) -> Calendar:
    return make_calendar(at)


@pytest.fixture
def ticket(office, at, open_ticket) -> Ticket:
    make_policy(at, calendar=office, first_response=TWO_HOURS, resolution=8 * 3600)
    return open_ticket()


def first_reply(ticket: Ticket) -> Clock:
    return Clock.objects.get(ticket=ticket, metric=Metric.FIRST_RESPONSE)


def change(user, office: Calendar, now: datetime, applies_to: str = "new_and_open"):
    return working_hours.change_calendar(
        user=user, calendar=office, periods=LATER_HOURS, applies_to=applies_to, now=now
    )


def test_what_is_said_to_move_is_what_moves(office, ticket, adam, at):
    now = at + 3 * HOUR
    hours, _clocks = change(adam, make_calendar(at, name="Draft"), at, "new")
    said = {move.clock.metric: (move.before, move.after) for move in rehours.moves(office, hours.work_calendar(), now)}
    before = {clock.metric: clock.due_at for clock in Clock.objects.all()}

    _version, moved = change(adam, office, now)

    assert moved == 2
    assert said == {clock.metric: (before[clock.metric], clock.due_at) for clock in Clock.objects.all()}
    # One of the two hours was used under the old hours; the other begins at 14:00 UTC.
    assert first_reply(ticket).due_at == at + 5 * HOUR
    ticket.refresh_from_db()
    assert ticket.next_due_at == at + 5 * HOUR


def test_the_ledger_tells_the_change_and_still_adds_up(office, ticket, adam, at):
    change(adam, office, at + 3 * HOUR)

    clock = first_reply(ticket)
    account = account_of(clock, at + 4 * HOUR)

    entry = clock.entries.last()
    assert (entry.kind, entry.by, entry.calendar_version.number) == (EntryKind.RETARGETED, adam, 2)
    assert (account.due_at, account.used, account.remaining) == (clock.due_at, HOUR, HOUR)


def test_clocks_keep_their_hours_unless_they_are_asked_to_follow(office, ticket, adam, at):
    due = first_reply(ticket).due_at

    version, moved = change(adam, office, at + HOUR, "new")

    assert (version.number, moved) == (2, 0)
    assert first_reply(ticket).due_at == due


def test_a_paused_clock_follows_when_it_runs_again(office, ticket, adam, anna, cora, at):
    tickets.reply(ticket=ticket, author=anna, body="Which store?", now=at + 3 * HOUR, then_wait=True)

    change(adam, office, at + 3 * HOUR)
    paused = Clock.objects.get(ticket=ticket, metric=Metric.RESOLUTION)
    tickets.customer_wrote(ticket=ticket, author=cora, body="Moema.", now=at + 3 * HOUR)

    assert (paused.state, paused.due_at) == (ClockState.PAUSED, None)
    # Seven hours are left: from 14:00 to 21:00 UTC of the same day.
    assert Clock.objects.get(pk=paused.pk).due_at == at + 11 * HOUR


def test_what_is_broken_is_not_judged_again(office, ticket, adam, at):
    late = at + 5 * HOUR
    collect(late)
    broken = first_reply(ticket)

    change(adam, office, late)

    clock = first_reply(ticket)
    assert (clock.state, clock.due_at) == (ClockState.BREACHED, broken.due_at)
    assert clock.calendar_version.number == 1


def test_the_users_of_a_calendar_are_the_policies_that_name_it_now(office, at):
    other = make_calendar(at, name="Other")
    named, moved_on = make_policy(at, name="Named", calendar=office), make_policy(at, name="Moved on", calendar=office)
    version = moved_on.versions.get()
    version.pk, version.number, version.calendar = None, 2, other
    version.save(force_insert=True)

    assert dict(rehours.calendars_in_use([office.pk])) == {office.pk: f"the policy “{named.name}”"}
    assert dict(rehours.calendars_in_use([other.pk])) == {other.pk: "the policy “Moved on”"}


def test_only_an_administrator_sets_working_hours(office, mona, anna, at):
    for person in (mona, anna):
        with pytest.raises(Refused):
            change(person, office, at)
        with pytest.raises(Refused):
            working_hours.archive_calendar(user=person, calendar=office, now=at)
        with pytest.raises(NotFound):
            working_hours.access_calendar(user=person, pk=office.pk)
    assert office.versions.count() == 1
