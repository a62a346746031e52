"""Saved reports as lines of a list."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from people.models import User
from reports.asking import reports_for
from reports.enums import Every
from reports.models import SavedReport
from reports.saved import may_change


@dataclass(frozen=True, slots=True)
class SavedRow:
    """`report` is what its tab is called; nothing where there is none of it any more, or none for this reader."""

    saved: SavedReport
    report: str
    audience: str
    sent: str
    may_change: bool


def saved_rows(user: User, rows: Iterable[SavedReport]) -> list[SavedRow]:
    titles = {source.key: source.title() for source in reports_for(user)}
    return [
        SavedRow(row, titles.get(row.report, ""), _audience(row), _sent(row), may_change(user, row)) for row in rows
    ]


def _audience(row: SavedReport) -> str:
    if row.is_shared:
        return _("Everybody at the desk")
    return row.team.name if row.team else _("Only %(name)s") % {"name": row.owner.name}


def _sent(row: SavedReport) -> str:
    told = {"hour": f"{row.hour:02d}:00", "day": row.day, "weekday": str(WEEKDAYS.get(row.day, ""))}
    if row.every == Every.WEEK:
        return _("%(weekday)s at %(hour)s") % told
    if row.every == Every.MONTH:
        return _("On day %(day)d of the month at %(hour)s") % told
    return _("Every day at %(hour)s") % told if row.every else ""
