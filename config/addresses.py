"""The addresses of the other parts: database, broker, mail server; parsed from URLs, nothing is contacted."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import dj_database_url


class SettingError(Exception):
    """A setting from the environment cannot be used; the message is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Database:
    """`vendor` is "sqlite" or "postgresql"; `settings` are Django's keys without the engine's options."""

    vendor: str
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server; `ssl` speaks TLS from the first byte, `starttls` after the greeting."""

    host: str
    port: int
    username: str
    password: str
    starttls: bool
    ssl: bool


VENDORS = {"sqlite": "sqlite", "postgres": "postgresql", "postgresql": "postgresql"}
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
REDIS_SCHEMES = {"redis", "rediss"}
SOCKET_SCHEMES = {"unix", "redis+socket"}


def database(url: str, *, default: Path) -> Database:
    """DATABASE_URL: sqlite:///path or postgresql://user:password@host:port/name."""
    if not url:
        return Database("sqlite", {"NAME": str(default)})
    vendor = VENDORS.get(_parts("DATABASE_URL", url).scheme)
    if vendor is None:
        raise SettingError("DATABASE_URL must begin with postgresql:// or sqlite:///.")
    try:
        parsed = dict(dj_database_url.parse(url))
    except ValueError:
        raise SettingError("DATABASE_URL cannot be read; write postgresql://user:password@host:5432/name.") from None
    if not parsed.get("NAME") or parsed["NAME"] == ":memory:":
        raise SettingError("DATABASE_URL must name a database: postgresql://user:password@host:5432/name.")
    kept = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    return Database(vendor, {key: parsed[key] for key in kept if parsed.get(key)})


def redis_url(url: str) -> str:
    """REDIS_URL: redis://, rediss:// or unix:///path/of.sock; an empty one means the embedded broker."""
    if not url:
        return ""
    parts = _parts("REDIS_URL", url)
    if parts.scheme in SOCKET_SCHEMES and parts.path.startswith("/"):
        return url
    if parts.scheme in REDIS_SCHEMES and parts.hostname:
        return url
    raise SettingError("REDIS_URL must look like redis://host:6379/0 or unix:///path/of.sock.")


def mail_server(url: str) -> MailServer | None:
    """EMAIL_URL: smtp://, smtp+tls:// (STARTTLS) or smtps://, with user:password@host:port."""
    if not url:
        return None
    parts = _parts("EMAIL_URL", url)
    if parts.scheme not in MAIL_PORTS or not parts.hostname or parts.path.strip("/"):
        raise SettingError("EMAIL_URL must look like smtp+tls://user:password@mail.example.com:587.")
    return MailServer(
        host=parts.hostname,
        port=parts.port or MAIL_PORTS[parts.scheme],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=parts.scheme == "smtp+tls",
        ssl=parts.scheme == "smtps",
    )


def celery_broker(url: str) -> dict[str, Any]:
    """How Celery is told of the broker: its spelling of a socket's address, and TLS that is checked."""
    if url.startswith("unix://"):
        return {"broker_url": url.replace("unix://", "redis+socket://", 1)}
    if url.startswith("rediss://"):
        return {"broker_url": url, "broker_use_ssl": {"ssl_cert_reqs": ssl.CERT_REQUIRED}}
    return {"broker_url": url}


def redis_client_url(url: str) -> str:
    """The same address as the redis client spells it."""
    return url.replace("redis+socket://", "unix://", 1)


def _parts(name: str, url: str) -> SplitResult:
    """The URL taken apart; its text stays out of the message, because it may hold a password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise SettingError(f"{name} is not a URL: its host or port cannot be read.") from None
    return parts


def mail_rates(text: str) -> dict[str, int]:
    """`gmail.com=60,*=600`: mails a minute to one domain, and to each that is not named."""
    wrong = SettingError("MAIL_RATES must look like gmail.com=60,*=600, in mails a minute.")
    rates: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, rate = (word.strip() for word in part.partition("="))
        if not name or not (rate.isascii() and rate.isdigit()) or not 1 <= int(rate) <= 1_000_000:
            raise wrong
        rates[name.lower()] = int(rate)
    return rates
