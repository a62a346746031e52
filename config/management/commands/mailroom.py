"""`manage.py mailroom`: fetches the mail of all mailboxes, and takes what is handed over at the door."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from config import pulse
from mailroom import office


class Command(BaseCommand):
    help = "Follows the mailboxes by IMAP and listens at LMTP_LISTEN or SMTP_LISTEN, until it is told to stop."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_given: stop.set())
        office.keep(pulse.feel, stop)
