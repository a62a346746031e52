from celery import shared_task

from knowledge import reviewing


@shared_task(ignore_result=True)
def review() -> None:
    """Alert the owners of articles whose date of review has come."""
    reviewing.run()
