"""What an identity provider says of itself (OpenID Connect Discovery 1.0), asked for by the guarded client."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from notifications.calling import CallFailedError, ForbiddenAddressError, call, check_url

WELL_KNOWN = "/.well-known/openid-configuration"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
MOST_BYTES = 262_144


def discover(issuer: str) -> dict[str, Any]:
    """Its document. InvalidInput on `issuer`, in one sentence, where there is none that can be used."""
    try:
        answer = call("GET", issuer.rstrip("/") + WELL_KNOWN, headers={"Accept": "application/json"}, most=MOST_BYTES)
        found = json.loads(answer.text) if answer.status == 200 else None
    except ForbiddenAddressError as error:
        raise InvalidInput.of("issuer", str(error)) from None
    except (CallFailedError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise InvalidInput.of(
            "issuer", _("Nothing there says how to sign in: look for the issuer's address once more.")
        )
    if found.get("issuer") != issuer:
        said = str(found.get("issuer"))[:100]
        raise InvalidInput.of("issuer", _("It calls itself “%(issuer)s”: write it exactly so.") % {"issuer": said})
    for name in NEEDED:
        if not _can_be_called(found.get(name)):
            raise InvalidInput.of("issuer", _("It names no %(what)s that can be called.") % {"what": name})
    return found


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _can_be_called(url: object) -> bool:
    try:
        return isinstance(url, str) and bool(check_url(url))
    except ForbiddenAddressError:
        return False
