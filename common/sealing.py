"""What the desk must be able to read again, and a copy of its database must not: sealed with a key made of its own.

Whoever has the database and not SECRET_KEY learns nothing; a desk whose key was changed can open none of it any more.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac

SALT = "common.sealing"


class SealedElsewhereError(Exception):
    """Sealed under another key, or tampered with."""


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """SealedElsewhereError where this desk's key does not open it."""
    try:
        given = sealed.encode()
        text = _box().decrypt(given).decode()
    except (InvalidToken, UnicodeError) as error:
        raise SealedElsewhereError from error
    # Base64 skips what follows its end and what is no letter of it, so the signature does not cover that.
    if urlsafe_b64encode(urlsafe_b64decode(given)) != given:
        raise SealedElsewhereError
    return text


def _box() -> Fernet:
    return Fernet(urlsafe_b64encode(salted_hmac(SALT, "", algorithm="sha256").digest()))
