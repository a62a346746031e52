"""How an escalation comes to be: the row, its frozen ladder, its first deadlines, and who is told at once.

`answer_breaches` is written for batches: its queries do not grow with the number of breaches.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from common.rows import insert_all
from escalation import alerts
from escalation.attention import draw_attention
from escalation.enums import Audience, DeadlineKind, Kind, Origin, Reach, Reason, State
from escalation.ladders import Ladders, people_on
from escalation.models import Deadline, Escalation, Procedure, Rung, as_names
from escalation.procedures import all_procedures, choose
from notifications.actions import Notice, notify_many
from people.chain import managers_of, present
from people.history import count_for
from people.models import Team, User
from sla.models import Breach, Crossing
from tickets.models import Event
from tickets.timeline import record_many

FIRST_HOUR = timedelta(hours=1)


def answer_breaches(breaches: Sequence[Breach], *, now: datetime) -> Sequence[Escalation]:
    """One automatic escalation per breach (R4), with its people alerted (R5); the caller holds the tickets' locks."""
    procedures = all_procedures()
    escalations = _open([_for_breach(breach, procedures, now) for breach in breaches], now)
    Breach.objects.filter(pk__in=[breach.pk for breach in breaches]).update(answered_at=now)
    return escalations


def answer_crossings(crossings: Sequence[Crossing], *, now: datetime) -> Sequence[Escalation]:
    """One automatic escalation for each threshold that asks for one, as long as the promise is still to be kept."""
    procedures = all_procedures()
    owed = [crossing for crossing in crossings if _is_owed(crossing)]
    escalations = _open([_for_crossing(crossing, procedures, now) for crossing in owed], now)
    Crossing.objects.filter(pk__in=[crossing.pk for crossing in crossings]).update(answered_at=now)
    return escalations


def _is_owed(crossing: Crossing) -> bool:
    """Not of a promise that was kept meanwhile; and what was to be prevented is now the breach's matter."""
    clock = crossing.clock
    was_early = crossing.crossed_at < crossing.due_at
    return not clock.is_stopped and not (was_early and clock.breached_at is not None)


def _open(opening: Sequence[Escalation], now: datetime) -> Sequence[Escalation]:
    """Store them, freeze their ladders, alert, record: in a number of queries that no number of them raises."""
    ladders = Ladders()
    for escalation in opening:
        escalation.ladder_name = ladders.name_for(escalation)
    escalations = insert_all(opening)
    crew = Crew(now)
    sent = arm(escalations, now, crew, ladders)
    notify_many(
        [
            Notice(
                crew.told_at_once(escalation, sent[escalation.number]),
                partial(alerts.opened, escalation),
                f"escalation:{escalation.number}:opened",
                is_alike=True,
            )
            for escalation in escalations
        ],
        now=now,
    )
    _record_opened(escalations, now)
    draw_attention(escalations, now)
    count_for_customer(escalations)
    return escalations


def arm(
    escalations: Sequence[Escalation], now: datetime, crew: "Crew | None" = None, ladders: Ladders | None = None
) -> dict[int, list[User]]:
    """Freeze the ladder onto each, and set the first hour running where its procedure asks for updates (R35).

    With a crew, a first level without delay is taken as sent with the opening itself, so that nobody is told
    twice in a second; whom it reaches is returned by the escalation's number.
    """
    ladders = ladders or Ladders()
    rungs: list[Rung] = []
    deadlines: list[Deadline] = []
    sent: dict[int, list[User]] = {}
    named: defaultdict[str, list[int]] = defaultdict(list)
    for escalation in escalations:
        name = ladders.name_for(escalation)
        if escalation.ladder_name != name:
            escalation.ladder_name = name
            named[name].append(escalation.number)
        levels = ladders.rungs_for(escalation, now)
        sent[escalation.number] = _send_first(levels, crew, now) if crew else []
        rungs += levels
        if asks_for_updates(escalation.procedure):
            deadlines.append(deadline(escalation, DeadlineKind.FIRST_HOUR, now + FIRST_HOUR))
    for name, numbers in named.items():
        Escalation.objects.filter(number__in=numbers).update(ladder_name=name)
    insert_all(rungs)
    insert_all(deadlines)
    return sent


def deadline(escalation: Escalation, kind: str, due_at: datetime) -> Deadline:
    """Not yet stored."""
    return Deadline(escalation=escalation, kind=kind, due_at=due_at, next_moment=due_at)


def asks_for_updates(procedure: Procedure) -> bool:
    named = {name for names in procedure.conditions.values() for name in names}
    return bool(named & {f"{audience}_informed" for audience in Audience.values})


class Crew:
    """Who answers for a team, looked up once per team in a batch."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._by_team: dict[int | None, list[User]] = {}
        self._by_rung: dict[tuple[str, int | None], list[User]] = {}

    def of(self, team: Team | None) -> list[User]:
        """Managers first, then the lead; never nobody while there is an administrator (DESIGN §3.3)."""
        key = team.pk if team else None
        if key not in self._by_team:
            lead = present([team.lead], self._now) if team and team.lead else []
            self._by_team[key] = list(dict.fromkeys([*managers_of(team, self._now), *lead]))
        return self._by_team[key]

    def on(self, rung: Rung) -> list[User]:
        """Whom a rung reaches; asked once per team, except for the owner of the ticket, who differs."""
        team = rung.escalation.team
        key = (rung.reach, team.pk if team else None)
        if rung.reach == Reach.ASSIGNEE:
            return people_on(rung, team, self._now)
        if key not in self._by_rung:
            self._by_rung[key] = people_on(rung, team, self._now)
        return self._by_rung[key]

    def told_at_once(self, escalation: Escalation, on_first_rung: Sequence[User]) -> list[User]:
        return list(dict.fromkeys([*self.of(escalation.team), *on_first_rung]))


def _for_breach(breach: Breach, procedures: list[Procedure], now: datetime) -> Escalation:
    return _for_letter(breach, procedures, now, breach=breach, reason=Reason.PROMISE)


def _for_crossing(crossing: Crossing, procedures: list[Procedure], now: datetime) -> Escalation:
    reason = Reason.AT_RISK if crossing.crossed_at < crossing.due_at else Reason.PROMISE
    return _for_letter(crossing, procedures, now, crossing=crossing, reason=reason)


def _for_letter(letter: Breach | Crossing, procedures: list[Procedure], now: datetime, **cause: Any) -> Escalation:
    """What the SLA's letters open alike; `cause` names the letter and the reason."""
    team = letter.responsible_team
    return Escalation(
        kind=Kind.AUTOMATIC,
        origin=Origin.SLA,
        state=State.INITIATED,
        severity=letter.severity,
        ticket=letter.ticket,
        summary=letter.ticket.subject,
        team=team,
        manager_id=team.lead_id if team else None,
        procedure=choose(procedures, Kind.AUTOMATIC, letter.severity),
        opened_at=now,
        initiated_at=now,
        step_since=now,
        **cause,
    )


def _send_first(levels: Sequence[Rung], crew: "Crew", now: datetime) -> list[User]:
    first, *later = levels
    if first.next_moment is None or first.next_moment > now:
        return []
    people = crew.on(first)
    first.mark_sent(as_names(people), now)
    if later:
        later[0].next_moment = now + (later[0].delay if people else timedelta())
    return people


def _record_opened(escalations: Sequence[Escalation], now: datetime) -> None:
    record_many(
        [
            Event(
                ticket_id=escalation.ticket_id,
                kind="escalation.opened",
                at=now,
                reference=escalation.reference,
                data={
                    "severity": escalation.severity,
                    "metric": cause.metric if (cause := escalation.promise) else "",
                    "position": escalation.crossing.position if escalation.crossing else "",
                    "team": escalation.team.name if escalation.team else "",
                },
            )
            for escalation in escalations
        ]
    )


def count_for_customer(escalations: Sequence[Escalation]) -> None:
    """The customer's history counter, for rules on lower floors."""
    count_for("escalation_count", (escalation.ticket.organisation_id for escalation in escalations))
