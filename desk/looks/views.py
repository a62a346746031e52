"""The inbox's own views: which tickets each shows, how it is called, and what it means when it is empty."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.models import Team, User
from tickets.enums import Priority, Status
from tickets.models import Mention
from tickets.queue import SOON


class View(NamedTuple):
    """`empty`: good news is told as such."""

    words: Promise
    empty: Promise
    narrow: Callable[[User, datetime], Q]


def teams_of(user: User) -> list[int]:
    """The teams a person works in, leads or manages."""
    belongs = Q(members=user) | Q(lead=user) | Q(managers=user)
    return list(Team.objects.filter(belongs).distinct().values_list("pk", flat=True))


def need_me(user: User, team_ids: list[int]) -> Q:
    """Tickets that wait for a person or his teams; for somebody without a team, all."""
    return Q(assignee=user) | Q(team__in=team_ids) if team_ids else Q()


def mentioning(user: User) -> Q:
    """Tickets with a note that names the person and that he has not read."""
    return Q(pk__in=Mention.objects.filter(user=user, read_at=None).values("message__ticket"))


def awake(now: datetime) -> Q:
    """What sleeps until a later moment is not in the way."""
    return Q(snoozed_until=None) | Q(snoozed_until__lte=now)


VIEWS = {
    "": View(_("Inbox"), _("Nothing is open"), lambda user, now: awake(now)),
    "do-next": View(
        _("Do next"),
        _("Nothing waits for you or your teams"),
        lambda user, now: need_me(user, teams_of(user)) & awake(now),
    ),
    "past-due": View(_("Past due"), _("Nothing is past due"), lambda user, now: Q(next_due_at__lte=now)),
    "due-hour": View(
        _("Due within the hour"),
        _("Nothing is due within the hour"),
        lambda user, now: Q(next_due_at__gt=now, next_due_at__lte=now + SOON),
    ),
    "urgent-unowned": View(
        _("Urgent and unowned"),
        _("Nobody urgent is without an owner"),
        lambda user, now: Q(assignee=None, priority=Priority.URGENT),
    ),
    "mentions": View(_("Mentions me"), _("Nobody has asked for you"), lambda user, now: mentioning(user)),
    "snoozed": View(_("Snoozed"), _("Nothing sleeps"), lambda user, now: Q(snoozed_until__gt=now)),
    "waiting": View(_("Waiting on customer"), _("Nobody keeps us waiting"), lambda user, now: Q(status=Status.WAITING)),
}
