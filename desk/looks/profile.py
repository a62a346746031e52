"""One's own sign-ins as the profile shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from people.devices import device, is_mobile
from people.models import SignIn


@dataclass(frozen=True, slots=True)
class SignInLook:
    words: str
    icon: str
    began_at: datetime
    used_at: datetime
    is_this: bool


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
