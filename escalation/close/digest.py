"""The week in good words (R94): who thanked whom, and what was closed well, by mail on Monday morning.

The row of `Digest` is the truth: whoever has none for this week gets his, once, whenever somebody comes by to look.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock
from common.dates import said
from common.identity import desk_name
from escalation.enums import OF_LEARNING, State
from escalation.models import Deadline, Digest, Escalation, Kudos
from notifications.actions import post
from people.models import User
from people.querysets import UserQuerySet
from people.zones import zone_of

logger = logging.getLogger(__name__)

AT = time(8)
WEEK = timedelta(days=7)
LISTED = 20


@dataclass(frozen=True, slots=True)
class Week:
    """What one reader may know of it."""

    kudos: Sequence[Kudos]
    closed: Sequence[Escalation]

    @property
    def lines(self) -> int:
        return len(self.kudos) + len(self.closed)


def run() -> int:
    """Everybody whose Monday has come; returns how many mails were written. Safe in several processes at once."""
    clock.synchronise()
    now = clock.now()
    zones = _readers().order_by().values_list("time_zone", flat=True).distinct()
    return sum(_zone(name, now) for name in list(zones))


def monday_of(zone: str, now: datetime) -> date:
    """The day of the digest that is due there: this Monday once it is eight o'clock, else the one before."""
    local = now.astimezone(zone_of(zone))
    monday = local.date() - timedelta(days=local.weekday())
    return monday if (local.weekday(), local.time()) >= (0, AT) else monday - WEEK


def _readers() -> UserQuerySet:
    return User.objects.active().staff().filter(weekly_digest=True)


def _zone(name: str, now: datetime) -> int:
    monday = monday_of(name, now)
    begun = datetime.combine(monday, AT, tzinfo=zone_of(name))
    had = Digest.objects.filter(reader=OuterRef("pk"), week=monday)
    readers = _readers().filter(~Exists(had), time_zone=name, created_at__lt=begun).order_by("pk")
    return sum(_try(reader, monday, now) for reader in readers)


def _try(reader: User, monday: date, now: datetime) -> int:
    """In a transaction of his own; one that fails stops nobody, and is tried again at the next look."""
    try:
        return int(_tell(reader, monday, now))
    except Exception:
        logger.exception("The digest of %s for the week of %s could not be written.", reader.pk, monday)
        return 0


@transaction.atomic
def _tell(reader: User, monday: date, now: datetime) -> bool:
    row, is_ours = Digest.objects.get_or_create(reader=reader, week=monday, defaults={"at": now})
    if not is_ours:
        return False
    week = week_of(reader, monday)
    row.lines = week.lines
    row.save(update_fields=["lines"])
    if not week.lines:
        return False
    with translation.override(reader.language), timezone.override(zone_of(reader.time_zone)):
        _post(reader, week, monday, now)
    return True


def week_of(reader: User, monday: date) -> Week:
    """The seven days before that Monday in his zone, of the escalations that he sees. Two queries."""
    until = datetime.combine(monday, time(), tzinfo=zone_of(reader.time_zone))
    since = until - WEEK
    seen = Escalation.objects.visible_to(reader)
    kudos = Kudos.objects.filter(at__gte=since, at__lt=until, escalation__in=seen).select_related("to", "by")
    missed = Q(missed_at__isnull=False) | Q(met_at__gt=F("due_at"))
    late = Deadline.objects.exclude(kind__in=OF_LEARNING).filter(missed, escalation=OuterRef("pk"))
    closed = seen.filter(~Exists(late), state=State.CLOSED, closed_at__gte=since, closed_at__lt=until)
    # A good word for the reader himself comes first.
    words = sorted(kudos[:LISTED], key=lambda one: one.to_id != reader.pk)
    return Week(words, list(closed.order_by("severity", "closed_at")[:LISTED]))


def _post(reader: User, week: Week, monday: date, now: datetime) -> None:
    context = {
        "desk_name": desk_name(),
        "language": reader.language,
        "author": desk_name(),
        "body": _body(reader, week, monday),
        "action_url": f"{settings.BASE_URL}/profile/",
    }
    subject = _("The week at %(desk)s, in good words") % {"desk": desk_name()}
    post(
        address=reader.email,
        recipient=reader,
        subject=subject,
        dedupe=f"digest:{reader.pk}:{monday.isoformat()}",
        now=now,
        template="digest",
        context=context,
    )


def _body(reader: User, week: Week, monday: date) -> str:
    days = {"from": said(monday - WEEK, "j F"), "to": said(monday - timedelta(days=1), "j F")}
    parts = [_("Hello %(name)s, this was the week from %(from)s to %(to)s.") % {"name": reader.name, **days}]
    if week.kudos:
        parts.append(ngettext("A good word was said:", "Good words were said:", len(week.kudos)))
        parts.append("\n".join(_thanks(one) for one in week.kudos))
    if week.closed:
        words = ngettext(
            "%(n)d escalation was closed with every promise kept:",
            "%(n)d escalations were closed with every promise kept:",
            len(week.closed),
        )
        parts.append(words % {"n": len(week.closed)})
        parts.append("\n".join(f"- {one.reference}: {one.summary}" for one in week.closed))
    return "\n\n".join(parts)


def _thanks(one: Kudos) -> str:
    known = {"by": one.by or desk_name(), "to": one.to, "ref": f"E-{one.escalation_id}", "words": one.words}
    return _("- %(by)s to %(to)s, %(ref)s: %(words)s") % known
