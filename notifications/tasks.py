from celery import shared_task

from notifications import delivery


@shared_task(ignore_result=True)
def deliver() -> None:
    """Send what waits in the outbox."""
    delivery.run()
