"""The secret key of a desk that was not given one."""

import os
import secrets
from pathlib import Path

from config.addresses import SettingError


def secret_file(var_dir: Path) -> Path:
    return var_dir / "secret_key"


def kept_secret(var_dir: Path) -> str:
    """A secret made once and kept under var/, readable by its owner only."""
    path = secret_file(var_dir)
    try:
        if not path.exists():
            _make(path)
        secret = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingError(f"ESCALA_VAR: {path} cannot be used: {error.strerror}.") from None
    if not secret:
        raise SettingError(f"{path} is empty; remove it, or set SECRET_KEY.")
    return secret


def _make(path: Path) -> None:
    """Several processes may start at once: each writes a file of its own, and the first link wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = path.with_name(f"{path.name}.{os.getpid()}")
    own.touch(mode=0o600)
    own.write_text(secrets.token_urlsafe(50), encoding="ascii")
    try:
        path.hardlink_to(own)
    except FileExistsError:
        return
    finally:
        own.unlink()
