"""How sign-in is fitted to this desk: allauth's adapter, and what axes needs to count failures by e-mail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse


class Adapter(DefaultAccountAdapter):
    """Nobody signs up by himself, and links in mail start with the configured address, never with a request's Host."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", key)


def attempted_email(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """Whom a failed sign-in was for, without regard to case: allauth says `email`, its form says `login`."""
    given = credentials or {}
    email = given.get("email") or given.get("username") or request.POST.get("login")
    return email.strip().lower() if isinstance(email, str) else None


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The same answer for an address that exists and one that does not."""
    return render(request, "account/locked_out.html", status=429)
