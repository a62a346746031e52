from celery import shared_task

from tickets import sending, waking
from tickets.rerouting import rounds
from tickets.routing import dry_runs


@shared_task(ignore_result=True)
def send_replies() -> None:
    """Send the replies whose authors can no longer take them back."""
    sending.run()


@shared_task(ignore_result=True)
def wake() -> None:
    """Bring back the tickets whose rest is over."""
    waking.run()


@shared_task(ignore_result=True)
def route() -> None:
    """Ask the rules of what has changed or has been quiet, and give owners to what waits for one."""
    rounds.run()


@shared_task(ignore_result=True)
def try_rules() -> None:
    """Put the tickets of the last days to the rules, where somebody has asked for it."""
    dry_runs.run()
