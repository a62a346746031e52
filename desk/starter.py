"""The first day of an empty desk: its administrator, and enough around him that the crucial promise holds.

A ticket then has a team, a clock, a ladder and a procedure from the first minute; all of it can be changed later.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calendars.actions import create_calendar
from calendars.models import Calendar
from common import heartbeat, identity
from common.errors import InvalidInput
from desk.bundle import packs
from desk.bundle.bringing import bring_in
from escalation.defaults import (
    install_cadences,
    install_criteria,
    install_ladder,
    install_plan_templates,
    install_procedures,
    install_templates,
)
from people.actions import create_first_admin
from people.models import Team, User
from sla.enums import Metric
from sla.models import Policy
from sla.publishing import create_policy
from tickets.enums import Priority

MINUTE = 60
HOUR = 60 * MINUTE
WORKING_DAY = 8 * HOUR
WEEK = [{"weekday": day, "start": "09:00", "end": "17:00"} for day in range(5)]
THRESHOLDS = [75]

Promises = dict[Priority, tuple[int, int, int]]
# First reply, next reply and resolution in seconds. Round the clock for what cannot wait, else in working hours.
URGENT: Promises = {Priority.URGENT: (30 * MINUTE, HOUR, 4 * HOUR)}
ORDINARY: Promises = {
    Priority.HIGH: (2 * HOUR, 4 * HOUR, WORKING_DAY),
    Priority.NORMAL: (6 * HOUR, 6 * HOUR, 3 * WORKING_DAY),
    Priority.LOW: (WORKING_DAY, WORKING_DAY, 5 * WORKING_DAY),
}
METRICS = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION)


@transaction.atomic
def found(
    *, email: str, name: str, password: str, now: datetime, pack: str = "", desk: str = "", time_zone: str = ""
) -> User:
    """The first administrator with a desk around him; NotAllowedNow as soon as there is one.

    `pack`: the name of a bundle to begin with; what it leaves out is made as without it. `desk`, `time_zone`: what it
    is called and where it is; its working hours are made in that zone. InvalidInput on `time_zone`.
    """
    # Two who press at once queue up at this row until the first has committed; the second then finds an administrator.
    heartbeat.beat("setup", now=now)
    admin = create_first_admin(email=email, name=name, password=password)
    if desk or time_zone:
        identity.change(by=admin, name=desk, time_zone=time_zone)
        admin.time_zone = time_zone or admin.time_zone
        admin.save(update_fields=["time_zone"])
    if pack:
        _install_pack(pack, admin, now)
    install(now, by=admin)
    return admin


@transaction.atomic
def install(now: datetime, *, by: User | None = None) -> None:
    """What is missing of: a team that takes everything, working hours, promises, a ladder, procedures, plans."""
    install_ladder()
    install_procedures()
    install_plan_templates()
    install_cadences()
    install_templates()
    install_criteria()
    if Team.objects.filter(is_fallback=True).first() is None:
        _install_team(by)
    if not Policy.objects.exists():
        _install_promises(now, by)


def _install_pack(name: str, admin: User, now: datetime) -> None:
    report = bring_in(packs.pack(name), by=admin, now=now)
    if report.errors:
        # A bundle of our own: `tests/desk/test_bundle.py` brings each of them in.
        raise InvalidInput.of("pack", report.errors[0])
    for team in Team.objects.filter(is_fallback=True, lead=None):
        team.lead = admin
        team.save(update_fields=["lead"])
        team.managers.add(admin)
        team.members.add(admin)


def _install_team(lead: User | None) -> None:
    team = Team.objects.create(
        name=_("Support"),
        slug="support",
        icon="lifebuoy",
        lead=lead,
        is_fallback=True,
        scope=_("Whatever no rule places."),
    )
    if lead is not None:
        team.managers.add(lead)
        team.members.add(lead)


def _install_promises(now: datetime, by: User | None) -> None:
    hours = _install_calendar(now, by)
    create_policy(
        name=_("Urgent, round the clock"),
        conditions={"priority": [Priority.URGENT]},
        targets=_targets(URGENT),
        order=10,
        now=now,
        by=by,
    )
    create_policy(
        name=_("Standard, in working hours"), calendar=hours, targets=_targets(ORDINARY), order=100, now=now, by=by
    )


def _install_calendar(now: datetime, by: User | None) -> Calendar:
    name = _("Working hours")
    found = Calendar.objects.filter(name=name).first()
    zone = by.time_zone if by else "UTC"
    return found or create_calendar(name=name, time_zone=zone, periods=WEEK, holidays=[], now=now, by=by)


def _targets(promises: Promises) -> list[dict[str, Any]]:
    return [
        {"metric": metric, "priority": priority, "seconds": seconds, "thresholds": THRESHOLDS}
        for priority, lengths in promises.items()
        for metric, seconds in zip(METRICS, lengths, strict=True)
    ]
