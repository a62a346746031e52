"""Policies from the front doors: administrators only, and kept in the audit trail."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.errors import InvalidInput, Refused
from people.enums import Role
from people.models import User
from sla import moving, publishing, reach
from sla.enums import AppliesTo
from sla.models import Policy, PolicyVersion
from sla.policies import terms_of


def create_policy(*, user: User, **fields: Any) -> Policy:
    """See `publishing.create_policy`."""
    _check_admin(user)
    policy = publishing.create_policy(by=user, **fields)
    _tell(user, policy, None, policy.versions.all()[0])
    return policy


def change_policy(*, user: User, policy: Policy, **fields: Any) -> PolicyVersion:
    """See `publishing.change_policy`."""
    return _published(publishing.change_policy, user, policy, fields)


def draft_policy(*, user: User, **fields: Any) -> PolicyVersion:
    """See `publishing.draft_policy`. What never acts is not in the audit trail."""
    _check_admin(user)
    return publishing.draft_policy(by=user, **fields)


@transaction.atomic
def save_draft(*, user: User, policy: Policy, name: str | None = None, **fields: Any) -> PolicyVersion:
    """See `publishing.save_draft`. A name is the policy's own, and new at once."""
    _check_admin(user)
    if name is not None and name != policy.name:
        before = policy.name
        publishing.rename(policy, name)
        audit.record_change(
            by=user, subject=_subject(policy), before={"name": before}, after={"name": policy.name}, of=policy
        )
    return publishing.save_draft(policy=policy, by=user, **fields)


def discard_draft(*, user: User, policy: Policy) -> None:
    """See `publishing.discard_draft`."""
    _check_admin(user)
    publishing.discard_draft(policy=policy)


def publish_draft(*, user: User, policy: Policy, **fields: Any) -> PolicyVersion:
    """See `publishing.publish_draft`."""
    return _published(publishing.publish_draft, user, policy, fields)


def return_to(*, user: User, policy: Policy, **fields: Any) -> PolicyVersion:
    """See `publishing.return_to`."""
    return _published(publishing.return_to, user, policy, fields)


@transaction.atomic
def switch(*, user: User, policy: Policy, is_enabled: bool, now: datetime, applies_to: str = AppliesTo.NEW) -> int:
    """A policy that is off is asked by no new ticket. Of open tickets its promises are kept, or ended as was chosen.

    How many tickets had their promises ended.
    """
    _check_admin(user)
    if applies_to not in AppliesTo.values:
        raise InvalidInput.of("applies_to", _("A change applies to “new” or to “new_and_open” tickets."))
    before, policy.is_enabled = {"enabled": policy.is_enabled}, is_enabled
    policy.save(update_fields=["is_enabled"])
    ends = applies_to == AppliesTo.NEW_AND_OPEN and not is_enabled
    ended = moving.end_promises(policy, now=now, by=user) if ends else 0
    after = {"enabled": is_enabled} | ({"open tickets": ended} if ends else {})
    audit.record_change(by=user, subject=_subject(policy), before=before, after=after, of=policy)
    return ended


@transaction.atomic
def move(*, user: User, policy: Policy, up: bool, above: Policy | None = None) -> None:
    """One place nearer to the first that is asked, or further from it, at the end it stays; or right above another."""
    _check_admin(user)
    policies = reach.in_their_order(Policy.objects.select_for_update().order_by("pk").prefetch_related("versions"))
    at = policies.index(policy)
    to = max(0, at - 1) if up else min(len(policies) - 1, at + 1)
    if above is not None and above != policy:
        to = policies.index(above) - (at < policies.index(above))
    policies.insert(to, policies.pop(at))
    publishing.put_in_order(policies)
    if to != at:
        audit.record_change(
            by=user, subject=_subject(policy), before={"place": at + 1}, after={"place": to + 1}, of=policy
        )


@transaction.atomic
def rename_organisation(*, user: User, before: str, after: str, now: datetime) -> None:
    """See `publishing.rename_organisation`: of all policies."""
    _check_admin(user)
    for policy in Policy.objects.order_by("pk"):
        old = _in_force(policy)
        new = publishing.rename_organisation(policy=policy, before=before, after=after, now=now, by=user)
        if new is not None:
            _tell(user, policy, old, new)


@transaction.atomic
def _published(act: Callable[..., PolicyVersion], user: User, policy: Policy, fields: dict[str, Any]) -> PolicyVersion:
    """A new version and its line in the audit trail, or neither."""
    _check_admin(user)
    before = _in_force(policy)
    version = act(policy=policy, by=user, **fields)
    _tell(user, policy, before, version)
    return version


def _check_admin(user: User) -> None:
    if not user.is_active or user.role != Role.ADMIN:
        raise Refused(_("Only an administrator may change promises."))


def _in_force(policy: Policy) -> PolicyVersion | None:
    return policy.versions.in_force().first()


def _tell(user: User, policy: Policy, before: PolicyVersion | None, after: PolicyVersion) -> None:
    audit.record_change(
        by=user,
        subject=_subject(policy),
        before=_described(before) if before else {},
        after=_described(after),
        of=policy,
    )


def _subject(policy: Policy) -> str:
    return f"policy {policy.name}"


def _described(version: PolicyVersion) -> dict[str, Any]:
    terms = terms_of(version)
    return {
        "version": version.number,
        "calendar": terms.calendar.name if terms.calendar else None,
        "conditions": terms.conditions,
        "severities": terms.severities,
        "pauses": terms.pauses,
        "targets": [str(target) for target in version.targets.all()],
        "team_targets": [str(target) for target in version.team_targets.all()],
        "valid_from": terms.valid_from.isoformat() if terms.valid_from else None,
        "valid_until": terms.valid_until.isoformat() if terms.valid_until else None,
    }
