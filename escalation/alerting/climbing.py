"""The walk up the ladders: the next level, a repeat, or a level that nobody stands on (DESIGN §3.6).

Rows are claimed by their tickets' locks, and those that are held at the moment are met in the next round. A batch asks
as often for a thousand ladders as for one. One ladder tells of one level in a round of the sweep, however much of it
fell due while nothing ran.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from calendars.models import CalendarVersion
from common.batches import oldest_first, share
from common.failpoints import Point, reach
from common.rows import change
from escalation.alerting import alerts
from escalation.alerting.foretelling import Coming, next_told
from escalation.alerting.reaching import Reaching, opens_at, team_of
from escalation.enums import LIVE_STATES, RungState
from escalation.models import Escalation, Rung, as_names
from notifications.actions import Notice, notify_many
from people.models import Team, User
from tickets.models import Ticket
from tickets.timeline import Line, line, record_many

logger = logging.getLogger(__name__)

BATCH = 1000
# What a letter says of the ticket, and whom its levels may reach.
_LOOKED_AT = ("subject", "team_id", "assignee_id", "organisation_id", "requester_id")


def climb(now: datetime) -> int:
    """Alert the next level of every ladder whose moment has come and that nobody has acknowledged."""
    due = Rung.objects.with_moment_due(now)
    told: set[int] = set()
    return sum(_climb(keys, told, now) for keys in oldest_first(due, "next_moment", BATCH))


def _climb(keys: Sequence[int], told: set[int], now: datetime) -> int:
    try:
        return _climb_together(keys, told, now)
    except Exception:
        logger.exception("A batch of %d levels failed; taking them one by one.", len(keys))
    return sum(_climb_alone(key, told, now) for key in keys)


def _climb_alone(key: int, told: set[int], now: datetime) -> int:
    try:
        return _climb_together([key], told, now)
    except Exception:
        logger.exception("Level %d failed.", key)
        rung = Rung.objects.get(pk=key)
        rung.attempts += 1
        rung.next_moment = now + timedelta(seconds=2 ** min(rung.attempts, 10))
        rung.save(update_fields=["attempts", "next_moment"])
        return 0


def _climb_together(keys: Sequence[int], told: set[int], now: datetime) -> int:
    """`told` holds the escalations that have told of a level in this round, and those of this batch afterwards."""
    with transaction.atomic():
        ladders = _locked(keys, now)
        reach(Point.AFTER_CLAIM)
        walk = _Walk(Reaching(now), now)
        for escalation, rungs in ladders.items():
            walk.take(escalation, rungs, escalation.number not in told)
        walk.write()
        reach(Point.BEFORE_COMMIT)
    told |= walk.told
    reach(Point.AFTER_COMMIT)
    return walk.taken


def _locked(keys: Sequence[int], now: datetime) -> dict[Escalation, list[Rung]]:
    """The ladders of these levels as they are under the lock, tickets first; without those that are held."""
    due = Rung.objects.filter(pk__among=set(keys))
    free = Ticket.objects.filter(number__in=due.values("escalation__ticket_id")).with_customer_name().only(*_LOOKED_AT)
    free = free.order_by("number").select_for_update(of=("self",), skip_locked=True)
    tickets = {ticket.number: ticket for ticket in free}
    asked = Escalation.objects.filter(number__in=due.values("escalation_id"), ticket__among=tickets)
    found = list(asked.order_by("number").select_for_update(of=("self",)))
    for escalation in found:
        escalation.ticket = tickets[escalation.ticket_id]
    _bring_people(found, list(tickets.values()))
    rows = list(Rung.objects.filter(escalation__among={one.number for one in found}).order_by("round", "level"))
    share(rows, "hours", CalendarVersion.objects.all())
    by_number: defaultdict[int, list[Rung]] = defaultdict(list)
    for rung in rows:
        by_number[rung.escalation_id].append(rung)
    return {one: by_number[one.number] for one in found}


def _bring_people(escalations: Sequence[Escalation], tickets: Sequence[Ticket]) -> None:
    """Each team and each owner once, with whoever stands in for the absent."""
    people = User.objects.select_related("deputy").prefetch_related("absences", "deputy__absences")
    share(escalations, "requester", User.objects.all())
    share(tickets, "assignee", people)
    teams = Team.objects.with_people()
    share([*escalations, *tickets], "team", teams)


@dataclass
class _Walk:
    """What one batch does, collected row by row and written at the end."""

    reaching: Reaching
    now: datetime
    taken: int = 0
    told: set[int] = field(default_factory=set)
    ahead: dict[tuple[Any, ...], Coming | None] = field(default_factory=dict)
    changed: dict[int, Rung] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def take(self, escalation: Escalation, rungs: Sequence[Rung], may_tell: bool) -> None:
        """At most one level; a level to repeat comes after one that is told for the first time."""
        due = [rung for rung in rungs if rung.next_moment is not None and rung.next_moment <= self.now]
        if escalation.is_acknowledged or escalation.state not in LIVE_STATES:
            for rung in due:
                rung.next_moment = None
                self._keep(rung)
            return
        if not due or not may_tell:
            return
        self.taken += 1
        rung = min(due, key=lambda one: (one.state == RungState.SENT, one.next_moment, one.level))
        rung.escalation = escalation
        following = next((one for one in rungs if (one.round, one.level) == (rung.round, rung.level + 1)), None)
        if rung.state == RungState.SENT:
            self._repeat(rung, rungs)
        else:
            self._tell(rung, following, rungs)

    def write(self) -> None:
        names = ("id", *Rung.CHANGING)
        change(Rung, [{name: getattr(rung, name) for name in names} for rung in self.changed.values()])
        notify_many(self.notices, now=self.now)
        record_many(self.lines)

    def _tell(self, rung: Rung, following: Rung | None, rungs: Sequence[Rung]) -> None:
        opens = opens_at(rung, self.now)
        if opens > self.now and following is None:
            # The last of all is not passed over: nobody would be left to hear of it.
            rung.next_moment = opens
            self._keep(rung)
            return
        people = self.reaching.on(rung).people if opens <= self.now else []
        instead = self._instead(rung, rungs) if following is None and not people else []
        people = people or instead
        rung.mark_sent(as_names(people), self.now)
        self._keep(rung)
        if following is not None:
            # From the moment of this sending; a level with nobody on it costs no time at all.
            following.next_moment = self.now + (following.delay if people else timedelta())
            self._keep(following)
        said = "rung_last_resort" if instead else "rung_sent" if people else "rung_skipped"
        self._say(said, rung, rung.who)
        self._notify(rung, people, rungs)

    def _instead(self, rung: Rung, rungs: Sequence[Rung]) -> list[User]:
        told_before = any(one.who for one in rungs if one.round == rung.round and one.level < rung.level)
        return self.reaching.instead_of(rung, told_before)

    def _repeat(self, rung: Rung, rungs: Sequence[Rung]) -> None:
        opens = opens_at(rung, self.now)
        self._keep(rung)
        if opens > self.now:
            rung.next_moment = opens
            return
        people = self.reaching.on(rung).people
        if not people and rung.level == max(one.level for one in rungs if one.round == rung.round):
            people = self._instead(rung, rungs)
        rung.mark_sent(as_names(people), self.now)
        if people:
            self._say("rung_repeated", rung, as_names(people), time=rung.repeated)
            self._notify(rung, people, rungs)

    def _notify(self, rung: Rung, people: Sequence[User], rungs: Sequence[Rung]) -> None:
        if not people:
            return
        number = rung.escalation_id
        self.told.add(number)
        then = self._then(rung, rungs)
        dedupe = f"escalation:{number}:rung:{rung.round}.{rung.level}.{rung.repeated}"
        levels = max(one.level for one in rungs if one.round == rung.round)
        self.notices.append(Notice(people, partial(alerts.rung, rung, levels, then), dedupe, by_mail=rung.by_mail))

    def _then(self, rung: Rung, rungs: Sequence[Rung]) -> Coming | None:
        """Looked up once for all ladders of a batch that are alike and stand at the same level."""
        ahead = [one for one in rungs if one.round == rung.round and one.level > rung.level]
        for one in ahead:
            one.escalation = rung.escalation
        team = team_of(rung)
        ticket = rung.escalation.ticket
        key = (*(_alike(one) for one in ahead), team.pk if team else None, ticket.team_id, ticket.assignee_id)
        if key not in self.ahead:
            self.ahead[key] = next_told(ahead, self.now)
        return self.ahead[key]

    def _say(self, what: str, rung: Rung, who: str, **data: int) -> None:
        escalation = rung.escalation
        known: dict[str, Any] = {"level": rung.level, "who": who, **data}
        if rung.round > 1:
            known["round"] = rung.round
        self.lines.append(
            line(escalation.ticket_id, f"escalation.{what}", now=self.now, reference=escalation.reference, **known)
        )

    def _keep(self, rung: Rung) -> None:
        self.changed[rung.pk] = rung


def _alike(rung: Rung) -> tuple[Any, ...]:
    """What a level ahead must have in common with another, so that the same people come next at the same moment."""
    return (rung.reach, rung.steps_up, tuple(rung.named), rung.delay, rung.hours_id, rung.next_moment, rung.state)
