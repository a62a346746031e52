"""Writes tickets down as rows: what `stage` would leave behind if it played the same steps, many times faster.

For stories without attachments, escalations and missed promises, finished or not.

The design lets demo data set a state at creation, and only there (DESIGN §3.10). Nothing here may differ from what
the actions do; a test plays the same steps and compares ticket, messages, timeline, clocks and ledgers.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from config.demo.company import Cast
from config.demo.running import RunningClock, Terms
from config.demo.story import Step
from people.models import User
from sla.enums import ClockState, Metric
from sla.firing import event_of
from sla.matching import current_versions
from sla.models import Clock, LedgerEntry, Target
from sla.warnings import send_warnings
from tickets import indexing
from tickets.arriving import told
from tickets.conditions import Facts, holds
from tickets.enums import DONE_STATUSES, EventKind, Status
from tickets.matching import facts_of
from tickets.models import Event, Message, OwnerSpell, Tag, Ticket
from tickets.routing import Book, compiled, decide
from tickets.routing.placing import Nobody
from tickets.timeline import by_rule_of
from tickets.waits import kind_of

NEWS = timedelta(days=1)


@dataclass(slots=True)
class Writer:
    """What is looked up once for all tickets."""

    company: Cast
    terms: list[Terms] = field(default_factory=lambda: [Terms.of(version) for version in current_versions()])
    rules: Book = field(default_factory=compiled)
    targets: dict[tuple[int, str], dict[str, Target]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for target in Target.objects.filter(version__in=[terms.version for terms in self.terms]):
            self.targets.setdefault((target.version_id, target.priority), {})[target.metric] = target

    def terms_for(self, facts: Facts) -> Terms:
        return next(terms for terms in self.terms if holds(terms.version.conditions, facts))


class ArchivedTicket:
    """A ticket that is being written, with everything that hangs on it; nothing is stored yet."""

    def __init__(self, writer: Writer, opening: Step) -> None:
        self.writer = writer
        self.messages: list[Message] = []
        self.events: list[Event] = []
        self.said: list[tuple[Event, Message]] = []
        self.clocks: dict[str, list[RunningClock]] = {}
        self.tags: Sequence[str] = opening.fields["tags"]
        self.spells: list[OwnerSpell] = []
        self._open(opening)

    def _open(self, step: Step) -> None:
        words = step.fields
        requester = self.writer.company.people[words["client"]]
        self.ticket = Ticket(
            subject=words["subject"],
            priority=words["priority"],
            channel=words["channel"],
            requester=requester,
            organisation=requester.organisation,
            created_at=step.at,
            updated_at=step.at,
            last_customer_message_at=step.at,
        )
        facts = facts_of(self.ticket, text=words["body"], tags=self.tags)
        decision = None if words.get("team") else decide(self.writer.rules, facts, Nobody())
        self.ticket.team = self.writer.company.teams[decision.team if decision else words["team"]]
        self._own(step.at)
        self._message(step, requester, by_customer=True, channel=words["channel"])
        opened_by = self.writer.company.people[words["by"]] if words.get("by") else requester
        self._event(EventKind.OPENED, step.at, opened_by, channel=words["channel"])
        self._event(EventKind.ROUTED, step.at, None, **(told(self.ticket, decision) or {}))
        self.events[-1].reference = by_rule_of(self.events[-1].data)
        self.terms = self.writer.terms_for(facts_of(self.ticket, text=words["body"], tags=self.tags))
        for metric in self.targets.keys() - {Metric.NEXT_RESPONSE}:
            self._start(metric, step.at)

    @property
    def targets(self) -> dict[str, Target]:
        return self.writer.targets[self.terms.version.pk, self.ticket.priority]

    def take(self, step: Step) -> None:
        VERBS[step.verb](self, step, self.writer.company.people.get(step.fields.get("by", "")))
        self._own(step.at)
        self.ticket.updated_at = step.at

    def _own(self, at: datetime) -> None:
        """What `tickets.ownership.keep` would have done."""
        running = self.spells[-1] if self.spells and self.spells[-1].ended_at is None else None
        counts = self.status not in DONE_STATUSES
        if running is not None:
            if counts and (running.owner, running.team) == (self.ticket.assignee, self.ticket.team):
                return
            running.ended_at = at
        if counts:
            self.spells.append(OwnerSpell(owner=self.ticket.assignee, team=self.ticket.team, started_at=at))

    def reply(self, step: Step, by: User) -> None:
        message = self._message(step, by)
        self.ticket.last_agent_reply_at = step.at
        self.ticket.assignee = self.ticket.assignee or by
        self._event(EventKind.REPLIED, step.at, by, about=message)
        for clock in self._current(Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE):
            clock.meet(step.at, by)
        if self.status == Status.NEW:
            self._move(Status.OPEN, step.at, by)
        if step.fields.get("then_wait"):
            self._move(Status.WAITING, step.at, by)
            for clock in self._current(*self.clocks):
                clock.pause(step.at, by, "waiting on the customer")

    def customer(self, step: Step, by: User | None) -> None:
        client = self.writer.company.people[step.fields["client"]]
        message = self._message(step, client, by_customer=True)
        self.ticket.last_customer_message_at = step.at
        self._event(EventKind.CUSTOMER_WROTE, step.at, client, about=message)
        self._start(Metric.NEXT_RESPONSE, step.at)
        if self.status == Status.WAITING:
            reason = "the customer answered"
            self._move(Status.OPEN, step.at, client, reason)
            for clock in self._current(*self.clocks):
                clock.resume(step.at, client, reason)
        elif self.status in DONE_STATUSES:
            reason = "the customer wrote again"
            self._move(Status.OPEN, step.at, client, reason)
            self.clocks[Metric.RESOLUTION][-1].reopen(step.at, client, reason)

    def note(self, step: Step, by: User) -> None:
        self._event(EventKind.NOTED, step.at, by, about=self._message(step, by, is_public=False))

    def assign(self, step: Step, by: User) -> None:
        self.ticket.assignee = self.writer.company.people[step.fields["assignee"]]
        team = self.ticket.team.name if self.ticket.team else ""
        running = self.spells[-1]
        unowned = (step.at - running.started_at).total_seconds() if running.owner is None else 0
        self._event(EventKind.ASSIGNED, step.at, by, team=team, assignee=self.ticket.assignee.name, unowned=unowned)

    def change_status(self, step: Step, by: User | None) -> None:
        self._move(AFTER[step.verb], step.at, by, step.fields.get("reason", ""))
        if step.verb == "solve":
            self.clocks[Metric.RESOLUTION][-1].meet(step.at, by)

    @property
    def status(self) -> str:
        """Kept beside the row, whose own state is set once, when it is made."""
        return next(
            (event.data["after"] for event in reversed(self.events) if event.kind == EventKind.STATUS), Status.NEW
        )

    def _move(self, after: str, at: datetime, by: User | None, reason: str = "") -> None:
        before = self.status
        self.ticket.waits_for = kind_of(after, "")
        waits_for = self.ticket.waits_for
        self._event(EventKind.STATUS, at, by, before=before, after=after, reason=reason, waits_for=waits_for)
        self.ticket.solved_at = {Status.SOLVED: at, Status.CLOSED: self.ticket.solved_at}.get(Status(after))
        self.ticket.closed_at = at if after == Status.CLOSED else None

    def _message(self, step: Step, author: User, *, channel: str = "web", **fields: Any) -> Message:
        message = Message(
            ticket=self.ticket, author=author, body=step.fields["body"], channel=channel, created_at=step.at, **fields
        )
        self.messages.append(message)
        return message

    def _event(self, kind: str, at: datetime, actor: User | None, about: Message | None = None, **data: Any) -> None:
        event = Event(ticket=self.ticket, kind=kind, actor=actor, at=at, data=data)
        self.events.append(event)
        if about is not None:
            self.said.append((event, about))

    def _start(self, metric: str, at: datetime) -> None:
        cycles = self.clocks.setdefault(metric, [])
        clock = RunningClock.started(self.targets[metric], self.terms, self.ticket.team, at, len(cycles) + 1)
        clock.row.ticket = self.ticket
        cycles.append(clock)

    def _current(self, *metrics: str) -> list[RunningClock]:
        return [self.clocks[metric][-1] for metric in metrics if self.clocks.get(metric)]

    def all_clocks(self) -> list[RunningClock]:
        return list(chain.from_iterable(self.clocks.values()))

    def finish(self, now: datetime) -> Ticket:
        """The row as it is at `now`, and the timeline with the engine's warnings in their places."""
        for clock in self.all_clocks():
            clock.bring_to(now)
            for at, threshold in clock.warnings:
                event = event_of(clock.row, threshold, at)
                self._event(event["kind"], at, None, **event["data"])
        values = {name.attname: getattr(self.ticket, name.attname) for name in Ticket._meta.concrete_fields}
        due = [clock.row.due_at for clock in self.all_clocks() if clock.row.due_at and not clock.is_over]
        final = Ticket(**values | {"status": self.status, "next_due_at": min(due, default=None)})
        hanging: list[Message | Event | Clock] = [*self.messages, *self.events]
        for spell in self.spells:
            spell.ticket = final
        for row in hanging + [clock.row for clock in self.all_clocks()]:
            row.ticket = final
        self.events.sort(key=lambda event: event.at)
        return final


VERBS: dict[str, Callable[..., None]] = {
    "reply": ArchivedTicket.reply,
    "customer": ArchivedTicket.customer,
    "note": ArchivedTicket.note,
    "assign": ArchivedTicket.assign,
    "solve": ArchivedTicket.change_status,
    "close": ArchivedTicket.change_status,
    "hold": ArchivedTicket.change_status,
    "resume": ArchivedTicket.change_status,
}
AFTER = {"solve": Status.SOLVED, "close": Status.CLOSED, "hold": Status.ON_HOLD, "resume": Status.OPEN}


def write(company: Cast, stories: Iterable[Sequence[Step]], *, now: datetime) -> dict[str, Ticket]:
    """Store stories, each the steps of one ticket in order, as they stand at `now`; the tickets by their keys."""
    writer = Writer(company)
    written: dict[str, ArchivedTicket] = {}
    for opening, *following in stories:
        archived = written[opening.key] = ArchivedTicket(writer, opening)
        for step in following:
            archived.take(step)
    tickets = Ticket.objects.bulk_create([archived.finish(now) for archived in written.values()])
    _store(list(written.values()))
    _give_warnings(list(written.values()), now)
    indexing.rebuild(ticket.number for ticket in tickets)
    return dict(zip(written, tickets, strict=True))


def _store(tickets: Sequence[ArchivedTicket]) -> None:
    """In the order of what refers to what; rows know their keys as soon as they are stored."""
    Message.objects.bulk_create(chain.from_iterable(archived.messages for archived in tickets))
    for archived in tickets:
        for event, message in archived.said:
            event.data["message"] = message.pk
    OwnerSpell.objects.bulk_create(chain.from_iterable(archived.spells for archived in tickets))
    Event.objects.bulk_create(chain.from_iterable(archived.events for archived in tickets))
    clocks = list(chain.from_iterable(archived.all_clocks() for archived in tickets))
    Clock.objects.bulk_create([clock.row for clock in clocks])
    LedgerEntry.objects.bulk_create(chain.from_iterable(clock.entries for clock in clocks))
    names = dict.fromkeys(chain.from_iterable(archived.tags for archived in tickets))
    tags = {name: Tag.objects.get_or_create(name=name)[0] for name in names}
    links = Ticket.tags.through
    links.objects.bulk_create(
        [
            links(ticket_id=archived.messages[0].ticket.pk, tag_id=tags[name].pk)
            for archived in tickets
            for name in archived.tags
        ]
    )


def _give_warnings(tickets: Sequence[ArchivedTicket], now: datetime) -> None:
    """Those that still matter to somebody: of the last day, about promises that are still to be kept."""
    for clock in chain.from_iterable(archived.all_clocks() for archived in tickets):
        for at, threshold in clock.warnings:
            if clock.row.state == ClockState.RUNNING and now - at < NEWS:
                send_warnings([(clock.row, threshold)], at)
