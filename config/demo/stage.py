"""Plays steps: each through the action or service that a page would call, with the moment at which it happened.

Between two steps the engine runs at every moment at which something was due, so that warnings, breaches,
escalations and alerts of the past are what they would have been.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from config.demo.company import Cast
from config.demo.story import Step
from escalation import services as escalations
from escalation import sweep as engine
from escalation.alerting.climbing import climb
from escalation.functional.hand_offs import Evidence
from escalation.initiate import affected
from escalation.initiate.servicing import set_services
from escalation.models import Deadline, Escalation, Rung
from escalation.services import resolving as resolving
from escalation.services import reviewing
from people.models import User
from sla import sweep as clocks
from sla.models import Clock
from tickets import actions
from tickets.files import Upload
from tickets.models import Attachment, Message, Ticket

# The engine looks every two seconds; on average it is one second late.
LATENESS = timedelta(seconds=1)


class Stage:
    """The people and the tickets of a story that is being played."""

    def __init__(self, company: Cast, written: Mapping[str, Ticket] | None = None) -> None:
        self.people = company.people
        self.teams = company.teams
        self.tickets: dict[str, Ticket] = dict(written or {})

    def play(self, steps: Iterable[Step], until: datetime) -> None:
        for step in sorted(steps, key=lambda step: step.at):
            self._run_engine(step.at)
            try:
                VERBS[step.verb](self, step, **step.fields)
            except Exception as error:
                error.add_note(f"In the story of {step.key}, at {step.verb} {step.fields.get('does', '')}.")
                raise
        self._run_engine(until)

    def _run_engine(self, until: datetime) -> None:
        """At each moment only what has something due then: the engine looks at all, and finds nothing in the rest."""
        while (moment := min(moments := _next_moments())) + LATENESS <= until:
            at = moment + LATENESS
            for first, sweep in zip(moments, SWEEPS, strict=True):
                if first <= at:
                    sweep(at)

    def _by(self, key: str) -> User:
        return self.people[key]

    def open(
        self,
        step: Step,
        *,
        client: str,
        tags: tuple[str, ...],
        by: str = "",
        team: str = "",
        files: Any = (),
        **words: Any,
    ) -> None:
        self.tickets[step.key] = actions.open_ticket(
            requester=self._by(client),
            opened_by=self._by(by) if by else None,
            team=self.teams[team] if team else None,
            tags=tags,
            attachments=[Upload(*file) for file in files],
            now=step.at,
            **words,
        )

    def reply(self, step: Step, *, by: str, body: str, then_wait: bool = False) -> None:
        actions.reply(ticket=self.tickets[step.key], author=self._by(by), body=body, now=step.at, then_wait=then_wait)

    def customer(self, step: Step, *, client: str, body: str, files: Any = ()) -> None:
        actions.customer_wrote(
            ticket=self.tickets[step.key],
            author=self._by(client),
            body=body,
            now=step.at,
            attachments=[Upload(*file) for file in files],
        )

    def note(self, step: Step, *, by: str, body: str) -> None:
        actions.note(ticket=self.tickets[step.key], author=self._by(by), body=body, now=step.at)

    def assign(self, step: Step, *, by: str, assignee: str) -> None:
        actions.assign(ticket=self.tickets[step.key], now=step.at, by=self._by(by), assignee=self._by(assignee))

    def change_status(self, step: Step, *, by: str = "", reason: str = "") -> None:
        actions.change_status(
            ticket=self.tickets[step.key],
            verb=step.verb,
            now=step.at,
            by=self._by(by) if by else None,
            reason=reason,
        )

    def escalate(self, step: Step, *, by: str, shows: bool = False, **asked: Any) -> None:
        """`shows`: what was written so far is the evidence."""
        number = self.tickets[step.key].number
        if shows:
            written = Message.objects.filter(ticket=number)
            files = Attachment.objects.filter(message__ticket=number)
            keys = [list(found.values_list("pk", flat=True)) for found in (written, files)]
            asked["evidence"] = Evidence(*keys)
        escalations.escalate(user=self._by(by), ticket_number=number, now=step.at, **asked)

    def escalation(self, step: Step, *, by: str, does: str, kind: str = "", **fields: Any) -> None:
        """A verb of the newest escalation of the ticket, or of the newest of a kind."""
        found = Escalation.objects.filter(ticket=self.tickets[step.key], **({"kind": kind} if kind else {}))
        number = found.order_by("-number").values_list("number", flat=True)[0]
        verb = next(getattr(floor, does) for floor in (escalations, resolving, reviewing) if hasattr(floor, does))
        verb(user=self._by(by), number=number, now=step.at, **fields)

    def affect(self, step: Step, *, by: str, clients: dict[str, str]) -> None:
        people = {self.people[key].pk: self.tickets[ticket].pk if ticket else None for key, ticket in clients.items()}
        affected.add_all(number=self._newest(step), people=people, by=self._by(by), now=step.at, how="hand")

    def services(self, step: Step, *, by: str, services: tuple[str, ...]) -> None:
        set_services(user=self._by(by), number=self._newest(step), services=services, now=step.at)

    def _newest(self, step: Step) -> int:
        found = Escalation.objects.filter(ticket=self.tickets[step.key]).order_by("-number")
        return found.values_list("number", flat=True)[0]

    def finish_plan(self, step: Step, *, by: str, count: int | None = None) -> None:
        """Tick the first tasks of the newest plan, or all of them."""
        escalation = Escalation.objects.filter(ticket=self.tickets[step.key]).order_by("-number")[0]
        for task in escalation.plan_tasks.filter(done_at=None)[:count]:
            escalations.finish_task(
                user=self._by(by), number=escalation.number, now=step.at, task_id=task.pk, done=True
            )


VERBS: dict[str, Callable[..., None]] = {
    "open": Stage.open,
    "reply": Stage.reply,
    "customer": Stage.customer,
    "note": Stage.note,
    "assign": Stage.assign,
    "solve": Stage.change_status,
    "close": Stage.change_status,
    "hold": Stage.change_status,
    "resume": Stage.change_status,
    "escalate": Stage.escalate,
    "escalation": Stage.escalation,
    "finish_plan": Stage.finish_plan,
    "affect": Stage.affect,
    "services": Stage.services,
}


def _answer_clocks(at: datetime) -> None:
    clocks.collect(at)
    engine.answer_thresholds(at)
    engine.answer_all(at)


# By the tables in which their moments stand.
SWEEPS: tuple[Callable[[datetime], object], ...] = (_answer_clocks, climb, engine.check_deadlines)
_FIRST = "(SELECT MIN(next_moment) FROM {table} WHERE next_moment IS NOT NULL)"
_MOMENTS = "SELECT " + ", ".join(_FIRST.format(table=model._meta.db_table) for model in (Clock, Rung, Deadline))


def _next_moments() -> list[datetime]:
    """When each of `SWEEPS` has something to do next. In words of SQL: it is asked before every step of a month."""
    with connection.cursor() as cursor:
        cursor.execute(_MOMENTS)
        return [_as_time(value) for value in cursor.fetchone()]


def _as_time(value: datetime | str | None) -> datetime:
    """SQLite has times as texts in UTC."""
    if value is None:
        return datetime.max.replace(tzinfo=UTC) - LATENESS
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
