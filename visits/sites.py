"""Where a widget may stand: origins as browsers write them (RFC 6454). Pure."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings

from common.addresses import taken_apart

MOST_SITES = 30
# A frame's policy is a header: nothing but an origin may get into it. `*.` stands for one more label or several.
_SITE = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?")
_PLAIN = ("localhost", "127.0.0.1")


def origins(text: str) -> list[str]:
    """What somebody has typed, one a line or with spaces between, as origins; what is none stays as it is."""
    found = [_origin(one) for one in text.replace(",", " ").split()]
    return list(dict.fromkeys(found))


def wrong_sites(sites: Sequence[object]) -> str:
    """The first that is no origin, or plain HTTP beyond this machine; empty where all are."""
    return next(
        (str(one) for one in sites if not _is_site(one)), str(sites[MOST_SITES]) if len(sites) > MOST_SITES else ""
    )


def unknown_languages(languages: Sequence[object]) -> str:
    known = dict(settings.LANGUAGES)
    return next((str(one) for one in languages if one not in known), "")


def _origin(typed: str) -> str:
    parts = taken_apart(typed.lower())
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else typed.lower()


def _is_site(given: object) -> bool:
    text = str(given)
    if _SITE.fullmatch(text) is None:
        return False
    return text.startswith("https://") or urlsplit(text).hostname in _PLAIN
