"""The word of an identity provider on who has signed in (OpenID Connect Core 1.0, 3.1.3.7). Pure but for the time."""

from collections.abc import Mapping
from typing import Any

import jwt

# Signatures alone, and only by a key pair: a shared secret would let whoever knows the desk's own forge one.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
LEEWAY = 60
NEEDED = ["iss", "sub", "aud", "exp", "iat"]


class BadTokenError(Exception):
    """It proves nothing; the text says why, for the log."""


def verify(token: str, keys: Mapping[str, Any], *, issuer: str, client_id: str) -> dict[str, Any]:
    """Its claims, once signature, issuer, audience and times are right. The nonce is the caller's business."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise BadTokenError("no signature that is believed")
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(keys, header),
            algorithms=[header["alg"]],
            audience=client_id,
            issuer=issuer,
            leeway=LEEWAY,
            options={"require": NEEDED},
        )
    except (jwt.PyJWTError, TypeError, ValueError, KeyError) as error:
        raise BadTokenError(str(error)) from error
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != client_id:
        raise BadTokenError("made for another client")
    return claims


def _key(keys: Mapping[str, Any], header: Mapping[str, Any]) -> jwt.PyJWK:
    known = [one for one in jwt.PyJWKSet.from_dict(dict(keys)).keys if one.public_key_use in {None, "sig"}]
    named = [one for one in known if one.key_id == header.get("kid")] if header.get("kid") else known
    if len(named) != 1:
        raise BadTokenError("no key of this name")
    return named[0]
