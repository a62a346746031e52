"""Policies and their versions: drafted, published, gone back to. What is published is never edited (DESIGN §3.9)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calendars.models import Calendar
from common.errors import InvalidInput, NotAllowedNow
from common.text import one_line
from people.models import User
from sla.enums import AppliesTo
from sla.models import Policy, PolicyVersion, default_pauses, default_severities
from sla.moving import move_open_tickets
from sla.obligations import check_obligations
from sla.policies import Terms, check_applies_to, check_targets, check_terms, terms_of, write_terms
from sla.team_targets import check_team_targets
from tickets.conditions import renamed


class _Unchanged:
    """Stands for “leave it as it is” where None means something."""


UNCHANGED = _Unchanged()


@transaction.atomic
def create_policy(
    *,
    name: str,
    targets: Sequence[Any],
    now: datetime,
    by: User | None = None,
    calendar: Calendar | None = None,
    conditions: dict[str, Any] | None = None,
    severities: dict[str, int] | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    obligations: Sequence[Any] = (),
    team_targets: Sequence[Any] = (),
    pauses: dict[str, list[str]] | None = None,
    order: int = 100,
) -> Policy:
    """A new policy in its first version, published at once. Raises InvalidInput with nothing stored."""
    name = _free_name(name)
    terms = Terms(
        tuple(check_targets(targets)),
        conditions or {},
        severities or default_severities(),
        calendar,
        valid_from,
        valid_until,
        check_obligations(obligations),
        check_team_targets(team_targets),
        default_pauses() if pauses is None else pauses,
    )
    policy = Policy.objects.create(name=name, order=order, created_at=now)
    _publish_new(policy, terms, now=now, by=by)
    return policy


@transaction.atomic
def draft_policy(*, name: str, terms: Terms, now: datetime, by: User | None, order: int = 100) -> PolicyVersion:
    """A new policy that is only a draft as yet."""
    policy = Policy.objects.create(name=_free_name(name), order=order, created_at=now)
    return save_draft(policy=policy, terms=terms, now=now, by=by)


@transaction.atomic
def change_policy(
    *,
    policy: Policy,
    now: datetime,
    by: User | None = None,
    applies_to: str = AppliesTo.NEW,
    name: str | None = None,
    targets: Sequence[Any] | None = None,
    calendar: Calendar | _Unchanged | None = UNCHANGED,
    **changes: Any,
) -> PolicyVersion:
    """A new version, published at once; what is not given stays.

    `changes`: the other fields of `Terms`. `applies_to` says whether open tickets move too ("new_and_open").
    """
    check_applies_to(applies_to)
    policy = _lock(policy)
    if name is not None:
        rename(policy, name)
    given: dict[str, Any] = dict(changes)
    if targets is not None:
        given["targets"] = tuple(check_targets(targets))
    if not isinstance(calendar, _Unchanged):
        given["calendar"] = calendar
    if "obligations" in given:
        given["obligations"] = check_obligations(given["obligations"])
    if "team_targets" in given:
        given["team_targets"] = check_team_targets(given["team_targets"])
    terms = replace(terms_of(_in_force(policy)), **given)
    return _publish_new(policy, terms, now=now, by=by, applies_to=applies_to)


@transaction.atomic
def save_draft(
    *,
    policy: Policy,
    terms: Terms,
    now: datetime,
    by: User | None,
    seen: datetime | _Unchanged | None = UNCHANGED,
) -> PolicyVersion:
    """Keep the terms as the policy's draft, in place of the one it has.

    `seen`: the draft's `created_at` as its editor saw it, None for no draft; NotAllowedNow when it is not so now.
    """
    terms = check_terms(terms)
    policy = _lock(policy)
    draft = draft_of(policy)
    if not isinstance(seen, _Unchanged) and (draft.created_at if draft else None) != seen:
        raise NotAllowedNow(_("Somebody else has changed this draft meanwhile. Nothing of theirs was overwritten."))
    if draft is None:
        draft = PolicyVersion(policy=policy, number=_next_number(policy))
    _fill(draft, terms, now=now, by=by)
    draft.save()
    write_terms(draft, terms)
    return draft


@transaction.atomic
def discard_draft(*, policy: Policy) -> None:
    """Away with the draft; a policy that was never published goes with it."""
    policy = _lock(policy)
    policy.versions.filter(published_at=None).delete()
    if not policy.versions.exists():
        policy.delete()


@transaction.atomic
def publish_draft(
    *, policy: Policy, applies_to: str, now: datetime, by: User | None, seen: datetime | None = None
) -> PolicyVersion:
    """The draft is in force from now on. NotAllowedNow when there is none, or not the one that was `seen`."""
    check_applies_to(applies_to)
    policy = _lock(policy)
    draft = draft_of(policy)
    if draft is None:
        raise NotAllowedNow(_("There is no draft to publish."))
    if seen is not None and draft.created_at != seen:
        raise NotAllowedNow(_("Somebody else has changed this draft meanwhile: look at it again before you publish."))
    check_terms(terms_of(draft))
    return _put_in_force(draft, now=now, by=by, applies_to=applies_to)


@transaction.atomic
def return_to(
    *, policy: Policy, number: int, now: datetime, by: User | None, applies_to: str = AppliesTo.NEW
) -> PolicyVersion:
    """What an earlier version promised is promised again, to new tickets or to open ones too, by a new version."""
    check_applies_to(applies_to)
    policy = _lock(policy)
    earlier = policy.versions.published().filter(number=number).first()
    if earlier is None:
        raise InvalidInput.of("number", _("There is no such version."))
    return _publish_new(policy, terms_of(earlier), now=now, by=by, applies_to=applies_to)


@transaction.atomic
def rename_organisation(
    *, policy: Policy, before: str, after: str, now: datetime, by: User | None
) -> PolicyVersion | None:
    """A policy that names the one that was merged names the one that it went into, in its draft as well.

    The new version that says so, if one was in force. What else the policy says is not looked at.
    """
    policy = _lock(policy)
    draft = draft_of(policy)
    if draft is not None and renamed(draft.conditions, before, after) != draft.conditions:
        draft.conditions = renamed(draft.conditions, before, after)
        draft.save(update_fields=["conditions"])
    newest = policy.versions.in_force().select_related("calendar").first()
    if newest is None or renamed(newest.conditions, before, after) == newest.conditions:
        return None
    terms = replace(terms_of(newest), conditions=renamed(newest.conditions, before, after))
    return _publish_checked(policy, terms, now=now, by=by)


def put_in_order(policies: Sequence[Policy]) -> None:
    """The first is asked first."""
    for number, policy in enumerate(policies, start=1):
        policy.order = number * 10
    Policy.objects.bulk_update(policies, ["order"])


def rename(policy: Policy, name: str) -> None:
    policy.name = _free_name(name, but=policy)
    policy.save(update_fields=["name"])


def draft_of(policy: Policy) -> PolicyVersion | None:
    return policy.versions.filter(published_at=None).select_related("calendar").first()


def _lock(policy: Policy) -> Policy:
    return Policy.objects.select_for_update().get(pk=policy.pk)


def _in_force(policy: Policy) -> PolicyVersion:
    """The newest published version; of a policy that is only a draft, the draft."""
    versions = policy.versions.select_related("calendar").order_by("-number")
    return versions.published().first() or versions[0]


def _publish_new(
    policy: Policy, terms: Terms, *, now: datetime, by: User | None, applies_to: str = AppliesTo.NEW
) -> PolicyVersion:
    """A draft that waits is about the next version, whichever that is: its number makes room."""
    return _publish_checked(policy, check_terms(terms), now=now, by=by, applies_to=applies_to)


def _publish_checked(
    policy: Policy, terms: Terms, *, now: datetime, by: User | None, applies_to: str = AppliesTo.NEW
) -> PolicyVersion:
    number = _next_number(policy)
    policy.versions.filter(published_at=None).update(number=number + 1)
    version = PolicyVersion(policy=policy, number=number)
    _fill(version, terms, now=now, by=by)
    version.published_at = now
    version.save()
    write_terms(version, terms)
    return _put_in_force(version, now=now, by=by, applies_to=applies_to)


def _put_in_force(version: PolicyVersion, *, now: datetime, by: User | None, applies_to: str) -> PolicyVersion:
    version.published_at = now
    version.created_by = by
    version.applied_to = applies_to
    version.save(update_fields=["published_at", "created_by", "applied_to"])
    if applies_to == AppliesTo.NEW_AND_OPEN:
        move_open_tickets(version, now=now, by=by)
    return version


def _fill(version: PolicyVersion, terms: Terms, *, now: datetime, by: User | None) -> None:
    version.conditions = terms.conditions
    version.severities = terms.severities
    version.calendar = terms.calendar
    version.obligations = [one.as_json() for one in terms.obligations]
    version.pauses = terms.pauses
    version.valid_from = terms.valid_from
    version.valid_until = terms.valid_until
    version.created_at = now
    version.created_by = by


def _next_number(policy: Policy) -> int:
    newest = policy.versions.published().order_by("-number").values_list("number", flat=True).first()
    return (newest or 0) + 1


def _free_name(name: str, *, but: Policy | None = None) -> str:
    name = one_line(name, field="name", limit=80)
    if Policy.objects.filter(name=name).exclude(pk=but.pk if but else 0).exists():
        raise InvalidInput.of("name", _("There is a policy of this name already."))
    return name
