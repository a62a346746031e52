"""One's own sign-ins and second factors as the profile shows them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from people import factors
from people.devices import device, is_mobile
from people.models import SignIn


@dataclass(frozen=True, slots=True)
class SignInLook:
    words: str
    icon: str
    began_at: datetime
    used_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class FactorLook:
    """`passkey`: its key, where it is one; 0 for the app."""

    words: str
    note: str
    icon: str
    passkey: int
    made_at: datetime
    used_at: datetime | None


def factor_looks(rows: Iterable[Authenticator]) -> list[FactorLook]:
    return [_factor(row) for row in rows if row.type in factors.FACTORS]


def _factor(row: Authenticator) -> FactorLook:
    if row.type == factors.APP:
        words, note, icon = str(factors.NAMES[factors.APP]), "", "device-mobile"
    else:
        key = row.wrap()
        words, icon = key.name, "fingerprint"
        note = _("signs in by itself") if key.is_passwordless else _("after the password")
    passkey = row.pk if row.type == factors.PASSKEY else 0
    return FactorLook(words, note, icon, passkey, row.created_at, row.last_used_at)


def sign_in_looks(rows: Sequence[SignIn], this: str | None) -> list[SignInLook]:
    """This one first, then the last used."""
    looks = [
        SignInLook(
            words=_words(row.agent),
            icon="device-mobile" if is_mobile(row.agent) else "device-desktop",
            began_at=row.created_at,
            used_at=row.used_at,
            is_this=row.session_key == this,
        )
        for row in rows
    ]
    return sorted(looks, key=lambda look: not look.is_this)


def _words(agent: str) -> str:
    browser, system = device(agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown browser")
