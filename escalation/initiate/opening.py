"""How an escalation comes to be: the row, its frozen ladder, its first deadlines, and who is told at once.

`answer_breaches` is written for batches: its queries do not grow with the number of breaches.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from common.rows import insert_all, like
from escalation.alerting import alerts
from escalation.attention import draw_attention
from escalation.deadlines.arming import Crew, Plans, arm
from escalation.enums import Kind, Origin, Reason, State
from escalation.models import Escalation, Procedure
from escalation.parties.customers import begin_with_requesters
from escalation.procedures.guides import guides_of
from escalation.procedures.procedures import all_procedures, choose
from knowledge.models import ArticleVersion
from notifications.actions import Notice, notify_many
from people.history import count_for
from sla.models import Breach, Crossing
from tickets.timeline import line, record_many


def answer_breaches(breaches: Sequence[Breach], *, now: datetime) -> Sequence[Escalation]:
    """One automatic escalation per breach (R4), with its people alerted (R5); the caller holds the tickets' locks."""
    procedures = all_procedures()
    escalations = _open(_made_for(breaches, procedures, now), now)
    Breach.objects.filter(pk__among={breach.pk for breach in breaches}).update(answered_at=now)
    return escalations


def answer_crossings(crossings: Sequence[Crossing], *, now: datetime) -> Sequence[Escalation]:
    """One automatic escalation for each threshold that asks for one, as long as the promise is still to be kept."""
    procedures = all_procedures()
    owed = [crossing for crossing in crossings if _is_owed(crossing)]
    escalations = _open(_made_for(owed, procedures, now), now)
    Crossing.objects.filter(pk__among={crossing.pk for crossing in crossings}).update(answered_at=now)
    return escalations


def _is_owed(crossing: Crossing) -> bool:
    """Not of a promise that was kept meanwhile; and what was to be prevented is now the breach's matter."""
    clock = crossing.clock
    was_early = crossing.crossed_at < crossing.due_at
    return not clock.is_stopped and not (was_early and clock.breached_at is not None)


def _open(opening: Sequence[Escalation], now: datetime) -> Sequence[Escalation]:
    """Store them, freeze their ladders, alert, record: in a number of queries that no number of them raises."""
    plans = Plans(now, Crew(now))
    for escalation in opening:
        escalation.ladder_name = plans.name_for(escalation)
    escalations = insert_all(opening)
    begin_with_requesters(escalations, now)
    arm(escalations, now, plans)
    notify_many(
        [
            Notice(
                plans.of(escalation).told,
                partial(alerts.opened, escalation, plans.of(escalation).then),
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


def _made_for(letters: Sequence[Breach | Crossing], procedures: list[Procedure], now: datetime) -> list[Escalation]:
    """Not yet stored. Those of one severity and team are made after one pattern."""
    patterns: dict[tuple[int, int | None], Escalation] = {}
    guides = guides_of(procedures) if letters else {}
    made = []
    for letter in letters:
        key = (letter.severity, letter.responsible_team_id)
        if key not in patterns:
            patterns[key] = _pattern(letter, procedures, guides, now)
        ticket = letter.ticket
        made.append(like(patterns[key], ticket=ticket, summary=ticket.subject, **_cause(letter)))
    return made


def _cause(letter: Breach | Crossing) -> dict[str, Any]:
    if isinstance(letter, Breach):
        return {"breach": letter, "reason": Reason.PROMISE}
    is_early = letter.crossed_at < letter.due_at
    return {"crossing": letter, "reason": Reason.AT_RISK if is_early else Reason.PROMISE}


def _pattern(
    letter: Breach | Crossing, procedures: list[Procedure], guides: dict[str, ArticleVersion], now: datetime
) -> Escalation:
    """What the SLA's letters open alike."""
    team = letter.responsible_team
    procedure = choose(procedures, Kind.AUTOMATIC, letter.severity)
    return Escalation(
        kind=Kind.AUTOMATIC,
        origin=Origin.SLA,
        state=State.INITIATED,
        severity=letter.severity,
        breach=None,
        crossing=None,
        requester=None,
        team=team,
        manager_id=team.lead_id if team else None,
        procedure=procedure,
        guide=guides.get(procedure.guide),
        opened_at=now,
        initiated_at=now,
        step_since=now,
    )


def _record_opened(escalations: Sequence[Escalation], now: datetime) -> None:
    record_many(
        [
            line(
                escalation.ticket_id,
                "escalation.opened",
                now=now,
                reference=escalation.reference,
                severity=escalation.severity,
                metric=cause.metric if (cause := escalation.promise) else "",
                position=escalation.crossing.position if escalation.crossing else "",
                team=escalation.team.name if escalation.team else "",
            )
            for escalation in escalations
        ]
    )


def count_for_customer(escalations: Sequence[Escalation]) -> None:
    """The customer's history counter, for rules on lower floors."""
    count_for("escalation_count", (escalation.ticket.organisation_id for escalation in escalations))
