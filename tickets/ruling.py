"""The front doors' way to the routing rules: administrators only, then the action."""

from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import NotFound, Refused
from people.enums import Role
from people.models import User
from tickets.models import RoutingRule
from tickets.routing import editing
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
    return editing.change_rule(pk=access_rule(user, pk).pk, seen=seen, terms=terms, by=user, now=now)


def return_to(*, user: User, pk: int, number: int, now: datetime) -> RoutingRule:
    return editing.return_to(pk=access_rule(user, pk).pk, number=number, by=user, now=now)


def switch_rule(*, user: User, pk: int, is_enabled: bool) -> RoutingRule:
    return editing.switch_rule(pk=access_rule(user, pk).pk, is_enabled=is_enabled, by=user)


def move_rule(*, user: User, pk: int, up: bool = False, above: int | None = None) -> RoutingRule:
    return editing.move_rule(pk=access_rule(user, pk).pk, up=up, above=above, by=user)


def remove_rule(*, user: User, pk: int) -> str:
    return editing.remove_rule(pk=access_rule(user, pk).pk, by=user)


def _may(user: User) -> bool:
    return user.is_active and user.role == Role.ADMIN


def _check(user: User) -> None:
    if not _may(user):
        raise Refused(_("Only an administrator may change how tickets are routed."))
