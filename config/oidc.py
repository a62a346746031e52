"""Company sign-ins: allauth's OpenID Connect over this desk's providers, addresses, guards and rules.

Beyond what allauth does: a nonce; the signature of every ID token; nothing of a request is passed on to the provider;
every call goes by the guarded client; whom a claim means is decided by `people.providers`.
"""

import hashlib
import secrets
from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import DomainError, InvalidInput
from common.sealing import SealedElsewhereError, unseal
from config import id_tokens
from config.guarded import session
from desk.answers import nothing_here
from desk.discovery import discover
from people import factors, providers
from people.models import IdentityProvider

REFUSED = 403
# Seconds that what a provider says of itself is believed, and that one who does not answer is left alone.
DISCOVERED_FOR, ASKED_AGAIN_AFTER = 600, 10


class Exchange(OpenIDConnectOAuth2Adapter):
    """From the code in the address to claims that can be believed."""

    @property
    def openid_config(self) -> dict[str, Any]:
        if not hasattr(self, "_openid_config"):
            self._openid_config = _discovered(self.get_provider().app.settings["server_url"])
        return self._openid_config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return settings.BASE_URL + reverse("company_callback", args=[self.provider_id])

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        told = kwargs["response"].get("id_token")
        try:
            keys = self._fetched(self.openid_config["jwks_uri"])
            issuer = self.openid_config["issuer"]
            claims = id_tokens.verify(str(told or ""), keys, issuer=issuer, client_id=app.client_id)
        except id_tokens.BadTokenError as error:
            raise OAuth2Error(str(error)) from error
        if "email" not in claims and self.openid_config.get("userinfo_endpoint"):
            more = self._fetched(self.profile_url, {"Authorization": f"Bearer {token.token}"})
            if more.get("sub") != claims["sub"]:
                raise OAuth2Error("another person's particulars")
            claims = more | claims
        if not isinstance(claims.get("email"), str):
            claims["email"] = ""
        login = self.get_provider().sociallogin_from_response(request, claims)
        login.claims = claims
        return login

    def _fetched(self, url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        with session() as calls:
            answer = calls.get(url, headers=headers)
            answer.raise_for_status()
            found = answer.json()
        if not isinstance(found, dict):
            raise OAuth2Error("no object")
        return found


class Provider(OpenIDConnectProvider):
    """One of ours, as allauth knows providers."""

    oauth2_adapter_class = Exchange

    def get_callback_url(self) -> str:
        return reverse("company_callback", args=[self.app.provider_id])

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Scope, prompt and purpose are not for a link to choose."""
        given: dict[str, Any] = super().get_redirect_from_request_kwargs(request)
        nonce = secrets.token_urlsafe(24)
        scope, asked = self.get_default_scope(), {"nonce": nonce}
        return given | {"process": AuthProcess.LOGIN, "scope": scope, "auth_params": asked, "nonce": nonce}

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Another issuer knows other people, though it may number them alike."""
        return hashlib.sha256(f"{data['iss']}\n{data['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Of what it tells nothing is kept that the account has not."""
        return {"email": data.get("email", "")}


class SocialAdapter(DefaultSocialAccountAdapter):
    """Providers are rows of this desk; who is meant, and who is refused, says `people.providers`."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Provider:
        row = IdentityProvider.objects.filter(slug=provider, is_enabled=True).first()
        if row is None:
            raise SocialApp.DoesNotExist
        return Provider(request, app=_app(row))

    def list_apps(self, *_args: Any, **_kwargs: Any) -> list[SocialApp]:
        return []

    def get_requests_session(self) -> requests.Session:
        return session()

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """`pre_social_login` finds the account; allauth's own way would take its password away."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        row = IdentityProvider.objects.get(slug=sociallogin.account.provider)
        claims = sociallogin.claims
        nonce = str(sociallogin.state.get("nonce") or secrets.token_urlsafe(24))
        if not constant_time_compare(str(claims.get("nonce", "")), nonce):
            raise ImmediateHttpResponse(_refused(request, row.name))
        try:
            if sociallogin.is_existing:
                providers.check_may_enter(row, sociallogin.user, claims)
            else:
                person = providers.person_for(row, claims)
                sociallogin.connect(request, person)
                providers.joined(row, person, now=clock.now())
            providers.keep_role(row, sociallogin.user, claims)
        except DomainError as error:
            raise ImmediateHttpResponse(_refused(request, row.name, str(error))) from error
        request.brings_factor = row.brings_factor  # type: ignore[attr-defined] # read by `_led`, in the same request

    def on_authentication_error(self, request: HttpRequest, provider: Any, **_told: Any) -> None:
        raise ImmediateHttpResponse(_refused(request, provider.app.name))

    def send_notification_mail(self, *_args: Any, **_kwargs: Any) -> None:
        """`people.providers.joined` writes the letter, in the person's own language."""


@never_cache
@require_POST
def company_sign_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Off to the provider."""
    return _led(request, OAuth2LoginView, slug)


@never_cache
@require_safe
def company_callback(request: HttpRequest, slug: str) -> HttpResponse:
    """Back from it."""
    return _led(request, OAuth2CallbackView, slug)


def _led(request: HttpRequest, step: Any, slug: str) -> HttpResponse:
    try:
        answer: HttpResponse = step.adapter_view(Exchange(request, slug))(request)
    except SocialApp.DoesNotExist:
        return nothing_here(request)
    except (OAuth2Error, requests.RequestException):
        return _refused(request, _("The company's sign-in"))
    if getattr(request, "brings_factor", False):
        factors.is_brought(request.session)
    return answer


def _discovered(issuer: str) -> dict[str, Any]:
    """Its document, asked for once in ten minutes; nobody else waits while it is asked, nor after it failed."""
    key = f"oidc:{hashlib.sha256(issuer.encode()).hexdigest()}"
    known: dict[str, Any] | None = cache.get(key)
    if known is not None:
        return known
    if not cache.add(f"{key}:asked", True, ASKED_AGAIN_AFTER):
        raise OAuth2Error("asked a moment ago")
    try:
        found = discover(issuer)
    except InvalidInput as error:
        cache.set(f"{key}:asked", True, ASKED_AGAIN_AFTER)
        raise OAuth2Error(str(error)) from error
    cache.set(key, found, DISCOVERED_FOR)
    cache.delete(f"{key}:asked")
    return found


def _app(row: IdentityProvider) -> SocialApp:
    try:
        secret = unseal(row.secret) if row.secret else ""
    except SealedElsewhereError:
        secret = ""
    terms = {"server_url": row.issuer, "oauth_pkce_enabled": True}
    names = {"provider": Provider.id, "provider_id": row.slug, "name": row.name}
    return SocialApp(client_id=row.client_id, secret=secret, settings=terms, **names)


def _refused(request: HttpRequest, name: str, why: str = "") -> HttpResponse:
    why = why or _("It has not said who you are, or not in time. Begin once more.")
    return render(request, "account/company_refused.html", {"name": name, "why": why}, status=REFUSED)
