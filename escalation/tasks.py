from celery import shared_task

from common import clock
from escalation import sweep as engine
from escalation import telling
from escalation.close import digest as week
from escalation.communicate import broadcast as sender
from escalation.coverage import reports


@shared_task(ignore_result=True)
def sweep() -> None:
    """One round of the engine."""
    engine.run()


@shared_task(ignore_result=True)
def broadcast() -> None:
    """One turn of what goes to very many."""
    sender.run()


@shared_task(ignore_result=True)
def digest() -> None:
    """The week of everybody whose Monday has come."""
    week.run()


@shared_task(ignore_result=True)
def prove_ladders() -> None:
    """Whom every ladder would reach in the days to come."""
    reports.prove_all(clock.now())


@shared_task(ignore_result=True)
def tell() -> None:
    """What has happened, to the programs that listen."""
    telling.run()
