"""Writes lives down as a desk would have left them: tickets, timeline, owners, clocks with ledgers, escalations."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from bench.forecast.lives import TARGET_HOURS, Life
from common.rows import insert_all
from escalation.enums import Kind, Origin, Reason, State
from escalation.models import Escalation
from escalation.procedures.procedures import all_procedures, choose
from people.enums import Role
from people.models import Team, User
from sla.enums import ClockState, EntryKind, Metric
from sla.models import Clock, LedgerEntry, Policy, PolicyVersion
from sla.publishing import create_policy
from tickets.enums import EventKind, Priority, Status
from tickets.models import Event, OwnerSpell, Ticket

BATCH = 5000
TEAMS, AGENTS = 8, 40


class Writer:
    """`began`: the instant from which the lives count their seconds."""

    def __init__(self, *, began: datetime, now: datetime, customers: int) -> None:
        self._began, self._now = began, now
        self._teams = [
            Team.objects.create(name=f"Team {n}", slug=f"team-{n}", is_fallback=n == 0) for n in range(TEAMS)
        ]
        self._agents = _people("agent", Role.AGENT, AGENTS)
        for at, agent in enumerate(self._agents):
            self._teams[at % TEAMS].members.add(agent)
        self._customers = _people("customer", Role.CUSTOMER, customers)
        self._version = _promise(began)
        self._procedure = choose(all_procedures(), Kind.AUTOMATIC, 3)

    def write(self, lives: Iterator[Life]) -> int:
        """How many there were."""
        written = 0
        while batch := list(islice(lives, BATCH)):
            with transaction.atomic():
                self._write(batch)
            written += len(batch)
        return written

    def _write(self, lives: Sequence[Life]) -> None:
        tickets = Ticket.objects.bulk_create([self._ticket(life) for life in lives])
        told = list(zip(tickets, lives, strict=True))
        insert_all([event for ticket, life in told for event in self._events(ticket, life)])
        insert_all([spell for ticket, life in told for spell in self._spells(ticket, life)])
        clocks = Clock.objects.bulk_create([self._clock(ticket, life) for ticket, life in told])
        insert_all([line for clock, life in zip(clocks, lives, strict=True) for line in self._lines(clock, life)])
        Escalation.objects.bulk_create(
            [self._escalation(ticket, life) for ticket, life in told if life.escalated is not None]
        )

    def _at(self, seconds: float) -> datetime:
        return self._began + timedelta(seconds=seconds)

    def _ticket(self, life: Life) -> Ticket:
        ended = None if life.ended is None else self._at(life.ended)
        owner = life.owners[-1][1]
        return Ticket(
            subject="Payouts are stuck",
            requester=self._customers[life.customer],
            team=self._teams[owner % TEAMS],
            assignee=self._agents[owner - 1] if owner else None,
            priority=life.priority,
            status=Status.OPEN if ended is None else Status.SOLVED,
            created_at=self._at(life.opened),
            updated_at=ended or self._at(life.wrote[-1]),
            solved_at=ended,
            next_due_at=self._at(life.due) if ended is None else None,
        )

    def _events(self, ticket: Ticket, life: Life) -> Iterator[Event]:
        for at in life.wrote[1:]:
            yield Event(ticket=ticket, kind=EventKind.CUSTOMER_WROTE, at=self._at(at))
        for at in life.answered:
            yield Event(ticket=ticket, kind=EventKind.REPLIED, at=self._at(at))
        if life.ended is not None:
            done = {"before": Status.OPEN, "after": Status.SOLVED}
            yield Event(ticket=ticket, kind=EventKind.STATUS, at=self._at(life.ended), data=done)

    def _spells(self, ticket: Ticket, life: Life) -> Iterator[OwnerSpell]:
        ends = [at for at, _owner in life.owners[1:]] + [life.ended]
        for (at, owner), end in zip(life.owners, ends, strict=True):
            yield OwnerSpell(
                ticket=ticket,
                owner=self._agents[owner - 1] if owner else None,
                team=self._teams[owner % TEAMS],
                started_at=self._at(at),
                ended_at=None if end is None else self._at(end),
            )

    def _clock(self, ticket: Ticket, life: Life) -> Clock:
        return Clock(
            ticket=ticket,
            metric=Metric.RESOLUTION,
            state=ClockState.RUNNING if life.ended is None else ClockState.MET,
            target_seconds=TARGET_HOURS[life.priority] * 3600,
            policy_version=self._version,
            responsible_team=ticket.team,
            started_at=self._at(life.opened),
            due_at=self._at(life.due),
            running_since=self._at(life.opened),
            met_at=None if life.ended is None else self._at(life.ended),
            breached_at=None if life.broken is None else self._at(life.broken),
        )

    def _lines(self, clock: Clock, life: Life) -> Iterator[LedgerEntry]:
        yield clock.line(EntryKind.STARTED, clock.started_at, with_target=True)
        if life.broken is not None:
            yield clock.line(EntryKind.BREACHED, self._at(life.broken))
        if life.ended is not None:
            yield clock.line(EntryKind.MET, self._at(life.ended))

    def _escalation(self, ticket: Ticket, life: Life) -> Escalation:
        assert life.escalated is not None
        at = self._at(life.escalated)
        return Escalation(
            kind=Kind.AUTOMATIC,
            origin=Origin.SLA if life.broken is not None else Origin.CUSTOMER,
            state=State.INITIATED,
            severity=3,
            ticket=ticket,
            reason=Reason.TECHNICAL,
            summary="Payouts are stuck",
            procedure=self._procedure,
            opened_at=at,
            step_since=at,
        )


def _people(name: str, role: str, count: int) -> list[User]:
    return User.objects.bulk_create(
        [User(email=f"{name}-{n}@example.com", name=f"{name.title()} {n}", role=role) for n in range(count)]
    )


def _promise(now: datetime) -> PolicyVersion:
    targets = [
        {
            "metric": Metric.RESOLUTION,
            "priority": priority,
            "seconds": TARGET_HOURS[priority] * 3600,
            "round_the_clock": True,
        }
        for priority in Priority.values
    ]
    create_policy(name="Standard", targets=targets, now=now)
    return Policy.objects.get(name="Standard").versions.get()
