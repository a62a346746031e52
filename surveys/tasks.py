from celery import shared_task

from surveys import asking


@shared_task(ignore_result=True)
def ask() -> None:
    """Ask the customers what was planned."""
    asking.run()
