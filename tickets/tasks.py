from celery import shared_task

from tickets import sending, waking


@shared_task(ignore_result=True)
def send_replies() -> None:
    """Send the replies whose authors can no longer take them back."""
    sending.run()


@shared_task(ignore_result=True)
def wake() -> None:
    """Bring back the tickets whose rest is over."""
    waking.run()
