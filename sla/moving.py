"""Open tickets under a new version of their policy: which due times move, and moving them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils.translation import gettext_noop

from calendars.worktime import WorkTime
from people.models import User
from sla import clocks, holding, obligations, sync
from sla.enums import ClockState, Metric, stops, team_key
from sla.hours import hours_of
from sla.matching import targets_for, team_targets_for
from sla.models import Clock, Policy, PolicyVersion
from sla.moments import due
from sla.policies import TargetSpec, Terms
from sla.querysets import ClockQuerySet
from sla.team_targets import TeamTargetSpec
from tickets.actions import lock_ticket, set_attention
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Move:
    """What publishing would do to one clock. `before` None: it is paused, and would run.

    `after` None: it would be paused, or (`ends`) the promise would not be made any more.
    """

    clock: Clock
    before: datetime | None
    after: datetime | None
    ends: bool = False

    def is_late(self, now: datetime) -> bool:
        return self.after is not None and self.after <= now and (self.before is None or now < self.before)


def moves(policy: Policy, terms: Terms, now: datetime) -> list[Move]:
    """The clocks of open tickets whose due time the terms would move, the next due first; nothing is written.

    One query, however many there are. What is broken is not judged again; what stays paused has no due time.
    """
    found = Clock.every.exclude(metric__in=[Metric.PROMISED_UPDATE, Metric.INTERNAL])
    return _moves(found, policy, {(spec.metric, spec.priority): spec for spec in terms.targets}, terms, now)


def team_moves(policy: Policy, terms: Terms, now: datetime) -> list[Move]:
    """The same for what the teams use of their own."""
    targets = {(team_key(spec.team.pk), spec.priority): spec for spec in terms.team_targets}
    return _moves(Clock.every.internal(), policy, targets, terms, now)


def _moves(
    clocks: ClockQuerySet,
    policy: Policy,
    targets: Mapping[tuple[str, str], TargetSpec | TeamTargetSpec],
    terms: Terms,
    now: datetime,
) -> list[Move]:
    stopped = Q(pk=None)
    for waits_for in terms.pauses:
        metrics = [metric for metric in Metric if stops(terms.pauses, waits_for, metric)]
        stopped |= Q(ticket__waits_for=waits_for, metric__in=metrics)
    live = Q(state=ClockState.RUNNING, due_at__gt=now) | (Q(state=ClockState.PAUSED) & ~stopped)
    found = clocks.filter(live, policy_version__policy=policy, ticket__trashed_at=None)
    rows = found.select_related("ticket", "calendar_version").order_by(F("due_at").asc(nulls_last=True), "pk")
    return list(_moved(rows.iterator(chunk_size=2000), targets, terms, now))


def _moved(
    found: Iterator[Clock],
    targets: Mapping[tuple[str, str], TargetSpec | TeamTargetSpec],
    terms: Terms,
    now: datetime,
) -> Iterator[Move]:
    calendar = terms.calendar.current if terms.calendar else None
    for clock in found:
        spec = targets.get((clock.key, clock.ticket.priority))
        if spec is None:
            yield Move(clock, clock.due_at, None, ends=True)
            continue
        still = clock.ticket.stands_still_for
        stays = stops(terms.pauses, still, clock.metric) or (clock.state == ClockState.PAUSED and not still)
        after = None if stays else _due(clock, spec, hours_of(None if spec.round_the_clock else calendar), now)
        if after != clock.due_at:
            yield Move(clock, clock.due_at, after)


def _due(clock: Clock, spec: TargetSpec | TeamTargetSpec, hours: WorkTime, now: datetime) -> datetime:
    used = clock.used + clock.hours.worked(clock.running_since or now, now)
    target = timedelta(seconds=spec.seconds)
    same = spec.seconds == clock.target_seconds and hours is clock.hours
    # What stays as it is does not move, not even by a microsecond of rounding.
    return clock.due_at if same and clock.due_at else due(hours, at=now, used=used, target=target)


def move_open_tickets(version: PolicyVersion, *, now: datetime, by: User | None) -> int:
    """Put the open tickets of a policy under its new version; how many were moved.

    A promise that the version makes anew is made from now on, where it is owed; one that it drops is cancelled.
    """
    under_it = Ticket.objects.active().filter(clocks__policy_version__policy=version.policy).distinct()
    numbers = list(under_it.order_by("number").values_list("number", flat=True))
    for number in numbers:
        _move(lock_ticket(number), version, now=now, by=by)
    return len(numbers)


def _move(ticket: Ticket, version: PolicyVersion, *, now: datetime, by: User | None) -> None:
    reason = gettext_noop("the policy changed")
    targets = targets_for(version, ticket.priority)
    latest = sync.latest_clocks(ticket)
    if ticket.is_done or not any(clock.policy_version.policy_id == version.policy_id for clock in latest.values()):
        return
    all_targets = targets | team_targets_for(version, ticket.priority)
    for metric, clock in latest.items():
        if metric == Metric.PROMISED_UPDATE:
            continue
        if metric in all_targets:
            clocks.retarget(clock, all_targets[metric], version, now=now, by=by, reason=reason)
            clocks.hold_as_the_ticket(clock, ticket, now=now, by=by, reason=reason)
        else:
            clocks.cancel(clock, now=now, by=by, reason=reason)
    for metric in targets.keys() - latest.keys():
        if sync.is_owed(metric, ticket):
            clock = clocks.start(ticket, targets[metric], version, now=now)
            clocks.hold_as_the_ticket(clock, ticket, now=now, by=by)
    holding.hold(sync.standing(ticket, now, by), version)
    obligations.catch_up(ticket, now=now)
    set_attention(ticket=ticket, next_due_at=sync.earliest_due(ticket))


def end_promises(policy: Policy, *, now: datetime, by: User | None) -> int:
    """Of a policy that is switched off for open tickets too: nothing falls due by it any more. How many tickets.

    What was missed already stays missed; it is only no longer owed.
    """
    running = Clock.every.ticking().filter(policy_version__policy=policy).exclude(metric=Metric.PROMISED_UPDATE)
    numbers = sorted(set(running.values_list("ticket_id", flat=True)))
    for number in numbers:
        ticket = lock_ticket(number)
        for clock in sync.latest_clocks(ticket).values():
            if clock.policy_version.policy_id == policy.pk and clock.metric != Metric.PROMISED_UPDATE:
                clocks.cancel(clock, now=now, by=by, reason=gettext_noop("the policy was switched off"))
        set_attention(ticket=ticket, next_due_at=sync.earliest_due(ticket))
    return len(numbers)
