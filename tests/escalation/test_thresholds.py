"""A threshold that escalates, and the breach that opens its own whatever the thresholds say."""

from datetime import timedelta

import pytest

from desk.looks.ticket.events import line
from escalation import actions, sweep
from escalation.defaults import install_ladder
from escalation.enums import Origin, Reason, RungState, State
from escalation.models import Escalation, Ladder, LadderLevel
from notifications.models import Alert
from sla.models import Breach, Clock, Crossing
from sla.publishing import create_policy
from tests.factories.people import make_user
from tests.factories.sla import HOUR, same_for_all
from tickets import actions as tickets
from tickets.models import Event

ONE_HOUR = timedelta(hours=1)


@pytest.fixture
def directors(db) -> Ladder:
    """Beside the ladder of all teams: one that only a threshold names."""
    install_ladder()
    ladder = Ladder.objects.create(name="Directors")
    LadderLevel.objects.create(ladder=ladder, level=1, reach="assignee", delay=timedelta())
    LadderLevel.objects.create(ladder=ladder, level=2, reach="admins", delay=timedelta(minutes=5))
    return ladder


@pytest.fixture
def promising(payments, open_ticket, directors, at):
    """To be solved within four hours; escalated along a ladder of its own at these positions."""

    def make(*positions: dict):
        thresholds = [{**one, "actions": [{"do": "escalate", "value": "Directors"}]} for one in positions]
        create_policy(name="P", targets=same_for_all("resolution", 4 * HOUR, thresholds), now=at)
        return open_ticket(priority="high")

    return make


def at_hour(time, at, hours: float) -> None:
    time.move_to(at + hours * ONE_HOUR)
    sweep.run()


def test_it_opens_one_escalation_with_the_chosen_ladder_frozen_and_alerts_the_team_s_managers(
    promising, directors, mona, adam, time, at
):
    ticket = promising({"percent": 50})

    at_hour(time, at, 2)
    sweep.run()

    escalation = Escalation.objects.get()
    directors.delete()
    assert (escalation.origin, escalation.reason, escalation.severity) == (Origin.SLA, Reason.AT_RISK, 2)
    assert (escalation.breach, escalation.crossing.position) == (None, "50%")
    assert escalation.ladder_name == "Directors"
    assert list(escalation.rungs.values_list("reach", flat=True)) == ["assignee", "admins"]
    assert "at risk" in Alert.objects.get(recipient=mona).title
    ticket.refresh_from_db()
    assert ticket.escalation_number == escalation.number
    assert (
        line(Event.objects.get(kind="escalation.opened")).text
        == f"{escalation.reference} opened at severity 2: Resolve, 50 %"
    )


def test_the_breach_opens_its_own_and_the_early_one_that_nobody_took_further_gives_way(promising, mona, time, at):
    ticket = promising({"percent": 50})
    at_hour(time, at, 2)
    early = Escalation.objects.get()
    actions.acknowledge(number=early.number, by=mona, now=time.now)

    at_hour(time, at, 4)

    early.refresh_from_db()
    of_breach = Escalation.objects.get(breach=Breach.objects.get())
    assert (early.state, of_breach.state) == (State.WITHDRAWN, State.INITIATED)
    assert of_breach.reference in early.end_reason
    assert not early.rungs.filter(state=RungState.WAITING).exists()
    assert not early.deadlines.running().exists()
    assert of_breach.ladder_name == "Standard"
    assert Alert.objects.filter(recipient=mona, kind="breach").count() == 1
    ticket.refresh_from_db()
    assert ticket.escalation_number == of_breach.number
    assert of_breach.reference in line(Event.objects.get(kind="escalation.gave_way")).text


def test_an_early_one_on_which_people_are_at_work_goes_on_beside_the_breach_s(promising, mona, time, at):
    promising({"percent": 50})
    at_hour(time, at, 2)
    early = Escalation.objects.get()
    actions.acknowledge(number=early.number, by=mona, now=time.now)
    Escalation.objects.filter(pk=early.pk).update(state=State.COMMUNICATING)

    at_hour(time, at, 4)

    early.refresh_from_db()
    assert early.state == State.COMMUNICATING
    assert Escalation.objects.filter(breach__isnull=False, state=State.INITIATED).count() == 1
    assert Event.objects.filter(kind="escalation.goes_on").count() == 1


def test_after_a_backlog_only_the_breach_escalates_what_was_to_be_prevented(promising, time, at):
    promising({"percent": 50}, {"percent": 90})

    at_hour(time, at, 9)

    assert Escalation.objects.get().breach == Breach.objects.get()
    assert Crossing.objects.exclude(answered_at=None).count() == 2


def test_an_hour_after_the_due_time_the_chosen_ladder_is_climbed_beside_the_breach_s(promising, time, at):
    make_user("Adam Berg", "admin")
    promising({"offset": 3600})

    at_hour(time, at, 4)
    at_hour(time, at, 5)
    sweep.run()

    late = Escalation.objects.get(crossing__isnull=False)
    assert (late.reason, late.ladder_name, late.state) == (Reason.PROMISE, "Directors", State.INITIATED)
    assert Escalation.objects.get(breach__isnull=False).state == State.INITIATED


def test_a_promise_that_was_kept_before_the_letter_was_read_escalates_nothing(promising, anna, time, at):
    ticket = promising({"percent": 50})
    time.move_to(at + 2 * ONE_HOUR)
    sweep.clocks.collect(time.now)
    tickets.change_status(ticket=ticket, verb="solve", now=time.now, by=anna)

    sweep.run()

    assert not Escalation.objects.exists()
    assert Crossing.objects.get().answered_at == time.now


def test_a_ladder_that_is_gone_is_the_team_s_own(promising, directors, time, at):
    promising({"percent": 50})
    directors.delete()

    at_hour(time, at, 2)

    assert Escalation.objects.get().ladder_name == "Standard"


def test_one_bad_letter_stops_nobody_and_is_set_aside(promising, open_ticket, time, at, monkeypatch):
    poison = promising({"percent": 50})
    open_ticket(priority="high")
    real = sweep.answer_crossings

    def fails_on_poison(crossings, *, now):
        if any(one.ticket_id == poison.number for one in crossings):
            raise RuntimeError("poison")
        return real(crossings, now=now)

    monkeypatch.setattr(sweep, "answer_crossings", fails_on_poison)
    for minute in range(0, 100, 10):
        at_hour(time, at, 2 + minute / 60)

    assert Escalation.objects.exclude(ticket=poison).count() == 1
    assert Crossing.objects.get(ticket=poison).quarantined_at is not None
    assert not Clock.objects.exclude(quarantined_at=None).exists()
