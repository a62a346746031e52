from celery import shared_task

from escalation import sweep as engine


@shared_task(ignore_result=True)
def sweep() -> None:
    """One round of the engine."""
    engine.run()
