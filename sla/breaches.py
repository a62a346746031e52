"""The breach of a promise, written down: letter, ledger line, timeline, the customer's counter."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from common.rows import insert
from people.history import count_for
from sla.enums import ClockState, EntryKind
from sla.missed import alert_teams, escalating
from sla.models import Breach, Clock, LedgerEntry
from sla.moments import next_moment
from tickets.timeline import line, record_many

# On the timeline, by whether it is a team's own target.
_KINDS = {False: "sla.breached", True: "sla.internal_missed"}


def mark_breached(clock: Clock) -> None:
    """In memory only; the caller saves and then records."""
    clock.state = ClockState.BREACHED
    clock.breached_at = clock.due_at
    clock.next_moment = next_moment(clock)


def record_breaches(broken: Sequence[Clock], now: datetime) -> None:
    """For clocks marked breached, under their tickets' locks. One letter per clock, by constraint.

    A team's own target has a letter only where its policy says that missing it escalates; else the team is told.
    """
    inside = [clock for clock in broken if clock.is_internal]
    grave = escalating(inside)
    insert(Breach, [_letter(clock, now) for clock in broken if not clock.is_internal or clock.pk in grave])
    insert(LedgerEntry, [{"clock_id": clock.pk, "kind": EntryKind.BREACHED, "at": due_of(clock)} for clock in broken])
    record_many([line(clock.ticket_id, _KINDS[clock.is_internal], now=now, **_told(clock)) for clock in broken])
    alert_teams([clock for clock in inside if clock.pk not in grave], now)
    count_for("breach_count", (clock.ticket.organisation_id for clock in broken if not clock.is_internal))


def _told(clock: Clock) -> dict[str, Any]:
    team = clock.responsible_team
    whose = {"team": team.name if team else ""} if clock.is_internal else {}
    return {"metric": clock.metric, **whose, "due_at": due_of(clock).isoformat()}


def due_of(clock: Clock) -> datetime:
    """A running or broken clock always has a due time; ValueError on any other."""
    if clock.due_at is None:
        raise ValueError(f"Clock {clock.pk} is not running.")
    return clock.due_at


def _letter(clock: Clock, now: datetime) -> dict[str, Any]:
    """Of a breach, as its row."""
    return {
        "clock_id": clock.pk,
        "ticket_id": clock.ticket_id,
        "metric": clock.metric,
        "due_at": due_of(clock),
        "noticed_at": now,
        "severity": clock.policy_version.severity_for(clock.ticket.priority),
        "responsible_team_id": clock.responsible_team_id,
    }
