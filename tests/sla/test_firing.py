"""Thresholds on clocks that run: each at its moment, each once, each with what it does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from calendars.actions import create_calendar
from notifications.models import Alert, Delivery
from sla import firing
from sla.enums import ClockState, Metric
from sla.models import Breach, Clock, Crossing
from sla.publishing import change_policy, create_policy
from sla.sweep import collect
from tests.factories.people import make_team, make_user
from tests.factories.sla import HOUR, same_for_all, target
from tickets import actions as tickets
from tickets.models import Event, Ticket

MINUTE = timedelta(minutes=1)
ONE_HOUR = timedelta(hours=1)


def at_(position: dict | int, *actions: tuple[str, str]) -> dict:
    return {**position, "actions": [{"do": do, "value": value} for do, value in actions]}


def told(person) -> list[str]:
    return list(Alert.objects.filter(recipient=person).order_by("pk").values_list("title", flat=True))


def fired(ticket: Ticket) -> list[str]:
    return Clock.objects.get(ticket=ticket, metric=Metric.RESOLUTION).fired


@pytest.fixture
def promising(payments, open_ticket, at):
    """A ticket that is to be solved within four hours round the clock, with these thresholds on the way."""

    def make(*thresholds, calendar=None, **fields) -> Ticket:
        create_policy(name="P", targets=same_for_all("resolution", 4 * HOUR, thresholds), calendar=calendar, now=at)
        return open_ticket(**fields)

    return make


def test_each_kind_of_position_comes_at_its_moment_and_once(promising, rosa, at):
    ticket = promising(
        50,
        at_({"offset": -1800}, ("notify", "lead")),
        at_({"offset": 0}, ("notify", "lead")),
        at_({"offset": 3600}, ("notify", "lead")),
    )
    seen = []

    for minute in range(0, 400, 10):
        collect(at + minute * MINUTE)
        if len(fired(ticket)) > len(seen):
            seen.append((minute, fired(ticket)[-1]))

    assert seen == [(120, "50%"), (210, "-1800"), (240, "0"), (300, "3600")]
    assert len(told(rosa)) == 4
    assert Breach.objects.get().due_at == at + 4 * ONE_HOUR
    assert Clock.objects.get().next_moment is None
    assert Clock.objects.get().due_at == at + 4 * ONE_HOUR


def test_a_backlog_fires_each_once_and_in_order_with_the_breach_in_its_place(promising, at):
    ticket = promising(50, at_({"percent": 75}, ("tag", "at risk")), at_({"offset": 3600}, ("tag", "late")))

    collect(at + 9 * ONE_HOUR)
    collect(at + 9 * ONE_HOUR)

    kinds = list(
        Event.objects.filter(ticket=ticket, kind__startswith="sla.").order_by("pk").values_list("kind", flat=True)
    )
    assert kinds == ["sla.warned", "sla.threshold", "sla.breached", "sla.threshold"]
    assert fired(ticket) == ["50%", "75%", "3600"]
    assert set(ticket.tags.values_list("name", flat=True)) == {"at risk", "late"}


def test_an_offset_is_counted_in_the_clock_s_own_hours(promising, at):
    week = [{"weekday": day, "start": "09:00", "end": "17:00"} for day in range(5)]
    office = create_calendar(name="Office", time_zone="UTC", periods=week, holidays=[], now=at)
    ticket = promising(at_({"offset": 2 * 3600}, ("tag", "late")), calendar=office, now=at + 5 * ONE_HOUR)

    # From 15:00 two hours are left of Wednesday; due Thursday at 11:00, two hours more are 13:00.
    collect(at + 27 * ONE_HOUR - MINUTE)
    assert fired(ticket) == []
    collect(at + 27 * ONE_HOUR)
    assert fired(ticket) == ["7200"]


@pytest.mark.parametrize(
    ("whom", "reached", "mails"),
    [
        ("owner", ["Anna Lindqvist"], 0),
        ("lead", ["Rosa Quiroga"], 1),
        ("managers", ["Mona Farias"], 1),
        ("team", ["Anna Lindqvist", "Rosa Quiroga"], 0),
    ],
)
def test_an_alert_reaches_whom_it_names_and_whoever_runs_the_team_by_mail_too(
    promising, anna, at, whom, reached, mails
):
    ticket = promising(at_({"percent": 50}, ("notify", whom)))
    tickets.assign(ticket=ticket, now=at, by=anna, assignee=anna)

    collect(at + 2 * ONE_HOUR)

    assert sorted(Alert.objects.filter(kind="warning").values_list("recipient__name", flat=True)) == reached
    assert Delivery.objects.filter(template="alert").count() == mails


def test_who_is_lead_and_manager_is_told_once(promising, payments, rosa, mona, at):
    payments.managers.add(rosa)
    promising(at_({"percent": 50}, ("notify", "lead"), ("notify", "managers")))

    collect(at + 2 * ONE_HOUR)

    assert len(told(rosa)) == len(told(mona)) == 1


@pytest.mark.parametrize("whom", ["owner", "lead", "managers", "team"])
def test_where_nobody_is_meant_the_managers_above_all_others_are_told(promising, mona, at, whom):
    promising(at_({"percent": 50}, ("notify", whom)), team=make_team("Nobody's"))

    collect(at + 2 * ONE_HOUR)

    assert len(told(mona)) == 1


def test_a_raised_priority_puts_the_ticket_under_its_targets_and_does_not_go_round(payments, open_ticket, at):
    """75 % of every target raises by one step: the new 75 % lies behind, and is not reached a second time."""
    up = at_({"percent": 75}, ("raise", "step"))
    create_policy(
        name="P",
        targets=[
            target("resolution", 8 * HOUR, "normal", [up]),
            target("resolution", 7 * HOUR, "high", [up]),
            target("resolution", 1 * HOUR, "urgent", [up]),
        ],
        now=at,
    )
    ticket = open_ticket()

    for hour in range(10):
        collect(at + hour * ONE_HOUR)

    ticket.refresh_from_db()
    assert ticket.priority == "high"
    clock = Clock.objects.get()
    assert (clock.due_at, clock.state) == (at + 7 * ONE_HOUR, ClockState.BREACHED)
    assert clock.fired == ["75%"]
    assert Event.objects.filter(kind="ticket.priority").count() == 1


def test_a_priority_is_raised_to_what_was_chosen_and_never_lowered(promising, at):
    ticket = promising(at_({"percent": 50}, ("raise", "high")), priority="urgent")

    collect(at + 2 * ONE_HOUR)

    ticket.refresh_from_db()
    assert ticket.priority == "urgent"
    assert [firing.raised(one, "step") for one in ("low", "normal", "high", "urgent")] == [
        "normal",
        "high",
        "urgent",
        "urgent",
    ]
    assert Event.objects.get(kind="sla.threshold").data["done"] == [
        {"do": "raise", "before": "urgent", "after": "urgent"}
    ]


def test_a_reassigned_ticket_takes_its_promise_along_and_a_team_that_is_gone_takes_nothing(promising, payments, at):
    risk = make_team("Risk", managers=[make_user("Viktor Sandell", "manager")])
    ticket = promising(at_({"percent": 50}, ("reassign", "risk")))
    other = Ticket.objects.get(pk=tickets.open_ticket(subject="B", body="B", requester=ticket.requester, now=at).pk)

    collect(at + 2 * ONE_HOUR)

    ticket.refresh_from_db()
    assert ticket.team == risk
    assert Clock.objects.get(ticket=ticket).responsible_team == risk
    Clock.objects.filter(ticket=other).update(fired=[], next_moment=at)
    Ticket.objects.filter(pk=other.pk).update(team=payments)
    Ticket.objects.filter(team=risk).update(team=payments)
    risk.delete()
    collect(at + 3 * ONE_HOUR)
    assert Event.objects.filter(kind="sla.threshold").latest("pk").data["done"][0]["missing"] is True
    other.refresh_from_db()
    assert other.team == payments


def test_to_escalate_it_leaves_one_letter_however_often_the_position_is_reached(promising, at):
    ticket = promising(at_({"percent": 50}, ("escalate", "")))

    collect(at + 2 * ONE_HOUR)
    Clock.objects.update(fired=[], next_moment=at)
    collect(at + 3 * ONE_HOUR)

    crossing = Crossing.objects.get()
    assert (crossing.position, crossing.crossed_at, crossing.severity) == ("50%", at + 2 * ONE_HOUR, 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        crossing.pk = None
        crossing.save(force_insert=True)
    assert ticket.crossings.count() == 1


def test_raised_and_escalated_at_once_it_is_as_severe_as_it_then_is(payments, open_ticket, at):
    both = at_({"percent": 50}, ("raise", "urgent"), ("escalate", ""))
    create_policy(name="P", targets=[target("resolution", 4 * HOUR, "normal", [both])], now=at)
    open_ticket()

    collect(at + 2 * ONE_HOUR)

    # Nothing is promised for what is urgent, so the clock is cancelled; the letter is there all the same.
    assert Crossing.objects.get().severity == 1
    assert Clock.objects.get().state == ClockState.CANCELLED


def test_what_is_done_and_that_it_is_done_are_written_together_or_not_at_all(promising, at, monkeypatch):
    """A crash between the tag and the last mark: nothing of it is there, and the next sweep does all of it once."""
    ticket = promising(at_({"percent": 50}, ("notify", "lead"), ("tag", "at risk"), ("raise", "high")))
    real = firing._ACTS

    def dies(one, value):
        raise RuntimeError("killed")

    monkeypatch.setattr(firing, "_ACTS", {**real, "raise": dies})
    collect(at + 2 * ONE_HOUR)
    assert fired(ticket) == []
    assert not ticket.tags.exists()
    assert not Alert.objects.exists()

    monkeypatch.setattr(firing, "_ACTS", real)
    collect(at + 3 * ONE_HOUR)
    collect(at + 3 * ONE_HOUR)
    ticket.refresh_from_db()
    assert (fired(ticket), ticket.priority, Alert.objects.count()) == (["50%"], "high", 1)
    assert Event.objects.filter(kind="sla.threshold").count() == 1


def test_one_that_cannot_be_done_stops_nobody(promising, open_ticket, at, monkeypatch):
    poison = promising(at_({"percent": 50}, ("tag", "at risk")))
    others = [open_ticket() for _ in range(3)]
    real = firing._ACTS["tag"]

    def fails_on_poison(one, value):
        if one.ticket.number == poison.number:
            raise RuntimeError("poison")
        return real(one, value)

    monkeypatch.setitem(firing._ACTS, "tag", fails_on_poison)
    for minute in range(0, 200, 10):
        collect(at + 2 * ONE_HOUR + minute * MINUTE)

    assert all(ticket.tags.filter(name="at risk").exists() for ticket in others)
    bad = Clock.objects.get(ticket=poison)
    assert bad.fired == []
    assert bad.quarantined_at is not None


def test_a_stopped_clock_is_silent_and_a_late_one_until_it_is_answered(promising, open_ticket, anna, rosa, at):
    kept = promising(75, at_({"offset": 3600}, ("notify", "lead")))
    late = open_ticket()

    tickets.change_status(ticket=kept, verb="solve", now=at + ONE_HOUR, by=anna)
    collect(at + 4 * ONE_HOUR)
    tickets.change_status(ticket=late, verb="solve", now=at + 4.5 * ONE_HOUR, by=anna)
    collect(at + 9 * ONE_HOUR)

    assert fired(kept) == []
    assert fired(late) == ["75%"]
    assert not Clock.objects.exclude(next_moment=None).exists()


def test_a_pause_moves_what_lies_ahead(promising, anna, at):
    ticket = promising(50)

    tickets.change_status(ticket=ticket, verb="wait", now=at + ONE_HOUR, by=anna)
    collect(at + 20 * ONE_HOUR)
    tickets.change_status(ticket=ticket, verb="resume", now=at + 20 * ONE_HOUR, by=anna)

    assert fired(ticket) == []
    assert Clock.objects.get().next_moment == at + 21 * ONE_HOUR
    collect(at + 21 * ONE_HOUR)
    assert fired(ticket) == ["50%"]


def test_under_a_new_version_nothing_fires_twice_and_what_was_added_behind_fires_at_once(promising, rosa, at):
    ticket = promising(50)
    collect(at + 2 * ONE_HOUR)
    policy = Clock.objects.get().policy_version.policy

    later = at + 2.5 * ONE_HOUR
    more = same_for_all("resolution", 4 * HOUR, [25, 50, 90])
    change_policy(policy=policy, targets=more, now=later, applies_to="new_and_open")
    collect(later)

    assert fired(ticket) == ["50%", "25%"]
    assert Clock.objects.get().next_moment == at + 3.6 * ONE_HOUR
    assert len(told(rosa)) == 2


def test_a_longer_target_warns_again_where_its_position_lies_ahead_again(promising, at):
    ticket = promising(50)
    collect(at + 2 * ONE_HOUR)
    policy = Clock.objects.get().policy_version.policy

    change_policy(
        policy=policy,
        targets=same_for_all("resolution", 8 * HOUR, [50]),
        now=at + 2 * ONE_HOUR,
        applies_to="new_and_open",
    )
    assert fired(ticket) == []
    collect(at + 4 * ONE_HOUR)

    assert fired(ticket) == ["50%"]
    assert Alert.objects.count() == 2


def test_what_only_alerts_costs_the_same_for_one_clock_as_for_many(promising, open_ticket, at):
    promising(50, at_({"offset": -1800}, ("notify", "lead")), at_({"offset": 3600}, ("notify", "managers")))

    def cost(now) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            collect(now)
        return len(queries)

    one = [cost(at + hours * ONE_HOUR) for hours in (2, 3.5, 4, 5)]
    later = at + 24 * ONE_HOUR
    for _ in range(12):
        open_ticket(now=later)
    many = [cost(later + hours * ONE_HOUR) for hours in (2, 3.5, 4, 5)]

    assert many == one
    assert {len(clock.fired) for clock in Clock.objects.all()} == {3}
