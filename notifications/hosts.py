"""Who takes what is sent, and how long to leave alone one that is down, busy or has had its fill.

The pauses of a host are shorter than those of a row (`notifications.claiming`): a row that is due finds its host open.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from common.text import flatten
from notifications.models import Host

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=1)
SLOW_FOR = timedelta(minutes=1)
MINUTE = timedelta(minutes=1)
# So many mails in a row "not now" (a 4xx, RFC 5321, 4.2.1), and the host is left alone for a while.
REFUSALS_BEFORE_PAUSE = 3
EVERYBODY = "*"


def host_of(address: str) -> str:
    """The domain of a mail address, as hosts are compared."""
    return address.rpartition("@")[2].strip().lower()[:120]


def troubled(now: datetime) -> Mapping[str, Host]:
    """By name; one query."""
    return {host.name: host for host in Host.objects.troubled(now)}


def went_well(name: str) -> None:
    Host.objects.filter(name=name).update(failures=0, closed_until=None, last_answer="")


def was_slow(name: str, now: datetime) -> None:
    """One of its mails took so long that others had to wait for it."""
    Host.objects.update_or_create(name=name, defaults={"slow_until": now + SLOW_FOR})


def failed(name: str, answer: str, now: datetime, *, is_down: bool) -> bool:
    """True where it is left alone for a while now. `is_down`: not reached, or it hung up; else it said "not now"."""
    Host.objects.get_or_create(name=name)
    Host.objects.filter(name=name).update(failures=F("failures") + 1, last_answer=flatten(answer, limit=500))
    failures = Host.objects.values_list("failures", flat=True).get(name=name)
    counted = failures if is_down else failures - REFUSALS_BEFORE_PAUSE + 1
    if counted <= 0:
        return False
    pause = min(FIRST_PAUSE * 2 ** min(counted - 1, 12), LONGEST_PAUSE)
    Host.objects.filter(name=name).update(closed_until=now + pause)
    return True


def allowance(name: str, wanted: int, now: datetime) -> int:
    """How many of these may go there in this minute, over all processes; taken from its measure. In a transaction."""
    rate = settings.MAIL_RATES.get(name, settings.MAIL_RATES.get(EVERYBODY, 0))
    if not rate:
        return wanted
    Host.objects.get_or_create(name=name)
    host = Host.objects.select_for_update().get(name=name)
    minute = now.replace(second=0, microsecond=0)
    taken = host.taken if host.minute_at == minute else 0
    granted = max(0, min(wanted, rate - taken))
    Host.objects.filter(name=name).update(minute_at=minute, taken=taken + granted)
    if taken + granted >= rate:
        Host.objects.filter(name=name).update(closed_until=minute + MINUTE)
    return granted
