"""A mail that a provider has brought, on its way into the desk.

Apart from the views of django-anymail (`hooks`), which only the web reads: their imports take each process longer than
all the rest of the mailroom.
"""

from datetime import timedelta
from typing import Any

from common import doorbell
from mailroom.doors import handing


def take_in(event: Any) -> None:
    """Commit what the provider brought; filed at once by the worker."""
    addresses = [event.message.envelope_recipient] if event.message.envelope_recipient else []
    handing.keep(_raw(event), event.message.envelope_sender, addresses, lease=timedelta(0))
    doorbell.ring("mailroom.tasks.file_pending")


def _raw(event: Any) -> bytes:
    given = event.esp_event
    told = given.get("RawEmail") if isinstance(given, dict) else given.POST.get("body-mime")
    return str(told).encode("utf-8", "surrogateescape") if told else bytes(event.message.as_bytes())
