"""The front doors' way to the routing rules: administrators only, then the action."""

from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import ChangedMeanwhile, NotAllowedNow, NotFound, Refused
from people.enums import Role
from people.models import User
from tickets.models import RoutingDryRun, RoutingRule
from tickets.routing import dry_runs, editing
from tickets.routing.differing import changed_since
from tickets.routing.editing import Terms


def access_rule(user: User, pk: int) -> RoutingRule:
    """To everybody but administrators it is not there."""
    found = RoutingRule.objects.filter(pk=pk).first() if _may(user) else None
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found


def add_rule(*, user: User, terms: Terms, now: datetime, is_catch_all: bool = False) -> RoutingRule:
    _check(user)
    return editing.add_rule(terms=terms, by=user, now=now, is_catch_all=is_catch_all)


def change_rule(*, user: User, pk: int, seen: int, terms: Terms, now: datetime) -> RoutingRule:
    """ChangedMeanwhile, with the difference, where the rule is not in the version `seen` any more."""
    rule = access_rule(user, pk)
    try:
        return editing.change_rule(pk=rule.pk, seen=seen, terms=terms, by=user, now=now)
    except NotAllowedNow as error:
        raise ChangedMeanwhile(str(error), changed_since(access_rule(user, pk), seen)[1]) from None


def return_to(*, user: User, pk: int, number: int, now: datetime) -> RoutingRule:
    return editing.return_to(pk=access_rule(user, pk).pk, number=number, by=user, now=now)


def switch_rule(*, user: User, pk: int, is_enabled: bool) -> RoutingRule:
    return editing.switch_rule(pk=access_rule(user, pk).pk, is_enabled=is_enabled, by=user)


def move_rule(*, user: User, pk: int, up: bool = False, above: int | None = None) -> RoutingRule:
    return editing.move_rule(pk=access_rule(user, pk).pk, up=up, above=above, by=user)


def remove_rule(*, user: User, pk: int) -> str:
    return editing.remove_rule(pk=access_rule(user, pk).pk, by=user)


def check_admin(user: User) -> None:
    """NotFound: to everybody but administrators there are no rules."""
    if not _may(user):
        raise NotFound(_("There is nothing here for you."))


def ask_dry_run(
    *, user: User, days: int, now: datetime, draft: Terms | None = None, instead_of: int | None = None
) -> RoutingDryRun:
    """On the tickets of the last days, by a worker; NotAllowedNow where several wait already."""
    _check(user)
    return dry_runs.ask(days=days, draft=draft, instead_of=instead_of, by=user, now=now)


def access_dry_run(user: User, pk: int) -> RoutingDryRun:
    """Any administrator's."""
    check_admin(user)
    found = RoutingDryRun.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found


def _may(user: User) -> bool:
    return user.is_active and user.role == Role.ADMIN


def _check(user: User) -> None:
    if not _may(user):
        raise Refused(_("Only an administrator may change how tickets are routed."))
