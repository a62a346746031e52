from celery import shared_task

from reports import keeping


@shared_task(ignore_result=True)
def keep() -> None:
    """The facts of what has happened since."""
    keeping.run()
