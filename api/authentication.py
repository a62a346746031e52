"""Who is calling: a bearer token (RFC 6750) and nothing else, so that no cookie can be made to call."""

from datetime import timedelta
from typing import cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from api.models import ApiToken, digest_of
from common import clock
from common.questions import Question
from people.models import User

REALM = 'Bearer realm="api"'
TOUCH_AFTER = timedelta(minutes=1)
LONGEST_HEADER = 300


class BearerAuthentication(BaseAuthentication):
    """The person behind the token. Unknown, expired and retired tokens get one and the same answer."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = cast(str, request.META.get("HTTP_AUTHORIZATION", ""))
        if not header:
            return None
        scheme, _space, secret = header.partition(" ")
        if scheme.lower() != "bearer":
            raise AuthenticationFailed(_("Send “Authorization: Bearer” and a token."))
        token = find_token(secret.strip()) if len(header) <= LONGEST_HEADER else None
        if token is None:
            raise AuthenticationFailed(_("This token is unknown, has expired, or belongs to nobody any more."))
        touch(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return REALM


@Question
def _of_digest(digest: str) -> "QuerySet[ApiToken]":
    return ApiToken.objects.select_related("user").filter(digest=digest)


def find_token(secret: str) -> ApiToken | None:
    """The token of this secret, if it may be used now."""
    token = _of_digest.row(digest_of(secret))
    is_over = token is not None and token.expires_at is not None and token.expires_at <= clock.now()
    return token if token is not None and token.user.is_active and not is_over else None


def touch(token: ApiToken) -> None:
    """Keep when the token was last used, to the minute: a write for every reading would be too dear."""
    now = clock.now()
    if token.last_used_at is not None and timedelta() <= now - token.last_used_at < TOUCH_AFTER:
        return
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
