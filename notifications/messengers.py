"""Alerts by Slack, Teams, Telegram, Mattermost and others, through apprise: `pip install escala[messengers]`.

An address holds its own password and is typed in by a person, so only services are taken whose hosts are known: those
of the services themselves, and the desk's own that MESSENGER_HOSTS names (SECURITY, SSRF).
"""

import importlib
import importlib.util
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from notifications.calling import GoneError
from notifications.models import Delivery

# Schemes whose messages go to the service's own host, whatever the address says.
SERVICES = {"slack": "Slack", "msteams": "Teams", "tgram": "Telegram", "discord": "Discord", "gchat": "Google Chat"}
# Schemes that name a host.
SELF_HOSTED = {"mmosts": "Mattermost", "rockets": "Rocket.Chat", "matrixs": "Matrix", "workflows": "Teams"}
# Of Microsoft's own workflows.
KNOWN_HOSTS = (".logic.azure.com", ".api.powerplatform.com")
TARGET_LIMIT = 1000


class UnsentMessageError(Exception):
    """The messenger did not take it; apprise does not say why."""


def is_installed() -> bool:
    return importlib.util.find_spec("apprise") is not None


def check(target: str) -> str:
    """The name of its service; InvalidInput in one sentence for what is not taken."""
    words = _check(target.strip())
    if words:
        raise InvalidInput.of("target", words)
    parts = urlsplit(target.strip())
    return {**SERVICES, **SELF_HOSTED}[parts.scheme.lower()]


def _check(target: str) -> str:
    """What is wrong with it."""
    try:
        parts = urlsplit(target)
        host = (parts.hostname or "").lower()
    except ValueError:
        return _("This is no address of a messenger.")
    scheme = parts.scheme.lower()
    if scheme not in SERVICES and scheme not in SELF_HOSTED:
        return _("Use an address that begins with one of %(schemes)s.") % {
            "schemes": ", ".join(f"{name}://" for name in (*SERVICES, *SELF_HOSTED))
        }
    if parts.query or parts.fragment or not target.isprintable() or " " in target or len(target) > TARGET_LIMIT:
        return _("The address has no spaces, and nothing after a question mark.")
    if scheme in SELF_HOSTED and not (host in settings.MESSENGER_HOSTS or host.endswith(KNOWN_HOSTS)):
        return _("%(host)s is not among the hosts that this desk may call; an administrator sets MESSENGER_HOSTS.") % {
            "host": host or "?"
        }
    if is_installed() and not _apprise().Apprise().add(target):
        return _("The address is not whole: compare it with the service's own page.")
    return ""


class Messenger:
    """The outbox's way by messenger."""

    def send(self, delivery: Delivery) -> str:
        way = delivery.way
        if way is None:
            raise GoneError("its reader has taken this way back")
        if problem := _check(way.target):
            raise UnsentMessageError(problem)
        caller = _apprise().Apprise()
        caller.add(way.target)
        if not caller.notify(title=delivery.subject, body=_text(delivery)):
            raise UnsentMessageError("the service did not take it")
        return ""

    def close(self) -> None:
        """Each message has a connection of its own."""


def _text(delivery: Delivery) -> str:
    """A few lines: a messenger is for being called, the page for reading."""
    if delivery.text:
        return delivery.text
    context = delivery.context
    lines = [context.get("why", ""), *(f"{fact['label']}: {fact['text']}" for fact in context.get("facts", ()))]
    return "\n".join([line for line in lines if line] + [context.get("page_url") or settings.BASE_URL])


def _apprise() -> Any:
    return importlib.import_module("apprise")
