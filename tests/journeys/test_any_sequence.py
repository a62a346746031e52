"""Hypothesis walks ticket and escalation in any order: nothing reaches a forbidden state, no clock is left running.

The model beside the system is small on purpose: which states may follow which, and what the clocks of a ticket may
be at each status. Whatever the desk refuses must leave no trace.
"""

import contextlib
import os
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from common import clock
from common.errors import DomainError
from escalation import services, sweep
from escalation.enums import LIVE_STATES, State
from escalation.functional.held import held
from escalation.models import Escalation, HandOff
from people.enums import Role
from sla.enums import ClockState
from sla.explain import account_of
from sla.models import Breach, Clock
from tests.factories.people import make_organisation, make_team, make_user
from tests.factories.sla import make_policy
from tickets import services as tickets
from tickets.enums import DONE_STATUSES, Priority, Status
from tickets.models import Ticket

START = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
ALLOWED_STEPS = {
    State.REQUESTED: {State.INITIATED, State.DECLINED, State.WITHDRAWN},
    State.INITIATED: {State.COMMUNICATING, State.WITHDRAWN},
    State.COMMUNICATING: {State.RESOLVING, State.WITHDRAWN},
    State.RESOLVING: {State.RESOLVED, State.WITHDRAWN},
    State.RESOLVED: {State.CLOSED, State.RESOLVING},
    State.CLOSED: {State.RESOLVING},
    State.DECLINED: set(),
    State.WITHDRAWN: set(),
}
STEPS = ["begin_communication", "begin_resolution", "resolve", "close"]
ENDS = ["withdraw", "deescalate", "reopen", "return_to_sender"]
# What a server's database adds to the rules is tried on fewer walks.
FEW = 12 if connection.vendor == "sqlite" else 4
EXAMPLES = int(os.environ.get("STATEFUL_EXAMPLES", FEW))


class Desk(RuleBasedStateMachine):
    """One ticket, its customer, an agent, a manager and an administrator who press every button at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        clock.freeze(self.now)
        self.mona = make_user("Mona Farias", Role.MANAGER)
        self.adam = make_user("Adam Berg", Role.ADMIN)
        self.anna = make_user("Anna Lindqvist")
        self.cora = make_user("Cora Menezes", Role.CUSTOMER, organisation=make_organisation())
        self.payments = make_team("Payments", lead=self.anna, managers=[self.mona], is_fallback=True)
        self.finance = make_team("Finance", lead=self.mona, managers=[self.adam])
        make_policy(START, first_response=3600, resolution=4 * 3600)
        self.number = tickets.ask(user=self.cora, subject="Stuck", body="Help.", now=self.now).number
        self.before: dict[int, str] = {}

    def people(self):
        return {"anna": self.anna, "mona": self.mona, "adam": self.adam, "cora": self.cora}

    @rule(minutes=st.integers(1, 300))
    def time_passes_and_the_engine_runs(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        clock.freeze(self.now)
        sweep.run()

    @rule(minutes=st.integers(1, 300))
    def time_passes_while_the_engine_is_down(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        clock.freeze(self.now)

    @rule(who=st.sampled_from(["anna", "mona", "cora"]), wait=st.booleans())
    def somebody_writes(self, who: str, wait: bool) -> None:
        self.attempt(tickets.reply, user=self.people()[who], number=self.number, body="A word.", then_wait=wait)

    @rule(verb=st.sampled_from(["wait", "hold", "resume", "solve", "reopen", "close"]))
    def the_status_is_changed(self, verb: str) -> None:
        self.attempt(tickets.change_status, user=self.anna, number=self.number, verb=verb)

    @rule(priority=st.sampled_from(Priority.values))
    def the_priority_is_changed(self, priority: str) -> None:
        self.attempt(tickets.set_priority, user=self.anna, number=self.number, priority=priority)

    @rule(who=st.sampled_from(["anna", "cora"]), severity=st.integers(1, 4))
    def somebody_asks_a_manager(self, who: str, severity: int) -> None:
        self.escalate(who, "hierarchical", severity, "")

    @rule(severity=st.integers(1, 4), team=st.sampled_from(["finance", "payments"]))
    def the_agent_hands_over(self, severity: int, team: str) -> None:
        self.escalate("anna", "functional", severity, team)

    @precondition(lambda self: Escalation.objects.exists())
    @rule(
        data=st.data(),
        who=st.sampled_from(["anna", "mona", "adam", "cora"]),
        verb=st.sampled_from(STEPS),
        force=st.booleans(),
    )
    def somebody_takes_a_step(self, data, who: str, verb: str, force: bool) -> None:
        reason = "It has been agreed with the customer on the phone." if force else ""
        self.attempt(getattr(services, verb), user=self.people()[who], number=self.pick(data), override_reason=reason)

    @precondition(lambda self: Escalation.objects.exists())
    @rule(data=st.data(), who=st.sampled_from(["anna", "mona", "adam"]), verb=st.sampled_from(ENDS))
    def somebody_turns_back(self, data, who: str, verb: str) -> None:
        self.attempt(getattr(services, verb), user=self.people()[who], number=self.pick(data), reason="Not this way.")

    @precondition(lambda self: Escalation.objects.exists())
    @rule(
        data=st.data(),
        who=st.sampled_from(["anna", "mona", "adam"]),
        decision=st.sampled_from(["approve", "exception", "resources", "decline"]),
    )
    def somebody_decides(self, data, who: str, decision: str) -> None:
        number = self.pick(data)
        asked_himself = Escalation.objects.get(number=number).requester_id == self.people()[who].pk
        done = self.attempt(
            services.decide, user=self.people()[who], number=number, decision=decision, note="So be it."
        )
        assert not (done and asked_himself), "somebody approved his own request"

    @precondition(lambda self: Escalation.objects.exists())
    @rule(
        data=st.data(),
        who=st.sampled_from(["anna", "mona"]),
        verb=st.sampled_from(["acknowledge", "accept", "verify", "confirm_access"]),
    )
    def somebody_ticks_a_box(self, data, who: str, verb: str) -> None:
        self.attempt(getattr(services, verb), user=self.people()[who], number=self.pick(data))

    @precondition(lambda self: Escalation.objects.exists())
    @rule(data=st.data(), audience=st.sampled_from(["customers", "stakeholders"]), promise=st.booleans())
    def the_manager_communicates(self, data, audience: str, promise: bool) -> None:
        later = self.now + timedelta(hours=1) if promise else None
        self.attempt(
            services.communicate,
            user=self.mona,
            number=self.pick(data),
            audience=audience,
            body="We are on it.",
            next_update_by=later,
        )

    @invariant()
    def every_step_of_an_escalation_was_an_allowed_one(self) -> None:
        for escalation in Escalation.objects.all():
            before = self.before.get(escalation.number)
            # A level of nothing may lie between two looks: one rule makes at most one step.
            assert before in {None, escalation.state} or escalation.state in ALLOWED_STEPS[before]
            self.before[escalation.number] = escalation.state

    @invariant()
    def a_solved_ticket_has_no_clock_running(self) -> None:
        ticket = Ticket.objects.get(number=self.number)
        live = [clock.state for clock in ticket.clocks.all() if clock.met_at is None]
        if ticket.status in DONE_STATUSES:
            assert ClockState.RUNNING not in live
            assert ClockState.PAUSED not in live
        if ticket.status == Status.WAITING:
            assert ClockState.RUNNING not in live

    @invariant()
    def every_breach_has_at_most_one_escalation_and_none_waits_after_a_round(self) -> None:
        answered = Breach.objects.exclude(answered_at=None).count()
        assert Escalation.objects.exclude(breach=None).count() == answered

    @invariant()
    def the_summary_of_each_clock_is_what_its_ledger_says(self) -> None:
        for row in Clock.objects.filter(state=ClockState.RUNNING):
            assert account_of(row, self.now).due_at == row.due_at

    @invariant()
    def what_each_team_held_adds_up_to_the_customers_clock(self) -> None:
        times = held(Ticket.objects.get(number=self.number), self.now)
        assert times is not None
        assert sum((stay.counted for stay in times.stays), timedelta()) == times.used

    @invariant()
    def a_hand_off_waits_only_while_its_escalation_lives(self) -> None:
        waiting = HandOff.objects.waiting()
        assert all(one.escalation.state in LIVE_STATES for one in waiting.select_related("escalation"))

    @invariant()
    def the_ticket_shows_an_escalation_exactly_while_one_is_live(self) -> None:
        ticket = Ticket.objects.get(number=self.number)
        live = Escalation.objects.filter(ticket=ticket, state__in=LIVE_STATES)
        assert (ticket.escalation_state is not None) == live.exists()
        if live.exists():
            assert ticket.severity == min(live.values_list("severity", flat=True))

    def escalate(self, who: str, kind: str, severity: int, team: str) -> None:
        self.attempt(
            services.escalate,
            user=self.people()[who],
            ticket_number=self.number,
            kind=kind,
            severity=severity,
            reason="technical",
            summary="Beyond me.",
            team_slug=team,
        )

    def attempt(self, act, **given) -> bool:
        with contextlib.suppress(DomainError):
            act(now=self.now, **given)
            return True
        return False

    def pick(self, data) -> int:
        return data.draw(st.sampled_from(sorted(Escalation.objects.values_list("number", flat=True))))


@pytest.mark.django_db
def test_no_sequence_of_calls_reaches_a_forbidden_state():
    class Rolled(Desk):
        """Each sequence in a transaction that is undone."""

        def __init__(self) -> None:
            self.undo = transaction.atomic()
            self.undo.__enter__()
            super().__init__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    run_state_machine_as_test(
        Rolled,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
