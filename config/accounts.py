"""How sign-in is fitted to this desk: allauth's adapter, and what axes needs to count failures by e-mail."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.addresses import taken_apart
from common.identity import desk_name
from people.models import User

# How somebody says once more who he is.
WAYS = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


@dataclass(frozen=True, slots=True)
class Site:
    """What allauth's mails call "current site": otherwise it would be the Host that a stranger sent."""

    name: str
    domain: str


class Adapter(DefaultAccountAdapter):
    """Nobody signs up by himself, and nothing in a mail comes from a request's Host."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Where a sign-in leads to; what is no address at all leads nowhere."""
        return bool(url) and taken_apart(str(url)) != taken_apart("") and bool(super().is_safe_url(url))

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        """A new one is another one: whoever changes it because it is known to somebody must not keep it."""
        cleaned: str = super().clean_password(password, user)
        if user is not None and user.check_password(cleaned):
            raise ValidationError(_("This is your password already. Choose another one."))
        return cleaned

    def format_email_subject(self, subject: str) -> str:
        return f"{desk_name()}: {subject}"

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", key)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [way | {"description": WAYS[way["id"]]} for way in ways]

    def send_notification_mail(self, template_prefix: str, *args: Any, **kwargs: Any) -> None:
        """Of second factors `people.factors` tells, in the person's own language."""
        if not template_prefix.startswith("mfa/"):
            super().send_notification_mail(template_prefix, *args, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        site = Site(name=desk_name(), domain=urlsplit(settings.BASE_URL).netloc)
        super().send_mail(template_prefix, email, {"current_site": site, **context})


def attempted_email(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """Whom a failed sign-in was for, without regard to case: allauth says `email`, its form says `login`."""
    given = credentials or {}
    email = given.get("email") or given.get("username") or request.POST.get("login")
    return email.strip().lower() if isinstance(email, str) else None


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The same answer for an address that exists and one that does not."""
    return render(request, "account/locked_out.html", status=429)
