"""What the surroundings decide: every setting that Escala reads from environment variables.

Each variable is parsed here and nowhere else (`docs/running.md` is the table for people). An empty
variable counts as absent. A wrong value raises `SettingError`, whose text is one sentence that names
the variable; `one_line_errors` turns it into that line on stderr and exit status 2.
"""

import hashlib
import ipaddress
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from common.egress import Network
from common.failpoints import Point
from config import mail_settings
from config.addresses import Database, MailServer, SettingError, mail_rates, mail_server, redis_url
from config.addresses import database as parse_database
from config.mail_settings import Door, MailboxSettings
from config.secret import kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
LOG_LEVELS = ("debug", "info", "warning", "error")
SHORTEST_SECRET = 32
SHORTEST_TOKEN = 16
LONGEST_SOCKET = 100
# Where nobody says how many: the engine, the database and the broker want processors, too.
MOST_WEBS = 4

__all__ = ["BASE_DIR", "Environment", "SettingError", "one_line_errors", "read"]


@dataclass(frozen=True, slots=True)
class Environment:
    """The parsed settings; `docs/running.md` explains each."""

    base_url: str
    host: str
    port: int
    database: Database
    redis_url: str
    mail_server: MailServer | None
    mail_domain: str
    mail_from: str
    mail_door: Door | None
    mail_size: int
    mail_providers: Mapping[str, str]
    mailboxes: MailboxSettings
    mail_authserv_ids: frozenset[str]
    mail_attach_limit: int
    mail_rates: Mapping[str, int]
    delivery_lanes: int
    webhook_networks: tuple[Network, ...]
    webhook_http: bool
    messenger_hosts: frozenset[str]
    metrics_token: str
    secret_key: str
    secret_is_kept: bool
    demo: bool
    debug: bool
    desk_name: str
    log_level: str
    worker_concurrency: int
    web_processes: int
    pool_size: int
    var_dir: Path
    static_root: Path
    run_token: str
    pulse: Path | None
    failpoints: Mapping[str, float]
    failpoints_seed: int

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https:")

    @property
    def broker_is_embedded(self) -> bool:
        return not self.redis_url


def read(source: Mapping[str, str] = os.environ) -> Environment:
    """Parse and check everything; raises `SettingError` for the first value that cannot be used."""
    given = {name: value.strip() for name, value in source.items() if value.strip()}
    var_dir = Path(given.get("ESCALA_VAR", BASE_DIR / "var")).expanduser().absolute()
    demo = _flag(given, "DEMO", default=_ran_as_demo(var_dir))
    port = _number(given, "PORT", default=8000, lowest=1, highest=65535)
    base_url = _base_url(given, port)
    mail_domain = given.get("MAIL_DOMAIN", _mail_domain(base_url))
    database = _database(given, default=var_dir / _database_name(demo=demo))
    webs = _number(given, "WEB_PROCESSES", default=_web_processes(database), lowest=1, highest=32)
    return Environment(
        base_url=base_url,
        host=_host(given, demo=demo),
        port=port,
        database=database,
        redis_url=redis_url(given.get("REDIS_URL", "")),
        mail_server=mail_server(given.get("EMAIL_URL", "")),
        mail_domain=mail_domain,
        mail_from=_mail_from(given, mail_domain),
        mail_door=mail_settings.door(given),
        mail_size=_number(given, "MAIL_SIZE_LIMIT", default=50, lowest=1, highest=500) * 1024 * 1024,
        mail_providers=mail_settings.providers(given),
        mailboxes=mail_settings.mailboxes(given),
        mail_authserv_ids=frozenset(given.get("MAIL_AUTHSERV_ID", "").replace(",", " ").casefold().split()),
        mail_attach_limit=_number(given, "MAIL_ATTACH_MB", default=10, lowest=0, highest=50) * 1024 * 1024,
        mail_rates=mail_rates(given.get("MAIL_RATES", "")),
        delivery_lanes=_number(given, "DELIVERY_LANES", default=6, lowest=1, highest=32),
        webhook_networks=_networks(given, "WEBHOOK_NETWORKS"),
        webhook_http=_flag(given, "WEBHOOK_HTTP", default=False),
        messenger_hosts=frozenset(given.get("MESSENGER_HOSTS", "").lower().replace(",", " ").split()),
        metrics_token=_metrics_token(given),
        secret_key=_secret_key(given, var_dir),
        secret_is_kept="SECRET_KEY" not in given,
        demo=demo,
        debug=_flag(given, "DEBUG", default=False),
        desk_name=given.get("DESK_NAME", "Meridiano Pay" if demo else "Escala"),
        log_level=_choice(given, "LOG_LEVEL", LOG_LEVELS, default="info"),
        worker_concurrency=_number(given, "WORKER_CONCURRENCY", default=2, lowest=1, highest=64),
        web_processes=webs,
        pool_size=_number(given, "DATABASE_POOL", default=max(5, 20 // webs), lowest=2, highest=200),
        var_dir=var_dir,
        static_root=Path(given.get("STATIC_ROOT", var_dir / "static")).absolute(),
        run_token=given.get("ESCALA_RUN", ""),
        pulse=Path(given["ESCALA_PULSE"]) if "ESCALA_PULSE" in given else None,
        failpoints=_failpoints(given),
        failpoints_seed=_number(given, "ESCALA_FAILPOINTS_SEED", default=0, lowest=0, highest=2**32),
    )


@contextmanager
def one_line_errors() -> Iterator[None]:
    """A `SettingError` inside becomes one line on stderr and exit status 2, whatever program runs."""
    try:
        yield
    except SettingError as error:
        sys.stderr.write(f"escala: {error}\n")
        raise SystemExit(2) from None


def mode_file(var_dir: Path) -> Path:
    """Where `up` writes down whether the desk in this folder runs as a demo."""
    return var_dir / "mode"


def broker_socket(var_dir: Path) -> Path:
    """The embedded broker's private socket; a deep folder gets a short one, since the system allows 107 bytes."""
    inside = var_dir / "broker" / "broker.sock"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET:
        return inside
    digest = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"escala-{os.getuid()}-{digest}" / "broker.sock"


def _ran_as_demo(var_dir: Path) -> bool:
    """Without DEMO, a `manage.py` command speaks to the desk that `up` started last in this folder."""
    try:
        return mode_file(var_dir).read_text(encoding="ascii").strip() == "demo"
    except OSError:
        return False


def _database_name(*, demo: bool) -> str:
    """Demo accounts have public passwords, so a demo never shares a file with a desk that is in use."""
    return "demo.sqlite3" if demo else "escala.sqlite3"


def _flag(given: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = given.get(name, "").lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise SettingError(f"{name} must be 1 or 0, not {text!r}.")


def _number(given: Mapping[str, str], name: str, *, default: int, lowest: int, highest: int) -> int:
    text = given.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or not lowest <= int(text) <= highest:
        raise SettingError(f"{name} must be a whole number from {lowest} to {highest}, not {text!r}.")
    return int(text)


def _failpoints(given: Mapping[str, str]) -> dict[str, float]:
    """`after_claim=0.02,after_send=0.001`: how likely a process dies at a point (`common.failpoints`)."""
    wrong = SettingError("ESCALA_FAILPOINTS must look like after_claim=0.02,after_send=0.001.")
    parts = [part.partition("=") for part in given.get("ESCALA_FAILPOINTS", "").split(",") if part]
    try:
        chances = {str(Point(name.strip())): float(chance) for name, _, chance in parts}
    except ValueError:
        raise wrong from None
    if not all(0 <= chance <= 1 for chance in chances.values()):
        raise wrong
    return chances


def _choice(given: Mapping[str, str], name: str, choices: tuple[str, ...], *, default: str) -> str:
    text = given.get(name, default).lower()
    if text not in choices:
        raise SettingError(f"{name} must be one of {', '.join(choices)}, not {text!r}.")
    return text


def _base_url(given: Mapping[str, str], port: int) -> str:
    url = given.get("BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    wrong = SettingError(f"BASE_URL must look like https://desk.example.com, not {url!r}.")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or _has_more_than_an_origin(parts):
        raise wrong
    return url


def _has_more_than_an_origin(parts: SplitResult) -> bool:
    return bool(parts.path or parts.query or parts.fragment or parts.username or " " in parts.netloc)


def _host(given: Mapping[str, str], *, demo: bool) -> str:
    host = given.get("HOST", "127.0.0.1")
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        raise SettingError(f"HOST must be an IP address to listen on, such as 0.0.0.0, not {host!r}.") from None
    if demo and not address.is_loopback:
        raise SettingError(f"HOST must be 127.0.0.1 in demo mode, whose passwords are public, not {host!r}.")
    return str(address)


def _mail_domain(base_url: str) -> str:
    host = urlsplit(base_url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host if "." in host else "escala.localhost"
    return "escala.localhost"


def _mail_from(given: Mapping[str, str], mail_domain: str) -> str:
    address = given.get("MAIL_FROM", f"support@{mail_domain}")
    if address.count("@") != 1 or not address.isprintable():
        raise SettingError(f"MAIL_FROM must be one e-mail address, not {address!r}.")
    return address


def _web_processes(database: Database) -> int:
    """One for each processor, as far as it helps; writers of SQLite wait for each other anyway."""
    return 1 if database.vendor == "sqlite" else min(MOST_WEBS, os.cpu_count() or 1)


def _database(given: Mapping[str, str], *, default: Path) -> Database:
    """The database; SQLite makes its file, but not the folder that it lies in."""
    url = given.get("DATABASE_URL", "")
    chosen = parse_database(url, default=default)
    if chosen.vendor == "sqlite":
        folder = Path(chosen.settings["NAME"]).parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            setting = "DATABASE_URL" if url else "ESCALA_VAR"
            raise SettingError(f"{setting}: {folder} cannot be used: {error.strerror}.") from None
    return chosen


def _networks(given: Mapping[str, str], name: str) -> tuple[Network, ...]:
    """`10.1.0.0/16, 192.168.7.5`: networks, or single addresses."""
    try:
        return tuple(ipaddress.ip_network(part) for part in given.get(name, "").replace(",", " ").split())
    except ValueError as error:
        raise SettingError(f"{name} must be networks such as 10.1.0.0/16: {error}.") from None


def _metrics_token(given: Mapping[str, str]) -> str:
    token = given.get("METRICS_TOKEN", "")
    if token and len(token) < SHORTEST_TOKEN:
        raise SettingError(f"METRICS_TOKEN must have at least {SHORTEST_TOKEN} characters, not {len(token)}.")
    return token


def _secret_key(given: Mapping[str, str], var_dir: Path) -> str:
    secret = given.get("SECRET_KEY", "")
    if not secret:
        return kept_secret(var_dir)
    if len(secret) < SHORTEST_SECRET:
        raise SettingError(f"SECRET_KEY must have at least {SHORTEST_SECRET} characters, not {len(secret)}.")
    return secret
