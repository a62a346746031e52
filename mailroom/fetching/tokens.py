"""Access tokens for mailboxes, got for a refresh token and renewed before they end (RFC 6749, 6).

They live in this process alone. A provider that gives a new refresh token with each renewal has it written back into
the file that the old one came from; where there is no file it serves until the process ends.
"""

import json
import os
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from notifications import calling
from notifications.calling import CallFailedError, ForbiddenAddressError

# Renewed so many seconds before the end; of a life that is shorter than twice that, at half of it.
BEFORE_THE_END = 300.0
# What a provider that says nothing means.
USUAL_LIFE = 3600.0

_CODE = re.compile(r"[a-z_]{1,60}")


class RenewalError(Exception):
    """No token was given; the text is one sentence for a person."""


class Renewal(Protocol):
    """Whom to ask, and as whom (`config.mail_settings.Renewal`)."""

    @property
    def url(self) -> str: ...

    @property
    def client(self) -> str: ...

    @property
    def client_secret(self) -> str: ...

    @property
    def scope(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Kept:
    """`given` is the refresh token as the settings have it: another one there makes this one void."""

    access: str
    renew_at: float
    given: str
    refresh: str


# One each: a provider that is slow holds up its own mailboxes alone.
_locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
_kept: dict[str, _Kept] = {}


def access_token(name: str, given: str, renewal: Renewal, *, file: Path | None = None) -> str:
    """A token that is good for a while yet, for the refresh token that stands in the settings under this name.

    Raises RenewalError.
    """
    with _locks[name]:
        known = _kept.get(name)
        if known is not None and known.given != given:
            known = None
        if known is None or time.monotonic() >= known.renew_at:
            known = _kept[name] = _renewed(given, known.refresh if known else given, renewal, file)
        return known.access


def refuse(name: str) -> None:
    """The mailbox did not take the token: the next look gets another."""
    with _locks[name]:
        known = _kept.get(name)
        if known is not None:
            _kept[name] = _Kept(known.access, 0.0, known.given, known.refresh)


def forget_all() -> None:
    _kept.clear()


def _renewed(given: str, refresh: str, renewal: Renewal, file: Path | None) -> _Kept:
    answer = _asked(refresh, renewal)
    try:
        access, life = str(answer["access_token"]), float(answer.get("expires_in") or USUAL_LIFE)
        after = str(answer.get("refresh_token") or refresh)
    except (KeyError, TypeError, ValueError):
        raise RenewalError(_("The answer to the renewal of its token holds no token.")) from None
    if after != refresh and file is not None:
        _write(file, after)
        given = after
    return _Kept(access, time.monotonic() + max(life - BEFORE_THE_END, life / 2), given, after)


def _asked(refresh: str, renewal: Renewal) -> dict[str, Any]:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": refresh,
        "client_id": renewal.client,
        "client_secret": renewal.client_secret,
        "scope": renewal.scope,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    content = urlencode({name: value for name, value in form.items() if value}).encode()
    try:
        answer = calling.post(renewal.url, content=content, headers=headers)
    except (CallFailedError, ForbiddenAddressError) as error:
        words = _("Its token could not be renewed: %(error)s.")
        raise RenewalError(words % {"error": str(error).rstrip(".")}) from None
    try:
        said = json.loads(answer.text)
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    if answer.status != 200:
        # Only the code that the standard gives it (5.2): the rest may repeat what was sent.
        code = _CODE.fullmatch(str(said.get("error", "")))
        words = code[0] if code else str(answer.status)
        raise RenewalError(_("The renewal of its token was refused: %(words)s.") % {"words": words})
    return said


def _write(file: Path, token: str) -> None:
    """All of it or nothing, readable by nobody else."""
    aside = file.with_name(f".{file.name}.new")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            out.write(f"{token}\n")
        aside.replace(file)
    except OSError as error:
        words = _("Its new refresh token could not be written to its file: %(error)s.")
        raise RenewalError(words % {"error": error.strerror or type(error).__name__}) from None
