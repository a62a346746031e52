from celery import shared_task

from common import clock
from mailroom import intake


@shared_task(ignore_result=True)
def file_pending() -> None:
    """File the mail that a crash left between keeping and filing."""
    clock.synchronise()
    intake.file_pending(now=clock.now())
