"""Saved reports: who sees which, and how one is made, changed, planned by mail and deleted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotFound, Refused
from common.text import one_line
from people import permissions as people
from people.enums import MANAGING_ROLES
from people.models import Team, User
from people.zones import zone_of
from reports.asking import access_report, reports_for
from reports.enums import Every
from reports.models import SavedReport
from reports.occurring import LAST_DAY, next_after
from reports.register import REPORTS

NAME_LIMIT = 60
MOST_SAVED = 50
MOST_RECIPIENTS = 50
LAST_HOUR = 23
LAST_WEEKDAY = 6


@dataclass(frozen=True, slots=True)
class Plan:
    """When it goes by mail, and to whom; at no time unless something is said."""

    every: Every = Every.NEVER
    day: int = 0
    hour: int = 8
    recipients: Iterable[User] = ()


def visible_reports(user: User) -> "QuerySet[SavedReport]":
    """One's own, those of one's teams, and those for everybody; none of a report that is not for this person."""
    if not (user.is_active and user.is_agent):
        return SavedReport.objects.none()
    teams = Team.objects.filter(Q(members=user) | Q(lead=user) | Q(managers=user)).order_by().values("pk")
    mine = Q(owner=user) | Q(is_shared=True) | Q(team__in=teams)
    closed = REPORTS.keys() - {source.key for source in reports_for(user)}
    return SavedReport.objects.filter(mine).exclude(report__in=closed).select_related("team", "owner")


def access_saved(user: User, pk: int, *, to_change: bool = False) -> SavedReport:
    """The saved report, or NotFound where it is not for this person; Refused where it is not his to change."""
    found = visible_reports(user).filter(pk=pk).first()
    if found is None:
        raise NotFound
    if to_change and not may_change(user, found):
        raise Refused(_("This report is %(name)s’s to change.") % {"name": found.owner.name})
    return found


def may_change(user: User, saved: SavedReport) -> bool:
    return saved.owner_id == user.pk or user.is_admin


def colleagues() -> "QuerySet[User]":
    """Who can be sent a report: whoever may see one."""
    return User.objects.active().filter(role__in=MANAGING_ROLES).order_by("name", "pk")


@transaction.atomic
def save_report(
    *,
    user: User,
    name: str,
    report: str,
    query: Mapping[str, str],
    plan: Plan,
    now: datetime,
    team: Team | None = None,
    for_all: bool = False,
    saved: SavedReport | None = None,
) -> SavedReport:
    """A new one, or another shape of one; `query` has been read by `reports.asking`. Raises InvalidInput, Refused."""
    people.check_manager(user)
    access_report(user, report)
    if saved is None and SavedReport.objects.filter(owner=user).count() >= MOST_SAVED:
        raise InvalidInput.of("name", _("You have %(most)d reports. Delete one first.") % {"most": MOST_SAVED})
    row = SavedReport(owner=user) if saved is None else access_saved(user, saved.pk, to_change=True)
    recipients = _checked(plan)
    row.name = one_line(name, field="name", limit=NAME_LIMIT)
    row.report, row.query = report, dict(query)
    row.team, row.is_shared = team, for_all
    row.every, row.day, row.hour = plan.every, plan.day, plan.hour
    row.next_moment = row.next_try_at = next_of(row, now)
    row.save()
    row.recipients.set(recipients)
    return row


def next_of(saved: SavedReport, now: datetime) -> datetime | None:
    """By the owner's clock; None where it is not sent."""
    every = Every(saved.every)
    if every is Every.NEVER:
        return None
    return next_after(now, every=every, day=saved.day, hour=saved.hour, zone=zone_of(saved.owner.time_zone))


def delete_saved(*, user: User, pk: int) -> None:
    access_saved(user, pk, to_change=True).delete()


def _checked(plan: Plan) -> list[User]:
    """The recipients of a plan that can be kept."""
    if plan.every is Every.NEVER:
        return []
    first, last = (1, LAST_DAY) if plan.every is Every.MONTH else (0, LAST_WEEKDAY)
    if not first <= plan.day <= last and plan.every is not Every.DAY:
        raise InvalidInput.of("day", _("There is no such day."))
    if not 0 <= plan.hour <= LAST_HOUR:
        raise InvalidInput.of("hour", _("There is no such hour."))
    known = set(colleagues().values_list("pk", flat=True))
    recipients = [person for person in plan.recipients if person.pk in known]
    if not recipients:
        raise InvalidInput.of("recipients", _("Choose who is to have it."))
    if len(recipients) > MOST_RECIPIENTS:
        raise InvalidInput.of("recipients", _("At most %(most)d people can have it.") % {"most": MOST_RECIPIENTS})
    return recipients
