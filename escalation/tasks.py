from celery import shared_task

from escalation import sweep as engine
from escalation.communicate import broadcast as sender


@shared_task(ignore_result=True)
def sweep() -> None:
    """One round of the engine."""
    engine.run()


@shared_task(ignore_result=True)
def broadcast() -> None:
    """One turn of what goes to very many."""
    sender.run()
