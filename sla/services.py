"""Policies from the front doors: administrators only, and kept in the audit trail."""

from typing import Any

from django.utils.translation import gettext as _

from common import audit
from common.errors import Refused
from people.enums import Role
from people.models import User
from sla import actions
from sla.models import Policy, PolicyVersion


def create_policy(*, user: User, **fields: Any) -> Policy:
    """See `actions.create_policy`."""
    _check_admin(user)
    policy = actions.create_policy(by=user, **fields)
    audit.record_change(by=user, subject=f"policy {policy.name}", before={}, after=_described(policy.versions.all()[0]))
    return policy


def change_policy(*, user: User, policy: Policy, **fields: Any) -> PolicyVersion:
    """See `actions.change_policy`."""
    _check_admin(user)
    before = _described(policy.versions.order_by("-number")[0])
    version = actions.change_policy(policy=policy, by=user, **fields)
    audit.record_change(by=user, subject=f"policy {policy.name}", before=before, after=_described(version))
    return version


def _check_admin(user: User) -> None:
    if not user.is_active or user.role != Role.ADMIN:
        raise Refused(_("Only an administrator may change promises."))


def _described(version: PolicyVersion) -> dict[str, Any]:
    return {
        "version": version.number,
        "calendar": version.calendar.name if version.calendar else None,
        "conditions": version.conditions,
        "severities": version.severities,
        "targets": [str(target) for target in version.targets.all()],
    }
