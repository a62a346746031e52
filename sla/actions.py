"""Policies and clocks: what is done to them. A ticket's clocks move under that ticket's lock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calendars.models import Calendar
from common.errors import InvalidInput
from common.text import one_line
from people.models import User
from sla import clocks, sync
from sla.matching import targets_for, version_for
from sla.models import Policy, PolicyVersion, Target, default_severities
from sla.policies import TargetSpec, check_severities, check_targets
from tickets.actions import lock_ticket, set_attention
from tickets.conditions import check as check_conditions
from tickets.enums import Status
from tickets.models import Event, Ticket


class _Unchanged:
    """Stands for “leave it as it is” where None means something."""


UNCHANGED = _Unchanged()


def sync_clocks(*, ticket: Ticket, events: Sequence[Event], now: datetime) -> None:
    """Let the ticket's clocks follow what has just happened to it; the caller holds its lock."""
    relevant = [event for event in events if event.kind in sync.EFFECTS]
    for event in relevant:
        change = sync.Change(ticket, event, sync.latest_clocks(ticket), now)
        sync.EFFECTS[event.kind](change)
    if relevant:
        set_attention(ticket=ticket, next_due_at=sync.earliest_due(ticket))


@transaction.atomic
def start_promises(*, ticket: Ticket, now: datetime) -> None:
    """Promise from now on what the policy says, for an open ticket that came with its past and without a clock.

    The first reply only where nobody has replied yet, the next reply where the customer had the last word;
    all of it paused where the ticket waits on the customer.
    """
    ticket = lock_ticket(ticket.number)
    version = version_for(ticket)
    if version is None or ticket.is_done or ticket.clocks.exists():
        return
    for metric, target in targets_for(version, ticket.priority).items():
        if sync.is_owed(metric, ticket):
            clock = clocks.start(ticket, target, version, now=now)
            if ticket.status == Status.WAITING:
                clocks.pause(clock, now=now, by=None, reason=_("waiting on the customer"))
    set_attention(ticket=ticket, next_due_at=sync.earliest_due(ticket))


@transaction.atomic
def create_policy(
    *,
    name: str,
    targets: Sequence[Any],
    now: datetime,
    by: User | None = None,
    calendar: Calendar | None = None,
    conditions: dict[str, list[str]] | None = None,
    severities: dict[str, int] | None = None,
    order: int = 100,
) -> Policy:
    """A new policy in its first version. Raises InvalidInput with nothing stored."""
    name = one_line(name, field="name", limit=80)
    if Policy.objects.filter(name=name).exists():
        raise InvalidInput.of("name", _("There is a policy of this name already."))
    specs = check_targets(targets)
    policy = Policy.objects.create(name=name, order=order, created_at=now)
    version = PolicyVersion.objects.create(
        policy=policy,
        number=1,
        calendar=calendar,
        conditions=check_conditions(conditions or {}),
        severities=check_severities(severities or default_severities()),
        created_at=now,
        created_by=by,
    )
    _write_targets(version, specs)
    return policy


@transaction.atomic
def change_policy(
    *,
    policy: Policy,
    now: datetime,
    by: User | None = None,
    applies_to: str = "new",
    name: str | None = None,
    calendar: Calendar | _Unchanged | None = UNCHANGED,
    conditions: dict[str, list[str]] | None = None,
    targets: Sequence[Any] | None = None,
    severities: dict[str, int] | None = None,
) -> PolicyVersion:
    """A new version; what is not given stays. `applies_to` says whether open tickets move too ("new_and_open")."""
    if applies_to not in {"new", "new_and_open"}:
        raise InvalidInput.of("applies_to", _("A change applies to “new” or to “new_and_open” tickets."))
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    before = policy.versions.select_related("calendar").order_by("-number")[0]
    if name is not None:
        policy.name = one_line(name, field="name", limit=80)
        if Policy.objects.filter(name=policy.name).exclude(pk=policy.pk).exists():
            raise InvalidInput.of("name", _("There is a policy of this name already."))
        policy.save(update_fields=["name"])
    version = PolicyVersion.objects.create(
        policy=policy,
        number=before.number + 1,
        calendar=before.calendar if isinstance(calendar, _Unchanged) else calendar,
        conditions=before.conditions if conditions is None else check_conditions(conditions),
        severities=before.severities if severities is None else check_severities(severities),
        created_at=now,
        created_by=by,
    )
    _write_targets(version, _specs_of(before) if targets is None else check_targets(targets))
    if applies_to == "new_and_open":
        move_open_tickets(version, now=now, by=by)
    return version


def move_open_tickets(version: PolicyVersion, *, now: datetime, by: User | None) -> int:
    """Put the open tickets of a policy under its new version; how many were moved."""
    under_it = Ticket.objects.active().filter(clocks__policy_version__policy=version.policy).distinct()
    numbers = list(under_it.order_by("number").values_list("number", flat=True))
    for number in numbers:
        ticket = lock_ticket(number)
        targets = targets_for(version, ticket.priority)
        for metric, clock in sync.latest_clocks(ticket).items():
            if metric in targets:
                clocks.retarget(clock, targets[metric], version, now=now, by=by, reason=_("the policy changed"))
            else:
                clocks.cancel(clock, now=now, by=by, reason=_("the policy changed"))
        set_attention(ticket=ticket, next_due_at=sync.earliest_due(ticket))
    return len(numbers)


def _write_targets(version: PolicyVersion, specs: Sequence[TargetSpec]) -> None:
    Target.objects.bulk_create(
        [
            Target(
                version=version,
                metric=spec.metric,
                priority=spec.priority,
                seconds=spec.seconds,
                thresholds=list(spec.thresholds),
            )
            for spec in specs
        ]
    )


def _specs_of(version: PolicyVersion) -> list[TargetSpec]:
    return [
        TargetSpec(target.metric, target.priority, target.seconds, tuple(target.thresholds))
        for target in version.targets.all()
    ]
