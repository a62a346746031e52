"""What the surroundings decide: every setting that Escala reads from environment variables.

Each variable is parsed here and nowhere else. A wrong value raises `SettingError`, whose text is one
sentence that names the variable; `manage.py` prints it and exits with status 2.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent


class SettingError(Exception):
    """A setting from the environment cannot be used; the message is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The parsed settings; `docs/running.md` explains each."""

    base_url: str
    database_url: str
    redis_url: str
    email_url: str
    secret_key: str
    demo: bool
    debug: bool
    var_dir: Path


def read(source: Mapping[str, str] = os.environ) -> Environment:
    var_dir = Path(source.get("ESCALA_VAR", BASE_DIR / "var"))
    return Environment(
        base_url=_base_url(source),
        database_url=source.get("DATABASE_URL", ""),
        redis_url=source.get("REDIS_URL", ""),
        email_url=source.get("EMAIL_URL", ""),
        secret_key=source.get("SECRET_KEY") or _kept_secret(var_dir),
        demo=_flag(source, "DEMO", default=False),
        debug=_flag(source, "DEBUG", default=False),
        var_dir=var_dir,
    )


def _flag(source: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = source.get(name, "").strip().lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise SettingError(f"{name} must be 1 or 0, not {text!r}.")


def _base_url(source: Mapping[str, str]) -> str:
    port = source.get("PORT", "8000")
    url = source.get("BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingError(f"BASE_URL must look like https://desk.example.com, not {url!r}.")
    return url


def _kept_secret(var_dir: Path) -> str:
    """A secret made once and kept under var/, readable by its owner only."""
    path = var_dir / "secret_key"
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    var_dir.mkdir(parents=True, exist_ok=True)
    secret = secrets.token_urlsafe(50)
    path.touch(mode=0o600)
    path.write_text(secret, encoding="ascii")
    return secret
