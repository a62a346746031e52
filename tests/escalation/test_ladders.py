"""Ladders of one's own: whom a level reaches, when, how often, and what stops and starts them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common.rows import like
from escalation import services, sweep
from escalation.alerting import climbing
from escalation.alerting.reaching import Reaching
from escalation.enums import DeadlineKind, RungState, State
from escalation.models import Acknowledgement, Deadline, Escalation, LadderLevel, Rung
from notifications.models import Alert, Delivery
from people.models import Absence, Duty
from tests.escalation.conftest import QUARTER, REASON, climbed, run
from tests.factories.calendars import make_calendar
from tests.factories.people import make_team, make_user
from tickets.models import Ticket

MINUTE = timedelta(minutes=1)


def rungs() -> list[tuple[int, int, str]]:
    return list(Rung.objects.values_list("round", "level", "state"))


def test_r14_a_level_reaches_the_manager_so_many_teams_up_and_his_deputy_while_he_is_away(
    laddered, breached, payments, time, at
):
    viktor = make_user("Viktor Sandell", "manager")
    nadia = make_user("Nadia Haddad", "manager")
    viktor.deputy = nadia
    viktor.save()
    payments.parent = make_team("Operations", parent=make_team("Board", managers=[viktor]))
    payments.save()
    Absence.objects.create(user=viktor, starts_at=at, ends_at=at + timedelta(days=3))
    laddered({}, {"reach": "managers_above", "steps_up": 2, "delay": QUARTER})
    breached()

    run(time, QUARTER)

    assert climbed() == ["Nadia Haddad"]


def test_levels_reach_the_whole_team_whoever_is_on_duty_and_people_by_name(laddered, breached, payments, anna, time):
    elena, joaquin = make_user("Elena Petrova"), make_user("Joaquin Rey")
    levels = [{"reach": reach, "delay": QUARTER} for reach in ("team", "on_duty", "named")]
    laddered({}, *levels[:2], {**levels[2], "people": [joaquin]})
    escalation = breached()
    Duty.objects.create(team=payments, person=elena, starts_at=time.now, ends_at=time.now + timedelta(days=1))
    Duty.objects.create(team=payments, person=anna, starts_at=time.now - timedelta(days=1), ends_at=time.now)

    for _ in range(3):
        run(time, QUARTER)

    assert climbed() == ["Anna Lindqvist", "Rosa Quiroga", "Elena Petrova", "Joaquin Rey"]
    assert escalation.rungs.get(reach="named").named == [joaquin.pk]


def test_a_duty_that_ends_before_it_begins_is_refused_by_the_database(payments, anna, at):
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(team=payments, person=anna, starts_at=at, ends_at=at)


def test_a_ladder_that_is_edited_or_deleted_changes_nothing_for_what_is_under_way(laddered, breached, anna, time):
    ladder = laddered({}, {"reach": "named", "delay": QUARTER, "people": [anna], "by_mail": False})
    breached()
    ladder.delete()

    run(time, QUARTER)

    assert climbed() == ["Anna Lindqvist"]
    assert not Delivery.objects.filter(recipient=anna).exists()


def test_a_level_repeats_until_somebody_acknowledges_and_at_most_so_often(laddered, breached, rosa, time):
    laddered({"repeat_every": 5 * MINUTE, "repeat_times": 2})
    breached()

    for _ in range(4):
        run(time, 5 * MINUTE)

    assert climbed() == ["Rosa Quiroga", "Rosa Quiroga"]
    assert not Rung.objects.exclude(next_moment=None).exists()


def test_the_mail_says_which_level_of_how_many_it_comes_from(laddered, breached, adam, time):
    laddered({}, {"reach": "admins", "delay": QUARTER}, {"reach": "admins", "delay": QUARTER})
    breached()

    run(time, QUARTER)

    mail = Delivery.objects.filter(recipient=adam).latest("pk")
    assert {"label": "Level", "text": "2 of 3"} in mail.context["facts"]


def test_acknowledging_ends_the_repeats_too(laddered, breached, rosa, time):
    laddered({"repeat_every": 5 * MINUTE, "repeat_times": 9}, {"delay": timedelta(hours=1)})
    escalation = breached()
    run(time, 5 * MINUTE)

    services.acknowledge(user=rosa, number=escalation.number, now=time.now)
    run(time, timedelta(hours=2))

    assert climbed() == ["Rosa Quiroga"]
    assert rungs() == [(1, 1, RungState.SENT), (1, 2, RungState.STOPPED)]


@pytest.mark.parametrize("verb", ["withdraw", "deescalate"])
def test_what_ends_repeats_no_more_and_promises_no_update(verb, laddered, breached, mona, time):
    laddered({"repeat_every": 5 * MINUTE, "repeat_times": 9})
    number = breached(priority="urgent").number
    told = {"user": mona, "number": number, "now": time.now}
    services.communicate(**told, audience="customers", body="Soon.", next_update_by=time.now + timedelta(hours=1))

    getattr(services, verb)(**told, reason="It was nothing.")

    assert not Rung.objects.exclude(next_moment=None).exists()
    assert Escalation.objects.get().next_update_by is None


def test_the_next_level_counts_from_the_first_alert_and_not_from_a_repeat(laddered, breached, rosa, adam, time):
    laddered({"repeat_every": 10 * MINUTE, "repeat_times": 9}, {"reach": "admins", "delay": QUARTER})
    breached()

    run(time, 10 * MINUTE)
    run(time, 5 * MINUTE)

    assert climbed() == ["Rosa Quiroga", "Adam Berg"]


def test_after_an_outage_a_ladder_tells_of_one_level_in_a_round_and_of_a_missed_repeat_once(
    laddered, breached, rosa, adam, time
):
    laddered(
        {"repeat_every": 5 * MINUTE, "repeat_times": 50}, {"reach": "admins", "delay": QUARTER}, {"delay": QUARTER}
    )
    breached()

    run(time, timedelta(hours=6))
    first = climbed()
    run(time, timedelta(seconds=2))

    assert first == ["Adam Berg"]
    assert climbed() == ["Adam Berg", "Rosa Quiroga"]
    assert Rung.objects.get(level=3).state == RungState.WAITING


@pytest.fixture
def office(db, at):
    """Nine to six, Monday to Friday, in UTC. The tests' day is a Wednesday."""
    return make_calendar(at, time_zone="UTC", holidays=[])


def test_a_level_of_working_hours_is_passed_over_at_once_in_the_night(laddered, breached, office, adam, time):
    laddered({}, {"reach": "managers", "delay": 4 * QUARTER, "in_hours": True}, {"reach": "admins"}, calendar=office)
    breached()
    time.move_to(datetime(2026, 11, 18, 22, 0, tzinfo=UTC))

    sweep.run()

    assert climbed() == ["Adam Berg"]
    assert [state for _round, _level, state in rungs()] == ["sent", "skipped", "sent"]


def test_the_last_level_of_working_hours_waits_for_them(laddered, breached, office, adam, time):
    laddered({}, {"reach": "admins", "delay": 4 * QUARTER, "in_hours": True}, calendar=office)
    breached()
    time.move_to(datetime(2026, 11, 18, 22, 0, tzinfo=UTC))

    sweep.run()
    before = climbed()
    time.move_to(datetime(2026, 11, 19, 9, 0, tzinfo=UTC))
    sweep.run()

    assert (before, climbed()) == ([], ["Adam Berg"])


def test_a_first_level_of_working_hours_is_passed_over_by_an_opening_at_night(
    laddered, open_ticket, policy, office, time
):
    laddered({"in_hours": True, "reach": "lead"}, {"delay": timedelta(days=9)}, calendar=office)
    open_ticket(now=datetime(2026, 11, 18, 20, 0, tzinfo=UTC))

    time.move_to(datetime(2026, 11, 19, 2, 0, tzinfo=UTC))
    sweep.run()

    assert [state for _round, _level, state in rungs()] == ["skipped", "sent"]


def test_working_hours_need_a_calendar_that_says_them(laddered):
    level = LadderLevel(ladder=laddered(), level=1, reach="lead", delay=timedelta(), in_hours=True)

    with pytest.raises(ValidationError, match="no calendar"):
        level.full_clean()


def test_a_repeat_says_how_often_and_at_most_how_many_times(laddered):
    level = LadderLevel(ladder=laddered(), level=1, reach="lead", delay=timedelta(), repeat_every=MINUTE)

    with pytest.raises(ValidationError, match="at most how many"):
        level.full_clean()


def test_a_missed_update_starts_the_ladder_again_from_its_first_level(lapsed, rosa, time):
    run(time, timedelta(seconds=2))

    assert climbed() == ["Rosa Quiroga"]
    assert rungs() == [(1, 1, "sent"), (1, 2, "stopped"), (2, 1, "sent"), (2, 2, "waiting")]
    assert (lapsed.ladder_round, lapsed.is_acknowledged) == (2, False)
    assert Acknowledgement.objects.get().lapsed_at == lapsed.lapsed_at


def test_the_step_that_was_taken_on_an_acknowledgement_stays_taken_when_it_lapses(lapsed, mona, time):
    services.describe(user=mona, number=lapsed.number, now=time.now, impact="Nine merchants have no money.")
    services.begin_communication(user=mona, number=lapsed.number, now=time.now)

    assert Escalation.objects.get().state == State.COMMUNICATING


def test_acknowledged_again_the_second_round_stops_and_the_next_missed_promise_begins_a_third(lapsed, rosa, time):
    services.acknowledge(user=rosa, number=lapsed.number, now=time.now)
    known = {"user": rosa, "number": lapsed.number, "now": time.now, "body": "Still on it."}
    services.communicate(**known, audience="customers", next_update_by=time.now + timedelta(minutes=30))
    run(time, QUARTER)
    quiet = climbed()
    run(time, QUARTER)

    assert quiet == []
    assert Escalation.objects.get().ladder_round == 3
    assert [(one.round, one.lapsed_at is None) for one in Acknowledgement.objects.all()] == [(1, False), (2, False)]


def test_a_promise_that_is_missed_before_anybody_acknowledged_starts_nothing_anew(laddered, breached, time):
    laddered({}, {"delay": timedelta(hours=9)})
    breached(priority="urgent")

    run(time, timedelta(hours=1))

    assert Deadline.objects.filter(kind=DeadlineKind.FIRST_HOUR).exclude(missed_at=None).count() == 2
    assert Escalation.objects.get().ladder_round == 1


def test_what_is_reopened_has_its_ladder_and_its_first_hour_anew(resolved_one, mona, rosa, time):
    services.reopen(user=mona, number=resolved_one.number, reason="It is back.", now=time.now)
    run(time, timedelta(seconds=2))

    escalation = Escalation.objects.get()
    assert (escalation.ladder_round, escalation.is_acknowledged) == (2, False)
    assert Rung.objects.get(round=2, level=1).state == RungState.SENT
    running = escalation.deadlines.running().filter(kind=DeadlineKind.FIRST_HOUR)
    assert {one.due_at for one in running} == {resolved_one.resolved_at + timedelta(hours=1)}


def test_of_two_by_hand_the_older_is_not_reopened_beside_the_newer(payments, open_ticket, anna, mona, time):
    risk = make_team("Risk", lead=make_user("Elena Petrova"), members=[mona])
    ticket = open_ticket(now=time.now)
    asked = {"user": anna, "ticket_number": ticket.number, "kind": "functional", "severity": 4, "now": time.now}
    asked |= {"reason": "technical", "summary": "Look at it"}
    first = services.escalate(**asked, team_slug="risk")
    for verb in ("accept", "begin_communication", "begin_resolution"):
        getattr(services, verb)(user=mona, number=first.number, now=time.now)
    services.resolve(user=mona, number=first.number, now=time.now, override_reason=REASON)
    Escalation.objects.filter(pk=first.pk).update(cause="load")
    services.close(user=mona, number=first.number, now=time.now)
    services.escalate(**asked, team_slug="payments")

    with pytest.raises(Exception, match="under way for this ticket already"):
        services.reopen(user=mona, number=first.number, reason="Not resolved at all.", now=time.now)
    assert risk.slug == "risk"


@pytest.fixture
def widening(laddered, payments):
    viktor, nadia = make_user("Viktor Sandell", "manager"), make_user("Nadia Haddad", "manager")
    board = make_team("Board", managers=[nadia])
    payments.parent = make_team("Operations", managers=[viktor], parent=board)
    payments.save()
    laddered({}, widen_after=timedelta(hours=3))
    return viktor, nadia


def drawn_in(escalation: Escalation) -> list[str]:
    return [row.person.name for row in escalation.involvements.all()]


def test_r13_not_resolved_by_the_set_moment_the_next_up_the_chain_are_told_once_and_get_its_updates(
    widening, breached, mona, time
):
    escalation = breached()
    services.acknowledge(user=mona, number=escalation.number, now=time.now)
    run(time, timedelta(hours=3) - MINUTE)
    assert drawn_in(escalation) == []

    run(time, MINUTE)
    run(time, timedelta(hours=9))

    assert drawn_in(escalation) == ["Viktor Sandell"]
    viktor, nadia = widening
    assert Alert.objects.filter(recipient=viktor, escalation_number=escalation.number).count() == 1
    assert escalation.ticket.events.filter(kind="escalation.widened").count() == 1
    services.communicate(user=mona, number=escalation.number, audience="stakeholders", body="Half done.", now=time.now)
    assert Alert.objects.filter(recipient=viktor, escalation_number=escalation.number).count() == 2
    assert not Alert.objects.filter(recipient=nadia).exists()


def test_r13_whoever_the_ladder_has_told_already_is_passed_over_for_the_next_above(widening, breached, time):
    viktor, _nadia = widening
    escalation = breached()
    level = {"escalation": escalation, "level": 2, "reach": "named", "named": [viktor.pk], "delay": timedelta()}
    Rung.objects.create(**level, next_moment=time.now)

    run(time, timedelta(hours=3))

    assert drawn_in(escalation) == ["Nadia Haddad"]


def test_r13_what_is_resolved_before_draws_nobody_in(widening, resolved_one, time):
    run(time, timedelta(hours=9))

    assert drawn_in(resolved_one) == []
    assert Deadline.objects.get(kind=DeadlineKind.WIDEN).cancelled_at is not None


def test_a_round_of_climbing_asks_as_often_for_many_ladders_as_for_one(breached, adam, time):
    escalation = breached()
    ticket, rows = escalation.ticket, list(escalation.rungs.all())
    time.move_to(time.now + QUARTER)

    def asked(number: int) -> int:
        with transaction.atomic():
            for _ in range(number - 1):
                copy = like(ticket, number=None)
                Ticket.objects.bulk_create([copy])
                other = like(escalation, number=None, ticket=copy, breach_id=None)
                other._state.fields_cache.pop("breach", None)
                other.save(force_insert=True)
                Rung.objects.bulk_create([like(row, id=None, escalation=other) for row in rows])
            with CaptureQueriesContext(connection) as queries:
                climbing.climb(time.now)
            assert Rung.objects.filter(level=2).exclude(state=RungState.WAITING).count() == number
            transaction.set_rollback(True)
        return len(queries)

    asked(1)
    assert asked(1) == asked(3) == asked(12)


def test_one_ladder_that_fails_stops_no_other_and_is_tried_again_later(breached, adam, time, monkeypatch):
    real = climbing._Walk.take

    def fails_on_poison(self, escalation, *others):
        if escalation.ticket.subject == "poison":
            raise RuntimeError("poison")
        real(self, escalation, *others)

    monkeypatch.setattr(climbing._Walk, "take", fails_on_poison)
    bad, good = breached(subject="poison"), breached()
    time.move_to(time.now + QUARTER)
    climbing.climb(time.now)

    assert good.rungs.get(level=2).state == RungState.SKIPPED
    put_off = bad.rungs.get(level=2)
    assert put_off.attempts == 2
    assert put_off.next_moment > time.now


def test_r31_of_a_kept_matter_the_managers_above_and_people_by_name_hear_where_they_see_it(
    laddered, breached, payments, adam, time
):
    above, by_name = make_user("Viktor Sandell"), make_user("Joaquin Rey")
    payments.parent = make_team("Operations", managers=[above])
    payments.restricted = True
    payments.save()
    levels = [{"reach": "managers_above", "steps_up": 1, "delay": QUARTER}]
    laddered({}, *levels, {"reach": "named", "people": [by_name, adam], "delay": QUARTER})
    escalation = breached()

    for _ in range(2):
        run(time, QUARTER)

    assert climbed() == ["Adam Berg"]
    assert not Alert.objects.filter(recipient__in=[above, by_name]).exists()
    hole = Reaching(time.now).on(escalation.rungs.get(reach="managers_above")).hole
    assert hole == "Viktor Sandell: nobody who is there for them sees what the team keeps to itself"
