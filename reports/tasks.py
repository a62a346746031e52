from celery import shared_task

from common import clock
from reports import effects, keeping, sending
from reports.forecast import keeping as forecast


@shared_task(ignore_result=True)
def keep() -> None:
    """The facts of what has happened since."""
    keeping.run()


@shared_task(ignore_result=True)
def learn_forecast() -> None:
    """Learn from the desk's own past, once a night."""
    clock.synchronise()
    forecast.night(now=clock.now())


@shared_task(ignore_result=True)
def look_ahead() -> None:
    """What is coming for each open ticket."""
    clock.synchronise()
    forecast.look_ahead(now=clock.now())


@shared_task(ignore_result=True)
def send() -> None:
    """Saved reports whose moment has come."""
    sending.run()


@shared_task(ignore_result=True)
def measure() -> None:
    """What recommendations have changed, once the days after them are over."""
    effects.run()
