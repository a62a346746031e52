"""Saved reports by mail: once to each reader for each occurrence, of what he may see, in his zone and language (R85).

A report is counted before the transaction, for that may take a second. In the transaction the saved report goes on to
its next moment, if nobody else has moved it, and the letters are written with it.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common import clock
from common.errors import DomainError
from common.identity import desk_name
from common.setbacks import PASSING
from notifications import printing
from notifications.actions import post
from notifications.models import Delivery
from people.models import User
from people.zones import zone_of
from reports.asking import Wanted, access_report, read
from reports.letters import figures_of
from reports.models import SavedReport
from reports.saved import colleagues, next_of
from reports.saying import day_text
from reports.source import Source

logger = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=10)


class _Letter(NamedTuple):
    reader: User
    subject: str
    context: dict[str, Any]


def run() -> int:
    """All that are due, the longest waiting first; returns how many letters were written. Safe in several processes."""
    clock.synchronise()
    now = clock.now()
    due = SavedReport.objects.filter(next_try_at__lte=now).select_related("owner").order_by("next_try_at", "pk")
    return sum(_try(saved, now) for saved in list(due))


def _try(saved: SavedReport, now: datetime) -> int:
    """One that fails stops nobody, and is tried again a little later."""
    try:
        return _send(saved, now)
    except PASSING as error:
        logger.warning("The saved report %s waits for the database: %s", saved.pk, error)
    except Exception:
        logger.exception("The saved report %s could not be sent.", saved.pk)
        _put_off(saved, now)
    return 0


def _put_off(saved: SavedReport, now: datetime) -> None:
    """Not beyond its next moment: who had this one is to have that in time."""
    again = min(now + AGAIN_AFTER, next_of(saved, now) or now + AGAIN_AFTER)
    SavedReport.objects.filter(pk=saved.pk, next_moment=saved.next_moment).update(next_try_at=again)


def _send(saved: SavedReport, now: datetime) -> int:
    """Whose letter cannot be made keeps no other reader from his; it is tried until the next one's moment has come."""
    occurrence, following = _newest(saved, now), next_of(saved, now)
    had = _had(saved, occurrence)
    readers = [reader for reader in _readers(saved) if reader.pk not in had]
    letters = [letter for reader in readers if (letter := _try_letter(saved, reader, now))]
    is_whole = len(letters) == len(readers)
    with transaction.atomic():
        mine = SavedReport.objects.select_for_update(of=("self",)).filter(pk=saved.pk, next_moment=saved.next_moment)
        if not mine.exists():
            return 0
        for letter in letters:
            _post(saved, letter, occurrence, now)
        if is_whole:
            mine.update(next_moment=following, next_try_at=following)
        else:
            _put_off(saved, now)
    return len(letters)


def _newest(saved: SavedReport, now: datetime) -> datetime:
    """The moment that is to be sent: after an outage, or where one could not be sent to somebody, the last one."""
    found = saved.next_moment or now
    while (following := next_of(saved, found)) is not None and following <= now:
        found = following
    return found


def _had(saved: SavedReport, occurrence: datetime) -> set[int | None]:
    rows = Delivery.objects.filter(dedupe_key__startswith=_key(saved, occurrence))
    return set(rows.values_list("recipient", flat=True))


def _try_letter(saved: SavedReport, reader: User, now: datetime) -> _Letter | None:
    try:
        return _letter(saved, reader, now)
    except PASSING:
        raise
    except Exception:
        logger.exception("The saved report %s could not be made for %s.", saved.pk, reader.pk)
        return None


def _readers(saved: SavedReport) -> list[User]:
    """Who may still see one; nobody where its owner may not any more."""
    if not (saved.owner.is_active and saved.owner.is_manager):
        return []
    return list(colleagues().filter(pk__in=saved.recipients.order_by().values("pk")))


def _letter(saved: SavedReport, reader: User, now: datetime) -> _Letter:
    zone = zone_of(reader.time_zone)
    with translation.override(reader.language), timezone.override(zone):
        source = _source(saved, reader)
        # Whole days: the last is the one before.
        yesterday = timezone.localtime(now).date() - timedelta(days=1)
        wanted = read(saved.query, source=source, user=reader, today=yesterday, zone=zone)
        report = source.build(reader, wanted.asked, now=now)
        span = wanted.asked.span
        days = _("%(first)s to %(last)s") % {"first": day_text(span.first), "last": day_text(span.last)}
        context = {
            "desk_name": desk_name(),
            "language": reader.language,
            "title": saved.name,
            "report": report.title,
            "days": days,
            "narrowed": ", ".join(wanted.narrowed.values()),
            "wrong": [sentence for said in wanted.errors.values() for sentence in said],
            "figures": figures_of(report, wanted.asked.plan),
            "action_url": _address(source, wanted),
            "owner": saved.owner.name,
        }
        return _Letter(reader, _("%(name)s, %(days)s") % {"name": saved.name, "days": days}, context)


def _source(saved: SavedReport, reader: User) -> Source:
    try:
        return access_report(reader, saved.report)
    except DomainError as gone:
        raise LookupError(saved.report) from gone


def _address(source: Source, wanted: Wanted) -> str:
    """The same days, also when they are followed a week later."""
    span = wanted.asked.span
    fixed = {"since": span.first.isoformat(), "until": span.last.isoformat(), **wanted.asked.of}
    plan = {"plan": wanted.asked.plan.isoformat()} if wanted.asked.plan else {}
    return f"{settings.BASE_URL}/reports/{source.key}/?{urlencode({**fixed, **plan})}"


def _key(saved: SavedReport, occurrence: datetime) -> str:
    return f"report:{saved.pk}:{occurrence.isoformat()}:"


def _post(saved: SavedReport, letter: _Letter, occurrence: datetime, now: datetime) -> None:
    post(
        address=letter.reader.email,
        recipient=letter.reader,
        subject=letter.subject,
        dedupe=f"{_key(saved, occurrence)}{letter.reader.pk}",
        now=now,
        template="report",
        context=letter.context,
        files=[printing.printed(f"{saved.report}.pdf")] if printing.is_there() else [],
    )
