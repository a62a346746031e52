"""How a person wants to be alerted: his own page writes it, the API too."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calendars.models import Calendar
from common.errors import InvalidInput
from notifications.enums import AlertKind, Channel
from notifications.models import Preferences
from people.models import User

# A person's ways; webhooks are the desk's.
CHANNELS = (Channel.EMAIL, Channel.PUSH, Channel.MESSENGER)
LEAST_SEVERITY = 4
MOST_ALERTS, MOST_MINUTES = 1000, 24 * 60
FIELDS = ("off", "calendar", "quiet_from", "quiet_until", "breaks_through", "digest_above", "digest_minutes")


def preferences_of(person: User) -> Preferences:
    """His own, or what holds where he has said nothing (not saved)."""
    return Preferences.objects.select_related("calendar").filter(person=person).first() or Preferences(person=person)


@transaction.atomic
def set_preferences(*, person: User, **wanted: Any) -> Preferences:
    """Any of FIELDS; the others stay. InvalidInput names each that is wrong, and nothing is changed."""
    kept = preferences_of(person)
    for name in FIELDS:
        setattr(kept, name, wanted.get(name, getattr(kept, name)))
    kept.off = sorted(set(kept.off))
    problems = {
        "off": _of_off(kept.off),
        "quiet_until": _of_quiet(kept.quiet_from, kept.quiet_until),
        "calendar": _of_calendar(kept.calendar),
        "breaks_through": _of_number(kept.breaks_through, 0, LEAST_SEVERITY),
        "digest_above": _of_number(kept.digest_above, 0, MOST_ALERTS),
        "digest_minutes": _of_number(kept.digest_minutes, 1, MOST_MINUTES),
    }
    if wrong := {name: [words] for name, words in problems.items() if words}:
        raise InvalidInput(wrong)
    kept.save()
    return kept


def choices() -> list[str]:
    """Every `breach:email` that there is."""
    return [f"{kind}:{channel}" for kind in AlertKind.values for channel in CHANNELS]


def _of_off(off: Iterable[str]) -> str:
    known = set(choices())
    unknown = next((one for one in off if one not in known), None)
    return "" if unknown is None else _("“%(name)s” is no kind and channel.") % {"name": str(unknown)[:40]}


def _of_quiet(begins: time | None, ends: time | None) -> str:
    if (begins is None) != (ends is None):
        return _("Quiet hours have a beginning and an end.")
    if begins is not None and begins == ends:
        return _("Quiet hours that end when they begin are none: leave both empty.")
    return ""


def _of_calendar(calendar: Calendar | None) -> str:
    return _("This calendar is archived.") if calendar is not None and calendar.archived_at else ""


def _of_number(number: int, lowest: int, highest: int) -> str:
    if lowest <= number <= highest:
        return ""
    return _("A whole number from %(lowest)d to %(highest)d.") % {"lowest": lowest, "highest": highest}
