"""The desk's housekeeping: what no visitor would miss."""

from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.core.management import call_command

from common import clock, setbacks
from common.setbacks import Round
from desk import vigil
from desk.personal_data import making
from desk.retention import sweeping
from escalation import telling
from reports import counting
from tickets import presence, trash
from tickets.housekeeping import remove_stray_files

KEEP_SIGN_IN_LOGS_DAYS = 90


@shared_task(ignore_result=True)
def look_around() -> None:
    """How the desk is, for whoever asks the probe; told to the watch outside while it is well."""
    clock.synchronise()
    vigil.look_around(now=clock.now())


@shared_task(ignore_result=True)
def tidy() -> None:
    """Forget ended sessions, old records of sign-ins, who once read a ticket, and files that no message knows."""
    clock.synchronise()
    now = clock.now()
    # What fails keeps nothing else from being tidied, and is counted: the next night comes after its pause.
    Round("tidy", now).each(_TIDIED, lambda name: _TIDIED[name](now))


_TIDIED: dict[str, Callable[[datetime], object]] = {
    "sessions": lambda now: call_command("clearsessions"),
    "sign-ins": lambda now: call_command("axes_reset_logs", age=KEEP_SIGN_IN_LOGS_DAYS, verbosity=0),
    "readers": lambda now: presence.forget_old(now=now),
    "trash": lambda now: trash.empty(before=now - trash.KEPT_FOR),
    "files": lambda now: remove_stray_files(now=now),
    "setbacks": lambda now: setbacks.forget_old(now=now, but=[telling.HEARTBEAT, counting.LOAD_ROUND]),
}


@shared_task(ignore_result=True)
def remove_old() -> None:
    """What is older than administrators want it kept."""
    clock.synchronise()
    sweeping.sweep(now=clock.now())


@shared_task(ignore_result=True)
def make_archives() -> None:
    """What the desk holds of a person, where somebody has asked for it."""
    clock.synchronise()
    making.run()
