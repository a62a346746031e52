"""What each kind of event on a ticket does to its clocks: a table, and one small function per line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import ceil
from typing import TypeVar, cast

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_noop

from common import at_hand
from common.configuration import SetUp
from people.models import User
from sla import clocks, holding
from sla.enums import WARN_AT, ClockState, EntryKind, Metric, team_key
from sla.matching import targets_for, team_targets_for, valid_versions, version_for
from sla.models import Aim, Clock, PolicyVersion, Target, TeamTarget
from tickets import promises
from tickets.enums import DONE_STATUSES, WAITS, EventKind, MergeSide, Status
from tickets.models import Event, Ticket

# Promises about our words; solving without a word cancels them instead of keeping them.
_ANSWERS = {Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.PERIODIC_UPDATE, Metric.PROMISED_UPDATE}
# While an escalation runs it keeps such a promise by a deadline of its own; one that nobody has approved yet does not.
_NOBODYS = {None, "", "requested"}
_A = TypeVar("_A")
# Where clocks are laid aside between a ticket's first thought and its first row.
_FORESEEN = "foreseen clocks"


@dataclass(frozen=True)
class Change:
    """One event on a locked ticket."""

    ticket: Ticket
    event: Event
    now: datetime

    @cached_property
    def clocks(self) -> dict[str, Clock]:
        """The ticket's clocks as they were before: the latest cycle of each metric, and each team's."""
        return latest_clocks(self.ticket)

    @property
    def by_policy(self) -> dict[str, Clock]:
        """Without what somebody promised in a reply: that neither pauses nor moves with a policy."""
        return {metric: clock for metric, clock in self.clocks.items() if metric != Metric.PROMISED_UPDATE}

    @property
    def actor(self) -> User | None:
        return self.event.actor

    def version(self) -> PolicyVersion | None:
        """What the ticket, as it is now, would be promised."""
        return version_for(self.ticket, self.now)

    def some_version(self) -> PolicyVersion | None:
        """The same; where no policy takes the ticket, the last that is asked."""
        return self.version() or next(reversed(valid_versions(self.now)), None)

    def targets(self, version: PolicyVersion) -> dict[str, Target]:
        return targets_for(version, self.ticket.priority)

    def team_targets(self, version: PolicyVersion) -> dict[str, TeamTarget]:
        return team_targets_for(version, self.ticket.priority)

    def begin(self) -> None:
        """The first clocks of a new ticket: those that were foreseen, if it was foreseen at all."""
        begun = at_hand.kept(self.ticket, _FORESEEN)
        if begun is None:
            begun = _first_clocks(self.ticket, self.version(), self.now)
        clocks.store_first(self.ticket, cast(Sequence[Clock], begun), now=self.now)

    def start(self, target: Aim, version: PolicyVersion, cycle: int = 1) -> Clock:
        return clocks.start(self.ticket, target, version, now=self.now, cycle=cycle)


def standing(ticket: Ticket, now: datetime, by: User | None) -> Change:
    """A ticket to which nothing happens but that its terms change."""
    return Change(ticket, Event(ticket=ticket, kind="", actor=by, at=now), now)


def latest_clocks(ticket: Ticket) -> dict[str, Clock]:
    """All of them, by their keys: also what the teams use of their own."""
    rows = Clock.every.filter(ticket=ticket).select_related("policy_version", "calendar_version", "ticket")
    return {clock.key: clock for clock in rows.order_by("cycle")}


def foresee(ticket: Ticket, text: str, tags: Sequence[str], set_up: SetUp, now: datetime) -> datetime | None:
    """When a ticket that is about to be opened is due; its clocks are laid aside until it is."""
    begun = _first_clocks(ticket, version_for(ticket, now, set_up=set_up, text=text, tags=tags), now)
    at_hand.keep(ticket, _FORESEEN, begun)
    return _earliest(begun)


def _first_clocks(ticket: Ticket, version: PolicyVersion | None, now: datetime) -> list[Clock]:
    if version is None:
        return []
    priority = ticket.priority
    owed: list[Aim] = owed_at_first(ticket, targets_for(version, priority), team_targets_for(version, priority))
    return clocks.first(ticket, owed, version, now=now)


def owed_at_first(ticket: Ticket, targets: Mapping[str, _A], teams: Mapping[str, _A]) -> list[_A]:
    """The next reply is owed only once the customer has written again; the first not after an answer (a split).

    Beside what is promised, what the ticket's own team may take.
    """
    without = {Metric.NEXT_RESPONSE} if ticket.owes_answer else {Metric.NEXT_RESPONSE, Metric.FIRST_RESPONSE}
    owed = [target for metric, target in targets.items() if metric not in without]
    mine = teams.get(team_key(ticket.team_id))
    return [*owed, mine] if mine else owed


def _opened(change: Change) -> None:
    change.begin()


def _replied(change: Change) -> None:
    for metric in _ANSWERS & change.clocks.keys():
        clocks.meet(change.clocks[metric], now=change.now, by=change.actor)
    _next_cycle(change, Metric.PERIODIC_UPDATE)
    _promised(change)


def _promised(change: Change) -> None:
    """The reply names the time of the next: a clock round the clock, due at that very moment (R38).

    Where no policy holds for the ticket, the last that is asked says how severe a missed promise is.
    """
    at = _moment(change.event.data.get(promises.FIELD))
    if at is None or at <= change.now or change.ticket.escalation_state not in _NOBODYS:
        return
    version = change.some_version()
    if version is None:
        return
    target = Target(
        metric=Metric.PROMISED_UPDATE,
        priority=change.ticket.priority,
        # Rounded up: the minute that was promised has not passed before it is due.
        seconds=ceil((at - change.now).total_seconds()),
        thresholds=[WARN_AT],
        round_the_clock=True,
    )
    before = change.clocks.get(Metric.PROMISED_UPDATE)
    change.start(target, version, before.cycle + 1 if before else 1)


def _customer_wrote(change: Change) -> None:
    """A second word from the customer owes a next reply; before the first reply that one is still owed."""
    first = change.clocks.get(Metric.FIRST_RESPONSE)
    if first is None or first.is_stopped:
        _next_cycle(change, Metric.NEXT_RESPONSE)


def _next_cycle(change: Change, metric: str) -> None:
    """Start the recurring promise anew, unless it runs already or the ticket has no such promise."""
    before = change.clocks.get(metric)
    if before is not None and not before.is_stopped:
        return
    version = before.policy_version if before else change.version()
    target = change.targets(version).get(metric) if version else None
    if version is not None and target is not None:
        _start_still(change, target, version, before.cycle + 1 if before else 1)


def _start_still(change: Change, target: Target, version: PolicyVersion, cycle: int = 1) -> None:
    """On a ticket that stands still it begins paused, where its policy says so; the customer's own word ends a wait."""
    clock = change.start(target, version, cycle)
    ends = change.event.kind == EventKind.CUSTOMER_WROTE and change.ticket.status == Status.WAITING
    if not ends:
        _stand_still(change, clock)


def _status(change: Change) -> None:
    _take_back(change)
    before, after = change.event.data["before"], change.event.data["after"]
    reason = change.event.data.get("reason", "")
    resolution = change.clocks.get(Metric.RESOLUTION)
    if before in DONE_STATUSES and after not in DONE_STATUSES:
        if resolution is not None:
            clocks.reopen(resolution, now=change.now, by=change.actor, reason=reason)
        holding.hold(change, holding.version_held(change))
    if after in DONE_STATUSES:
        _done(change)
    elif after in WAITS:
        for clock in change.by_policy.values():
            _stand_still(change, clock, reason=reason, again=before in WAITS)
    elif before in WAITS:
        for clock in change.clocks.values():
            clocks.resume(clock, now=change.now, by=change.actor, reason=reason)


def _stand_still(change: Change, clock: Clock, *, reason: str = "", again: bool = False) -> None:
    clocks.hold_as_the_ticket(clock, change.ticket, now=change.now, by=change.actor, reason=reason, again=again)


def _take_back(change: Change) -> None:
    """What a mistaken step did is undone first; then a clock that has moved since follows like after any step."""
    at = _moment(change.event.data.get("takes_back"))
    if at is None:
        return
    mistake = (_phase(change.event.data["after"]), _phase(change.event.data["before"]))
    for clock in change.clocks.values():
        clocks.take_back(clock, at=at, kinds=_MOVES.get(mistake, ()), now=change.now, by=change.actor)


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def _phase(status: str) -> str:
    """Of a ticket, as its clocks know it."""
    return "done" if status in DONE_STATUSES else "waiting" if status in WAITS else "active"


# What a step from one phase to another does to clocks.
_MOVES = {
    ("active", "waiting"): {EntryKind.PAUSED},
    ("waiting", "active"): {EntryKind.RESUMED},
    ("waiting", "waiting"): {EntryKind.PAUSED, EntryKind.RESUMED},
    ("active", "done"): {EntryKind.MET, EntryKind.CANCELLED},
    ("waiting", "done"): {EntryKind.MET, EntryKind.CANCELLED},
    ("done", "active"): {EntryKind.REOPENED},
}


def _done(change: Change) -> None:
    for metric, clock in change.clocks.items():
        if metric == Metric.RESOLUTION or clock.is_internal:
            clocks.meet(clock, now=change.now, by=change.actor)
        elif not clock.is_stopped:
            clocks.cancel(clock, now=change.now, by=change.actor, reason=gettext_noop("solved"))


def _priority(change: Change) -> None:
    """The targets of the new priority, from now on; time used and pauses stay."""
    version = change.version()
    targets = change.targets(version) if version else {}
    all_targets = targets | (change.team_targets(version) if version else {})
    reason = gettext_noop("the priority changed")
    for metric, clock in change.by_policy.items():
        target = all_targets.get(metric)
        if version is None or target is None:
            clocks.cancel(clock, now=change.now, by=change.actor, reason=reason)
        else:
            clocks.retarget(clock, target, version, now=change.now, by=change.actor, reason=reason)
            _stand_still(change, clock, reason=reason)
    if version is None or change.ticket.is_done:
        return
    for metric in targets.keys() - change.clocks.keys() - {Metric.NEXT_RESPONSE}:
        if metric != Metric.FIRST_RESPONSE or change.ticket.last_agent_reply_at is None:
            _start_still(change, targets[metric], version)
    holding.hold(change, version)


def _assigned(change: Change) -> None:
    """Running promises follow the ticket to its new team; the old one's own time stops, the new one's runs."""
    for clock in change.clocks.values():
        if not clock.is_internal and not clock.is_stopped and clock.responsible_team_id != change.ticket.team_id:
            clocks.breach_if_due(clock, change.now)
            clock.responsible_team_id = change.ticket.team_id
            clock.save(update_fields=["responsible_team"])
    holding.hold(change, holding.version_held(change))


def _merged(change: Change) -> None:
    _MERGING[change.event.data["side"]](change)


def _went_away(change: Change) -> None:
    """The ticket is out of the way: its promises are neither kept nor broken by that."""
    for clock in change.clocks.values():
        clocks.set_aside(clock, now=change.now, by=change.actor, reason=change.event.label)


def _came_back(change: Change) -> None:
    for clock in change.clocks.values():
        clocks.take_up(clock, by=change.actor, reason=change.event.label)


def _took_in(change: Change) -> None:
    """An answer that was owed on the other ticket is owed here."""
    if change.event.data.get("owed"):
        _customer_wrote(change)


def _gave_back(change: Change) -> None:
    """With the words goes the answer that was owed to them, if it was owed to nobody else."""
    owed = change.clocks.get(Metric.NEXT_RESPONSE)
    if owed is not None and not change.ticket.owes_answer:
        clocks.cancel(owed, now=change.now, by=change.actor, reason=change.event.label)


_MERGING: dict[str, Callable[[Change], None]] = {
    MergeSide.AWAY: _went_away,
    MergeSide.BACK: _came_back,
    MergeSide.IN: _took_in,
    MergeSide.OUT: _gave_back,
}
EFFECTS: dict[str, Callable[[Change], None]] = {
    EventKind.OPENED: _opened,
    EventKind.REPLIED: _replied,
    EventKind.CUSTOMER_WROTE: _customer_wrote,
    EventKind.STATUS: _status,
    EventKind.PRIORITY: _priority,
    EventKind.ASSIGNED: _assigned,
    EventKind.MERGED: _merged,
    EventKind.TRASHED: _went_away,
    EventKind.RESTORED: _came_back,
}


def is_owed(metric: str, ticket: Ticket) -> bool:
    """Whether a promise is still to be kept on a ticket whose conversation has gone on without clocks."""
    replied, wrote = ticket.last_agent_reply_at, ticket.last_customer_message_at
    if metric == Metric.FIRST_RESPONSE:
        return replied is None
    if metric == Metric.NEXT_RESPONSE:
        return replied is not None and wrote is not None and wrote > replied
    return True


def next_due(change: Change) -> datetime | None:
    """After the last change: what is in hand of a new ticket is not read back. A team's own time is no promise."""
    begun = at_hand.kept(change.ticket, "clocks") if change.event.kind == EventKind.OPENED else None
    return earliest_due(change.ticket) if begun is None else _earliest(cast(Sequence[Clock], begun))


def _earliest(begun: Iterable[Clock]) -> datetime | None:
    return min((clock.due_at for clock in begun if clock.due_at and not clock.is_internal), default=None)


def earliest_due(ticket: Ticket) -> datetime | None:
    """The next due is the earliest of the ticking clocks, those past due included."""
    live = ticket.clocks.ticking().filter(state__in=[ClockState.RUNNING, ClockState.BREACHED])
    return live.order_by("due_at").values_list("due_at", flat=True).first()
