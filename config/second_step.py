"""How allauth's second factors are fitted to this desk: what they are called, how secrets lie, how tries are counted.

Tries are counted by axes in the database, for the account and not for the address that they come from: whoever has
the password already may not go on guessing from elsewhere.
"""

import secrets
from base64 import b32encode
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from axes.handlers.proxy import AxesProxyHandler
from axes.utils import reset as forget_tries
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common.identity import desk_name
from common.sealing import SealedElsewhereError, seal, unseal
from people import factors
from people.models import User

# As whom axes counts wrong codes; no e-mail address has a space.
COUNTED_AS = "second step of "
LAST_STEP = "last_step"
LOOPBACK = frozenset({"127.0.0.1", "::1"})


class Adapter(DefaultMFAAdapter):
    """Names and addresses are the desk's own, never those of a request's Host; secrets are sealed."""

    def get_totp_issuer(self) -> str:
        return desk_name()

    def _get_site_name(self) -> str:
        return desk_name()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = urlsplit(settings.BASE_URL).hostname or ""
        # A browser makes no passkey for a bare address; a desk that is tried out has a name beside it.
        return {"id": "localhost" if host in LOOPBACK else host, "name": desk_name()}

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 - allauth's word
        return _("Passkey %(n)d") % {"n": Authenticator.objects.filter(user=user, type=type).count() + 1}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return factors.may_remove(authenticator)

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What cannot be opened becomes a secret that nobody has: no code fits, and nothing breaks."""
        try:
            return unseal(encrypted_text)
        except SealedElsewhereError:
            return b32encode(secrets.token_bytes(20)).decode("ascii")


class _Counted:
    """A code that is wrong, or that has been used, counts; after too many no code is looked at."""

    user: User

    def clean_code(self) -> str:
        request, attempt = context.request, {"username": COUNTED_AS + self.user.email}
        if not AxesProxyHandler.is_allowed(request, attempt):
            request.axes_locked_out = True
            raise ValidationError(_("Too many attempts"))
        try:
            code: str = super().clean_code()  # type: ignore[misc] # of allauth's form, which stands beside it
            _spend(self.authenticator, code)  # type: ignore[attr-defined] # the same
        except ValidationError:
            user_login_failed.send(sender=__name__, credentials=attempt, request=request)
            raise
        return code

    def save(self) -> None:
        forget_tries(username=(COUNTED_AS + self.user.email).lower())
        super().save()  # type: ignore[misc] # of allauth's form


class CodeForm(_Counted, AuthenticateForm):
    """The second step of a sign-in."""


class ConfirmForm(_Counted, ReauthenticateForm):
    """Who it is, asked again before factors are changed."""


@transaction.atomic
def _spend(authenticator: Authenticator, code: str) -> None:
    """A code of an app serves once, whichever process takes it (RFC 6238, 5.2); so does every older one."""
    if authenticator.type != Authenticator.Type.TOTP:
        return
    held = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = decrypt(held.data["secret"])
    steps = [step for step in yield_hotp_counters_from_time() if _fits(secret, step, code)]
    if not steps or max(steps) <= held.data.get(LAST_STEP, 0):
        raise ValidationError(_("This code has been used: wait for the next one."))
    held.data[LAST_STEP] = max(steps)
    held.save(update_fields=["data"])


def _fits(secret: str, step: int, code: str) -> bool:
    fits: bool = compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
    return fits


def counted_by(request: Any, credentials: dict[str, Any] | None = None) -> list[Any]:
    """By which facts axes tells one series of failed tries from another."""
    name = (credentials or {}).get("username") or getattr(request, "username", "") or ""
    return ["username"] if name.startswith(COUNTED_AS) else [["username", "ip_address"]]
