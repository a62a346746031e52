from celery import shared_task

from common import clock
from mailroom import intake, leaving
from mailroom.senders import checking


@shared_task(ignore_result=True)
def look_up_senders() -> None:
    """Whether the world can tell that our mail is ours, for the domains whose time has come."""
    clock.synchronise()
    checking.look_up(now=clock.now())


@shared_task(ignore_result=True)
def file_pending() -> None:
    """File the mail that a crash left between keeping and filing."""
    clock.synchronise()
    intake.file_pending(now=clock.now())


@shared_task(ignore_result=True)
def mail_the_gone() -> None:
    """Mail what visitors of a chat have not read before they went."""
    leaving.run()
