"""The ways out of the outbox by their names, and what a failure says about whoever was to take it."""

from collections.abc import Callable, Mapping
from typing import Protocol

from notifications import mailing
from notifications.enums import Channel
from notifications.mailing import Mailer, Meaning
from notifications.messengers import Messenger
from notifications.models import Delivery
from notifications.pushing import Pusher, RefusedPushError
from notifications.webhooks import Caller, RefusedCallError

TOO_MANY = 429


class Transport(Protocol):
    def send(self, delivery: Delivery) -> str:
        """The answer, in a few words; raises whatever went wrong."""

    def close(self) -> None:
        """What is open."""


TRANSPORTS: Mapping[str, Callable[[], Transport]] = {
    Channel.EMAIL: Mailer,
    Channel.WEBHOOK: Caller,
    Channel.MESSENGER: Messenger,
    Channel.PUSH: Pusher,
}


class Transports:
    """Those of one lane: opened when first needed, not shared between threads."""

    def __init__(self) -> None:
        self._open: dict[str, Transport] = {}

    def send(self, delivery: Delivery) -> str:
        if delivery.channel not in self._open:
            self._open[delivery.channel] = TRANSPORTS[delivery.channel]()
        return self._open[delivery.channel].send(delivery)

    def close(self) -> None:
        for transport in self._open.values():
            transport.close()


def meaning(error: Exception) -> Meaning:
    """By the status of an answer (RFC 9110, 15), by the code of a mail server's, or by there being none."""
    if isinstance(error, RefusedCallError | RefusedPushError):
        return Meaning(not_now=error.status == TOO_MANY or error.status >= 500)
    return mailing.meaning(error)
