"""The executive summary of one escalation: a page to read or print, and the same as the text that is sent (R43)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.looks.ticket.events import Line, line
from desk.templatetags.desk_time import clock_text, words
from escalation.deadlines.promises import audience_words
from escalation.enums import OF_LEARNING, Kind, State
from escalation.models import Deadline, Escalation
from escalation.procedures.conditions import current_plan
from sla.enums import ClockState
from sla.models import Clock
from tickets.models import Event

AT_RISK = timedelta(hours=2)
NEWEST = 10


@dataclass(frozen=True, slots=True)
class RiskLook:
    """A promise that was missed and is still owed, or that is due soon."""

    what: str
    when: str
    is_missed: bool


@dataclass(frozen=True, slots=True)
class SummaryLook:
    """`decision` is empty where nobody is asked to decide; `plan` where there is none."""

    escalation: Escalation
    status: str
    customers: str
    services: str
    decision: str
    plan: str
    risks: list[RiskLook]
    lines: list[Line]

    def as_text(self, now: datetime) -> str:
        """What the form is filled in with; its writer may change every word."""
        return "\n".join(self._paragraphs(now))

    def _paragraphs(self, now: datetime) -> Iterator[str]:
        yield f"{self.escalation.reference}: {self.escalation.summary}"
        facts = (
            (_("Impact"), self.escalation.impact),
            (_("Status"), self.status),
            (_("Customers affected"), self.customers),
            (_("Services"), self.services),
            (_("Decision needed"), self.decision),
            (_("Action plan"), self.plan),
            (_("Promises at risk"), "; ".join(f"{one.what}, {one.when}" for one in self.risks) or _("none")),
        )
        yield from (f"{label}: {value}" for label, value in facts if value)
        yield ""
        yield from (f"{clock_text(one.at, now)} {one.text}" for one in self.lines)
        yield ""
        yield _("Times in %(zone)s.") % {"zone": get_current_timezone_name()}


def summary(escalation: Escalation, now: datetime) -> SummaryLook:
    """A number of queries that does not grow with what it tells of."""
    services = escalation.affected_services.order_by("service__name").values_list("service__name", flat=True)
    told = Event.objects.about(escalation.reference).select_related("actor").order_by("-at", "-pk")[:NEWEST]
    return SummaryLook(
        escalation=escalation,
        status=_status(escalation, now),
        customers=_customers(escalation),
        services=", ".join(services),
        decision=_decision(escalation, now),
        plan=_plan(escalation, now),
        risks=_risks(escalation, now),
        lines=[line(event) for event in told],
    )


def _status(escalation: Escalation, now: datetime) -> str:
    known = {
        "state": escalation.get_state_display(),
        "severity": escalation.severity,
        "time": words(now - escalation.step_since),
    }
    if escalation.step:
        return _("step %(step)d of 4, %(state)s, for %(time)s; severity %(severity)d") % {
            **known,
            "step": escalation.step,
        }
    return _("%(state)s, for %(time)s; severity %(severity)d") % known


def _customers(escalation: Escalation) -> str:
    count = escalation.affected_count
    said = ngettext("%(n)d customer", "%(n)d customers", count) % {"n": count}
    return _("%(customers)s, %(open)d without access so far") % {"customers": said, "open": escalation.access_open}


def _decision(escalation: Escalation, now: datetime) -> str:
    """Only while it waits for one."""
    if escalation.kind != Kind.HIERARCHICAL or escalation.state != State.REQUESTED:
        return ""
    parts = [
        str(escalation.sum or escalation.get_reason_display()),
        _("asked of %(name)s") % {"name": escalation.decider} if escalation.decider else "",
        _("wanted by %(at)s") % {"at": clock_text(escalation.wanted_by, now)} if escalation.wanted_by else "",
    ]
    return ", ".join(part for part in parts if part)


def _plan(escalation: Escalation, now: datetime) -> str:
    tasks = current_plan(escalation)
    if not tasks:
        return ""
    done = sum(task.done_at is not None for task in tasks)
    late = sum(task.done_at is None and task.due_at is not None and task.due_at <= now for task in tasks)
    said = _("%(done)d of %(all)d tasks done") % {"done": done, "all": len(tasks)}
    return _("%(said)s, %(late)d late") % {"said": said, "late": late} if late else said


def _risks(escalation: Escalation, now: datetime) -> list[RiskLook]:
    """Of the ticket's clocks and of the escalation's own promises, the first due first."""
    owed = Clock.objects.filter(
        ticket=escalation.ticket_id,
        met_at=None,
        state__in=[ClockState.RUNNING, ClockState.BREACHED],
        due_at__lte=now + AT_RISK,
    )
    found = [(clock.due_at, str(clock.get_metric_display())) for clock in owed if clock.due_at is not None]
    own = escalation.deadlines.unanswered().exclude(kind__in=OF_LEARNING).filter(due_at__lte=now + AT_RISK)
    found += [(one.due_at, _of_deadline(one)) for one in own]
    return [_risk(due_at, what, now) for due_at, what in sorted(found)]


def _of_deadline(deadline: Deadline) -> str:
    whom = audience_words(deadline.audience)
    return f"{deadline.get_kind_display()} ({whom})" if whom else str(deadline.get_kind_display())


def _risk(due_at: datetime, what: str, now: datetime) -> RiskLook:
    is_missed = due_at <= now
    said = _("missed, was due %(at)s") if is_missed else _("due %(at)s")
    return RiskLook(what, said % {"at": clock_text(due_at, now)}, is_missed)
