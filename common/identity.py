"""What the desk calls itself and how it looks: one row, asked for with every page and every letter.

Each process keeps the row for `IDENTITY_KEPT_FOR`, so no page pays a query for it, and every process notices a change
within that time; the one that made it at once.
"""

import hashlib
import time
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction

from common import colours
from common.colours import Theme
from common.configuring import configure
from common.models import Identity, Picture
from common.pictures import read


class _Kept:
    row: Identity | None = None
    until = 0.0


def current() -> Identity:
    """Not to be changed by whoever asks. Where the database does not answer, as it was known last."""
    if _Kept.row is None or time.monotonic() >= _Kept.until:
        try:
            remember(Identity.objects.first() or Identity())
        except DatabaseError:
            remember(_Kept.row or Identity())
    assert _Kept.row is not None  # noqa: S101 - for the type checker
    return _Kept.row


def remember(row: Identity) -> None:
    _Kept.row, _Kept.until = row, time.monotonic() + settings.IDENTITY_KEPT_FOR.total_seconds()


def forget() -> None:
    """The next who asks reads it anew."""
    _Kept.until = 0.0


def desk_name() -> str:
    return current().name or settings.DESK_NAME


def default_language() -> str:
    """Of people who have told none."""
    return current().language or settings.LANGUAGE_CODE


def default_zone() -> str:
    """The same of their time zone."""
    return current().time_zone or settings.TIME_ZONE


@transaction.atomic
def change(*, by: Any, **terms: Any) -> Identity:
    """Other terms; InvalidInput with all that is wrong, and then nothing is changed."""
    row = configure(Identity.objects.first() or Identity(), by=by, **terms)
    forget()
    # Whoever asked before the commit was told the old one.
    transaction.on_commit(forget)
    return row


def keep_picture(content: bytes, *, field: str) -> str:
    """Its name for `change`; kept for good, so that an older state can be returned to. InvalidInput on `field`."""
    picture = read(content, field=field)
    digest = hashlib.sha256(picture.content).hexdigest()
    Picture.objects.get_or_create(
        digest=digest,
        defaults={
            "content": picture.content,
            "content_type": picture.content_type,
            "width": picture.width,
            "height": picture.height,
        },
    )
    return digest


def style_sheet(row: Identity) -> str:
    """The tokens that differ from those delivered; empty for a desk that keeps its colours."""
    chosen = {theme: getattr(row, f"accent_{theme}") for theme in Theme}
    if not any(chosen.values()):
        return ""
    light, dark = (colours.palette(chosen[theme] or colours.ACCENTS[theme], theme) for theme in Theme)
    tokens = {
        "accent": (light.accent, dark.accent),
        "accent-solid": (light.solid, dark.solid),
        "accent-hover": (light.hover, dark.hover),
        "accent-soft": (light.soft, dark.soft),
        "accent-line": (light.line, dark.line),
    }
    lines = (f"--e-{name}:light-dark({one},{other});" for name, (one, other) in tokens.items())
    return f":root{{{''.join(lines)}}}"


@lru_cache(maxsize=32)
def look_of(logo: str, light: str, dark: str) -> dict[str, str]:
    """Where a page finds the style sheet and the logo, empty where there is none; and the colour of a mail's links."""
    digest = style_digest(Identity(accent_light=light, accent_dark=dark))
    return {
        "style_path": f"/look/{digest}.css" if digest else "",
        "logo_path": f"/look/{logo}/" if logo else "",
        "accent": light or colours.ACCENTS[Theme.LIGHT],
    }


def look() -> dict[str, str]:
    row = current()
    return look_of(row.logo, row.accent_light, row.accent_dark)


def style_digest(row: Identity) -> str:
    """By which browsers know it; empty where there is none."""
    sheet = style_sheet(row)
    return hashlib.sha256(sheet.encode()).hexdigest()[:16] if sheet else ""
