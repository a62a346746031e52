"""The mailroom's settings from the environment: its door, the providers' hook, the mailboxes' secrets."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from common.egress import Network
from config.addresses import SettingError

SHORTEST_HOOK = 24

_RENEWED = re.compile(r"MAILBOX_(?P<name>[A-Z0-9_]{1,40}?)_OAUTH_URL")
_SECRET = re.compile(r"MAILBOX_(?P<name>[A-Z0-9_]{1,40}?)_SECRET(?P<file>_FILE)?")


@dataclass(frozen=True, slots=True)
class Door:
    """Where mail servers hand mail over: LMTP (RFC 2033), or SMTP."""

    host: str
    port: int
    speaks_lmtp: bool


@dataclass(frozen=True, slots=True)
class Renewal:
    """Who gives a new access token for a refresh token, and as whom we ask (RFC 6749, 6)."""

    url: str
    client: str
    client_secret: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """Secrets by their names, files that hold one, which are to be renewed, and private networks of mailboxes."""

    secrets: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
    networks: tuple[Network, ...] = ()
    renewals: Mapping[str, Renewal] = field(default_factory=dict)


def door(given: Mapping[str, str]) -> Door | None:
    """LMTP_LISTEN or SMTP_LISTEN: `127.0.0.1:8024`, `[::1]:8024`."""
    names = [name for name in ("LMTP_LISTEN", "SMTP_LISTEN") if name in given]
    if len(names) > 1:
        raise SettingError("LMTP_LISTEN and SMTP_LISTEN cannot both be set: there is one door.")
    if not names:
        return None
    host, _colon, port = given[names[0]].rpartition(":")
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host.strip("[]"))
        number = int(port)
    except ValueError:
        raise SettingError(f"{names[0]} must look like 127.0.0.1:8024, not {given[names[0]]!r}.") from None
    if not 1 <= number <= 65535:
        raise SettingError(f"{names[0]} must end with a port from 1 to 65535, not {port!r}.")
    return Door(str(address), number, speaks_lmtp=names[0] == "LMTP_LISTEN")


def hook(given: Mapping[str, str]) -> str:
    """MAIL_HOOK_SECRET: `user:password`, as a provider sends it with each mail."""
    secret = given.get("MAIL_HOOK_SECRET", "")
    user, _colon, password = secret.partition(":")
    if secret and (not user or len(password) < SHORTEST_HOOK):
        raise SettingError(
            f"MAIL_HOOK_SECRET must be user:password, with a password of {SHORTEST_HOOK} letters or more."
        )
    return secret


def providers(given: Mapping[str, str]) -> dict[str, str]:
    """What django-anymail is told: the hook's secret, and the key with which Mailgun signs."""
    told = {"WEBHOOK_SECRET": hook(given), "MAILGUN_WEBHOOK_SIGNING_KEY": given.get("MAILGUN_SIGNING_KEY", "")}
    return {name: value for name, value in told.items() if value}


def mailboxes(given: Mapping[str, str]) -> MailboxSettings:
    """MAILBOX_<NAME>_SECRET or MAILBOX_<NAME>_SECRET_FILE with what renews it, and MAILBOX_NETWORKS."""
    found = {name: match for name in given if (match := _SECRET.fullmatch(name))}
    renewed = [match["name"] for name in given if (match := _RENEWED.fullmatch(name))]
    return MailboxSettings(
        secrets={match["name"]: given[name] for name, match in found.items() if not match["file"]},
        files={match["name"]: Path(given[name]) for name, match in found.items() if match["file"]},
        networks=_networks(given.get("MAILBOX_NETWORKS", "")),
        renewals={name: _renewal(name, given) for name in renewed},
    )


def _renewal(name: str, given: Mapping[str, str]) -> Renewal:
    """MAILBOX_<NAME>_OAUTH_URL, _OAUTH_CLIENT (`id` or `id:secret`), and _OAUTH_SCOPE where the provider wants one."""
    url, client = given[f"MAILBOX_{name}_OAUTH_URL"], given.get(f"MAILBOX_{name}_OAUTH_CLIENT", "")
    identity, _colon, secret = client.partition(":")
    if not url.startswith(("https://", "http://")) or not identity:
        raise SettingError(
            f"MAILBOX_{name}_OAUTH_URL must be a web address, and MAILBOX_{name}_OAUTH_CLIENT an id or id:secret."
        )
    return Renewal(url, identity, secret, given.get(f"MAILBOX_{name}_OAUTH_SCOPE", ""))


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise SettingError(f"MAILBOX_NETWORKS must look like 10.0.0.0/8,192.168.1.10/32, not {text!r}.") from None
