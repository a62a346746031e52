"""How times and durations read (ui rules: 24 h; today no date, this week the weekday, else day and month).

The reader's zone is the active one; `now` is always passed in by the template, which got it from the clock.
"""

import re
from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from common.dates import said
from common.languages import in_each_language
from people.zones import city_of

register = template.Library()

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK_DAYS = 6
_GAP = re.compile(r"%\((\w)\)0?2?d")


@register.filter(name="said", expects_localtime=True)
def said_day(moment: date | datetime | None, form: str) -> str:
    """Django's `date`, with the names of days and months as they stand inside a sentence."""
    return said(moment, form) if moment else ""


@register.filter
def clock(moment: datetime | None, now: datetime | None = None) -> SafeString | str:
    """`<time>` with the shortest text that is not ambiguous seen from `now`; day and month where `now` is missing."""
    if not isinstance(moment, datetime):
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', moment.isoformat(), full(moment), clock_text(moment, now)
    )


@register.filter
def clock_text(moment: datetime | None, now: datetime | None = None) -> str:
    """The same text without the element, for attributes and mail."""
    if not isinstance(moment, datetime):
        return ""
    local = timezone.localtime(moment)
    return _said(local, _pattern(local, timezone.localtime(now) if isinstance(now, datetime) else None))


@register.filter
def seconds_clock(moment: datetime | None) -> str:
    """`10:42:07`, for "as of" lines."""
    return said(timezone.localtime(moment), "H:i:s") if isinstance(moment, datetime) else ""


@register.filter
def full(moment: datetime | None) -> str:
    """`Thu 19 Nov 2026, 10:54`, for titles."""
    return _said(timezone.localtime(moment), "D j M Y, H:i") if isinstance(moment, datetime) else ""


@register.filter
def zone(now: datetime | None) -> str:
    """`{{ now|zone }}`: the reader's zone in words, `São Paulo, UTC−3`. Said once on a page."""
    name = city(str(timezone.get_current_timezone()))
    if not isinstance(now, datetime):
        return name
    offset = timezone.localtime(now).utcoffset() or timedelta()
    return name if name == "UTC" else f"{name}, {_offset(offset)}"


@register.filter
def city(zone: str) -> str:
    """`{{ person.time_zone|city }}`: `São Paulo`, in the reader's language."""
    return city_of(zone, get_language())


@register.filter
def short(length: timedelta | None) -> str:
    """For chips: `40s`, `12m`, `1h 35m`, `3d 0h`. The sign is never shown; say "over" beside it."""
    if not isinstance(length, timedelta):
        return ""
    seconds = abs(int(length.total_seconds()))
    return _short(seconds if seconds < MINUTE else seconds // MINUTE * MINUTE)


@in_each_language
def _short(seconds: int) -> str:
    if seconds < MINUTE:
        return gettext("%(n)ds") % {"n": seconds}
    if seconds < HOUR:
        return gettext("%(n)dm") % {"n": seconds // MINUTE}
    if seconds < DAY:
        return gettext("%(h)dh %(m)02dm") % {"h": seconds // HOUR, "m": seconds % HOUR // MINUTE}
    return gettext("%(d)dd %(h)dh") % {"d": seconds // DAY, "h": seconds % DAY // HOUR}


@register.simple_tag
def short_forms() -> dict[str, str]:
    """How `short` says it in the reader's language, for the clocks that go on in his browser: `{h}h {m}m`."""
    forms = {
        "seconds": gettext("%(n)ds"),
        "minutes": gettext("%(n)dm"),
        "hours": gettext("%(h)dh %(m)02dm"),
        "days": gettext("%(d)dd %(h)dh"),
        "since": gettext("%(n)d s"),
    }
    return {name: _GAP.sub(r"{\1}", form) for name, form in forms.items()}


@register.filter
def words(length: timedelta | None) -> str:
    """For sentences: `30 s`, `12 min`, `1 hour`, `2 hours 10 min`, `3 days`."""
    if not isinstance(length, timedelta):
        return ""
    seconds = abs(int(length.total_seconds()))
    if seconds < MINUTE:
        return gettext("%(n)d s") % {"n": seconds}
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    parts = [
        ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else "",
        ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours} if hours else "",
        gettext("%(n)d min") % {"n": minutes} if minutes and not days else "",
    ]
    return " ".join(part for part in parts if part)


@register.filter
def exact(length: timedelta | None) -> str:
    """For ledgers, to the second: `7s`, `45m`, `1h 35m`, `31h 05m 07s`. Working time has no days of 24 hours."""
    if not isinstance(length, timedelta):
        return ""
    seconds = abs(int(length.total_seconds()))
    hours, minutes, rest = seconds // HOUR, seconds % HOUR // MINUTE, seconds % MINUTE
    if hours:
        whole = gettext("%(h)dh %(m)02dm") % {"h": hours, "m": minutes}
    else:
        whole = gettext("%(n)dm") % {"n": minutes} if minutes else ""
    if whole and not rest:
        return whole
    return f"{whole} {_seconds(rest, padded=bool(whole))}".strip()


@register.filter
def exact_clock(moment: datetime | None) -> str:
    """`17:05`, or `17:05:09` where the seconds are not nought."""
    if not isinstance(moment, datetime):
        return ""
    local = timezone.localtime(moment)
    return said(local, "H:i:s" if local.second else "H:i")


@register.filter
def exact_day(moment: datetime | None) -> str:
    """`Thu 19 Nov 2026`."""
    return said(timezone.localtime(moment), "D j M Y") if isinstance(moment, datetime) else ""


def _said(local: datetime, pattern: str) -> str:
    """To the minute, and without its zone: as a watch there shows it."""
    return _minute(local.replace(second=0, microsecond=0, tzinfo=None), pattern)


@in_each_language
def _minute(local: datetime, pattern: str) -> str:
    """Remembered: a conversation has the same times at each look."""
    return said(local, pattern)


def _seconds(seconds: int, *, padded: bool) -> str:
    return gettext("%(n)02ds") % {"n": seconds} if padded else gettext("%(n)ds") % {"n": seconds}


def _pattern(local: datetime, now: datetime | None) -> str:
    if now is None or local.year != now.year:
        return "j M H:i" if now is None else "j M Y H:i"
    days = abs((local.date() - now.date()).days)
    if days == 0:
        return "H:i"
    return "D H:i" if days <= WEEK_DAYS else "j M H:i"


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // MINUTE
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes >= 0 else "−"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")
