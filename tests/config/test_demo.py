"""The demo: what a newcomer finds, what each later start does, and that its history is true."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Prefetch
from django.test import override_settings

from api.models import ApiToken, digest_of
from chat.models import GENERAL, Room
from common import clock, heartbeat
from config.demo import cast, company, daily, loader, signin
from config.demo.company import Cast
from escalation import services as escalations
from escalation import sweep as engine
from escalation.enums import LIVE_STATES, DeadlineKind, State
from escalation.models import Escalation, HandOff, Proposal, Recommendation, Rung, TrainingDone
from escalation.parties.customers import customers_of
from mailroom.models import BlockedSender
from notifications.enums import AlertKind
from notifications.models import Alert, Delivery
from people.models import Team, User
from reports import effects, keeping, live
from reports.asked import Asked, Span
from reports.enums import Verdict
from reports.models import SavedReport
from reports.outcomes import outcomes
from reports.register import REPORTS
from sla.enums import ClockState, EntryKind
from sla.explain import account_of
from sla.models import Breach, Clock, LedgerEntry
from tickets import actions
from tickets.enums import Channel, EventKind, FieldType, Kind, Priority, Status
from tickets.models import Attachment, CustomField, Event, QuickReply, Rating, SavedView, Ticket
from tickets.saved import tickets_of

NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def at() -> datetime:
    """A Wednesday, eleven in the morning in São Paulo."""
    return NOW


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo, loaded once for all tests of this file; each of them takes back what it changed."""
    with django_db_blocker.unblock(), transaction.atomic():
        clock.freeze(NOW)
        loader.load(NOW)
        clock.freeze(None)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def desk(loaded: None, db: None) -> Cast:
    return company.find()


def fast_forward(to: datetime) -> None:
    clock.freeze(to)
    engine.run()


# --- What a newcomer finds --------------------------------------------------------------------------------------


def test_a_newcomer_finds_two_hundred_and_fifty_tickets_of_every_kind(desk: Cast) -> None:
    tickets = Ticket.objects.all()

    assert 235 <= tickets.count() <= 270
    assert set(tickets.values_list("status", flat=True)) == set(Status.values)
    assert set(tickets.values_list("priority", flat=True)) == set(Priority.values)
    assert set(tickets.values_list("channel", flat=True)) == set(Channel.values)
    assert set(tickets.values_list("requester__language", flat=True)) == {"en", "pt-br", "es", "ru"}
    of_customers = tickets.filter(requester__role="customer")
    assert set(of_customers.values_list("organisation__tier", flat=True)) == {"standard", "business", "enterprise"}
    assert tickets.filter(created_at__lt=NOW - timedelta(days=20)).count() > 40
    assert not tickets.filter(updated_at__gt=NOW).exists()
    assert Attachment.objects.count() >= 5


def test_the_teams_have_leads_and_managers_and_a_chain_upward(desk: Cast) -> None:
    working = Team.objects.exclude(parent=None)

    assert working.count() == 5
    assert all(team.lead and team.managers.exists() and team.members.exists() for team in working)
    assert Team.objects.get(is_fallback=True) == desk.teams["operations"] == working[0].parent
    assert User.objects.filter(role="agent").count() == 12
    assert User.objects.filter(role="customer").count() >= 28
    assert all(user.skills.exists() for user in User.objects.filter(role="agent"))


def test_who_hands_over_are_newcomers_and_old_hands(desk: Cast) -> None:
    """R81: a desk of which everybody came today would say 100 %."""
    keeping.rebuild()
    asked = Asked(Span(NOW.date() - timedelta(days=89), NOW.date(), ZoneInfo("UTC")))

    report = REPORTS["pain"].build(desk.people["adam"], asked, now=NOW)

    shown = next(figure.headline for figure in report.figures if figure.key == "experience")
    assert shown is not None and 5 < (shown.value or 0) < 60
    assert not User.objects.filter(created_at__gte=NOW - timedelta(days=60)).exists()


def test_the_inbox_has_work_past_due_work_for_this_hour_and_work_that_waits(desk: Cast) -> None:
    active = Ticket.objects.active()

    assert 25 <= active.count() <= 48
    assert 2 <= active.filter(next_due_at__lte=NOW).count() <= 6
    assert active.filter(next_due_at__gt=NOW, next_due_at__lte=NOW + timedelta(hours=1)).count() >= 3
    assert active.filter(status=Status.WAITING).count() >= 3


def test_the_desk_has_put_up_what_an_agent_works_with(desk: Cast) -> None:
    problem = Ticket.objects.get(kind=Kind.PROBLEM)
    merged = Ticket.objects.get(merged_into__isnull=False)

    assert set(CustomField.objects.values_list("type", flat=True)) == set(FieldType.values)
    assert Ticket.objects.filter(fields__product="Chargebacks").exists()
    assert problem.links_in.filter(relation="caused_by", source__kind=Kind.INCIDENT).count() == 3
    assert merged.merged_into and not merged.messages.exists()
    assert Ticket.objects.filter(snoozed_until__gt=NOW).exists()
    assert set(QuickReply.objects.values_list("language", flat=True)) >= {"en", "pt-br", "es"}
    assert Room.objects.get(subject=GENERAL).posts.count() >= 3
    assert BlockedSender.objects.exists()
    for view in SavedView.objects.select_related("owner"):
        assert list(tickets_of(view.owner, view, NOW)[:1]) or view.base, view.name


def test_r85_r87_what_was_done_a_month_ago_is_measured_and_few_teams_are_unusual_today(desk: Cast) -> None:
    clock.freeze(NOW)
    for _round in range(4):
        keeping.run()

    assert effects.run() == 1

    row = Recommendation.objects.get(aim__effect__isnull=False)
    assert outcomes(desk.people["adam"], [row])[row.pk].verdict == Verdict.WORKS
    assert set(Recommendation.objects.values_list("state", flat=True)) == {"open", "taken", "done"}
    marks = [team.usual_open and team.usual_open.mark for team in live.board(desk.people["mona"], now=NOW).teams]
    assert marks.count(0) >= 4 and len(marks) == 6


def test_there_is_something_to_read_and_a_report_goes_out_each_monday(desk: Cast) -> None:
    row = SavedReport.objects.get()

    assert set(TrainingDone.objects.values_list("person__name", flat=True)) == {"Rosa Quiroga", "Anna Lindqvist"}
    assert row.is_shared and row.next_moment and row.next_moment > NOW
    assert row.recipients.count() == 2


def test_escalations_stand_in_each_step_and_have_ended_in_each_way(desk: Cast) -> None:
    states = Counter(Escalation.objects.values_list("state", flat=True))

    assert set(states) == set(State.values)
    assert 8 <= sum(states[state] for state in LIVE_STATES) <= 15
    assert {"functional", "hierarchical", "automatic"} == set(Escalation.objects.values_list("kind", flat=True))
    assert Escalation.objects.filter(origin="customer").exists()


def test_one_escalation_is_proposed_by_a_criterion_and_one_was_opened_by_one(desk: Cast) -> None:
    found = {one.criterion.name: one for one in Proposal.objects.select_related("criterion", "ticket")}

    assert set(found) == {"An authority is named", "Data of another customer"}
    assert found["An authority is named"].ended_at is None
    assert "procon" in str(found["An authority is named"].fired)
    assert Escalation.objects.get(origin="rule").proposal == found["Data of another customer"]


def test_r17_one_escalation_harms_nine_customers_in_four_languages_and_its_first_hour_runs(desk: Cast) -> None:
    escalation = Escalation.objects.get(affected_count=9)
    people = [row.person for row in customers_of(escalation).select_related("person", "ticket")]
    hours = {one.audience: one.met_at for one in escalation.deadlines.filter(kind=DeadlineKind.FIRST_HOUR)}

    assert (escalation.severity, escalation.state) == (1, State.COMMUNICATING)
    assert {person.language for person in people} == {"en", "pt-br", "es", "ru"}
    assert [person.is_active for person in people].count(False) == 1
    assert customers_of(escalation).filter(ticket__status=Status.OPEN).count() == 5
    assert hours["stakeholders"] and not hours["customers"]
    assert {row.service.slug for row in escalation.affected_services.all()} == {"payouts", "settlement-file"}
    assert set(escalation.responsibilities.values_list("role", flat=True)) == {"architect", "engagement_executive"}


def test_customers_have_said_how_they_were_answered(desk: Cast) -> None:
    ratings = Rating.objects.select_related("ticket")
    late = set(Breach.objects.values_list("ticket_id", flat=True))

    assert 40 <= ratings.count() <= 120
    assert all(one.ticket.solved_at < one.given_at <= NOW for one in ratings)
    assert len({one.comment for one in ratings}) > 12
    assert set(ratings.values_list("by__language", flat=True)) == {"en", "pt-br", "es", "ru"}
    kept = [one.score for one in ratings if one.ticket_id not in late]
    missed = [one.score for one in ratings if one.ticket_id in late]
    assert sum(kept) / len(kept) > 4 > sum(missed) / len(missed)
    assert Event.objects.filter(kind=EventKind.RATED).count() == ratings.count()


# --- The history is true ----------------------------------------------------------------------------------------


def test_hand_offs_came_back_twice_were_accepted_and_wait(desk: Cast) -> None:
    by_ticket = [list(ticket.hand_offs.all()) for ticket in Ticket.objects.active().filter(hand_offs__isnull=False)]

    assert any(len(found) == 2 and all(one.returned_at for one in found) for found in by_ticket)
    assert any(found[-1].accepted_at for found in by_ticket)
    assert HandOff.objects.waiting().exists()
    assert not HandOff.objects.filter(convened_at__isnull=False).exists()


def test_every_ledger_adds_up_to_its_clock(desk: Cast) -> None:
    lines = LedgerEntry.objects.select_related("policy_version__policy", "calendar_version", "by")
    clocks = list(Clock.every.select_related("calendar_version").prefetch_related(Prefetch("entries", lines)))

    accounts = [(row, account_of(row, NOW)) for row in clocks]

    assert len(accounts) > 400
    for row, account in accounts:
        assert sum((segment.counted for segment in account.segments), timedelta()) == account.used
        if row.running_since is None:
            assert account.used == row.used
        if row.state == ClockState.RUNNING:
            assert account.due_at == row.due_at
        if row.state == ClockState.MET:
            assert account.missed_at is None or account.missed_at >= row.met_at


def test_every_breach_of_the_past_has_its_one_escalation(desk: Cast) -> None:
    breaches = Breach.objects.select_related("escalation")

    assert breaches.count() == Escalation.objects.filter(kind="automatic").count() > 5
    assert all(breach.escalation.breach_id == breach.pk for breach in breaches)
    assert all(timedelta() <= breach.noticed_at - breach.due_at < timedelta(seconds=3) for breach in breaches)


def test_nothing_of_the_past_rings_today(desk: Cast) -> None:
    old = Alert.objects.filter(created_at__lt=NOW - timedelta(days=1))

    assert Delivery.objects.count() > 20
    assert not Delivery.objects.unsent().exists()
    assert old.exists()
    assert not old.unread().exists()
    asked = Alert.objects.unread().filter(kind=AlertKind.APPROVAL).values_list("escalation_number", flat=True)
    assert set(Escalation.objects.filter(number__in=asked).values_list("state", flat=True)) == {State.REQUESTED}


# --- Each start -------------------------------------------------------------------------------------------------


def test_the_fresh_ticket_runs_out_within_two_minutes_and_its_manager_is_told(desk: Cast) -> None:
    fresh = daily.begin(desk, NOW)
    fast_forward(NOW + timedelta(seconds=46))
    assert not fresh.breaches.exists()

    fast_forward(NOW + timedelta(seconds=61))

    escalation = fresh.escalations.get()
    assert (escalation.kind, escalation.severity, escalation.team) == ("automatic", 3, desk.teams[cast.DEMO_TEAM])
    assert fresh.assignee is None
    told = Alert.objects.filter(escalation_number=escalation.number, kind=AlertKind.BREACH)
    assert desk.people[cast.ROLES["manager"]].pk in told.values_list("recipient", flat=True)
    assert Delivery.objects.filter(recipient=desk.people["mona"], created_at__gt=NOW).exists()


def test_a_newcomer_walks_the_small_procedure_in_one_sitting(desk: Cast) -> None:
    fresh = daily.begin(desk, NOW)
    fast_forward(NOW + timedelta(seconds=61))
    mona, number = desk.people["mona"], fresh.escalations.get().number
    walk = {"user": mona, "number": number, "now": clock.now()}

    escalations.acknowledge(**walk)
    escalations.begin_communication(**walk)
    escalations.communicate(**walk, audience="customers", body="Bom dia, Cora. I have seen it.")
    escalations.begin_resolution(**walk)
    escalations.resolve(**walk)
    escalations.choose_cause(**walk, cause="load")
    escalations.close(**walk)

    assert Escalation.objects.get(number=number).state == State.CLOSED


@pytest.mark.once
def test_the_tenth_start_floods_nobody(desk: Cast) -> None:
    now = NOW
    others: list[int] = []
    for _start in range(10):
        daily.absorb(now)
        fresh = daily.begin(desk, now)
        before = set(Breach.objects.values_list("pk", flat=True))
        fast_forward(now + timedelta(seconds=2))
        assert set(Breach.objects.values_list("pk", flat=True)) == before
        for seconds in (61, 121):
            fast_forward(now + timedelta(seconds=seconds))
        new = Breach.objects.exclude(pk__in=before)
        assert new.filter(ticket=fresh).count() == 2
        others.append(new.exclude(ticket=fresh).count())
        now = clock.now() + WEEK

    assert sum(others) <= 2, "the desk was on for twenty minutes in all"
    assert Ticket.objects.active().filter(tags__name=daily.TAG).count() == 1
    assert Escalation.objects.live().filter(ticket__tags__name=daily.TAG).count() == 2
    assert_ledgers_agree(clock.now())


def test_time_switched_off_counts_for_nothing_and_says_so(desk: Cast) -> None:
    running = Clock.objects.filter(state=ClockState.RUNNING).order_by("due_at").select_related("calendar_version")[0]
    rung = Rung.objects.filter(next_moment__gt=NOW).first()
    left = account_of(running, NOW).remaining
    later = NOW + WEEK
    heartbeat.beat(engine.NAME, now=NOW)

    gap = daily.absorb(later)

    assert gap == WEEK
    assert account_of(running, later).remaining == left
    assert rung is not None
    assert Rung.objects.get(pk=rung.pk).next_moment == rung.next_moment + WEEK
    pause = LedgerEntry.objects.filter(clock=running, kind=EntryKind.PAUSED).latest("at")
    assert (pause.at, pause.reason) == (NOW, "the demo was switched off")
    assert running.ticket.next_due_at is not None
    assert Ticket.objects.get(pk=running.ticket_id).next_due_at > later


def test_a_quick_restart_is_no_absence(desk: Cast) -> None:
    entries = LedgerEntry.objects.count()
    heartbeat.beat(engine.NAME, now=NOW)

    gap = daily.absorb(NOW + timedelta(seconds=20))

    assert gap == timedelta()
    assert LedgerEntry.objects.count() == entries


def test_what_a_newcomer_has_answered_is_left_to_him(desk: Cast) -> None:
    first = daily.begin(desk, NOW)
    actions.reply(ticket=first, author=desk.people["anna"], body="I am looking.", now=NOW)

    daily.begin(desk, NOW + timedelta(hours=1))

    assert Ticket.objects.get(pk=first.pk).status == Status.OPEN


# --- The command ------------------------------------------------------------------------------------------------


def test_the_command_writes_the_sign_ins_and_keeps_the_tokens(desk: Cast, tmp_path: Path) -> None:
    with override_settings(DEMO=True, VAR_DIR=tmp_path, BASE_URL="http://127.0.0.1:8123"):
        call_command("load_demo")
        first = json.loads((tmp_path / "demo.json").read_text())
        tickets = Ticket.objects.count()
        call_command("load_demo")
        second = json.loads((tmp_path / "demo.json").read_text())

    assert first == second
    assert first["url"] == "http://127.0.0.1:8123"
    assert set(first["users"]) == set(first["tokens"]) == {"agent", "manager", "admin", "customer"}
    assert {role: User.objects.get(email=email).role for role, email in first["users"].items()} == {
        role: role for role in first["users"]
    }
    assert User.objects.get(email=first["users"]["agent"]).check_password(first["password"])
    assert Ticket.objects.count() == tickets + 1, "a later start opens one ticket and nothing else"
    assert not list(tmp_path.glob("*.new"))


def test_tokens_whose_file_is_gone_are_replaced(desk: Cast, tmp_path: Path) -> None:
    with override_settings(VAR_DIR=tmp_path):
        path = signin.write(desk, NOW)
        before = json.loads(path.read_text())["tokens"]
        path.unlink()

        after = json.loads(signin.write(desk, NOW).read_text())["tokens"]

    assert before.keys() == after.keys()
    assert not ApiToken.objects.filter(digest__in=[digest_of(secret) for secret in before.values()]).exists()
    assert ApiToken.objects.get(digest=digest_of(after["agent"])).user == desk.people["anna"]


# --- Help -------------------------------------------------------------------------------------------------------


def assert_ledgers_agree(now: datetime) -> None:
    for row in Clock.objects.filter(state=ClockState.RUNNING).select_related("calendar_version"):
        assert account_of(row, now).due_at == row.due_at
