"""Tokens: made once, shown once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from api.models import ApiToken, digest_of, new_secret
from common.errors import InvalidInput
from common.text import one_line
from people.models import User


@transaction.atomic
def create_token(
    *, user: User, name: str, now: datetime, can_write: bool = True, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A token with the person's own rights, and its secret, which is not kept and cannot be shown again.

    Raises InvalidInput for a name that is no line, and for a token that would have expired already.
    """
    if expires_at is not None and expires_at <= now:
        raise InvalidInput.of("expires_at", _("This lies in the past."))
    secret = new_secret()
    token = ApiToken.objects.create(
        user=user,
        name=one_line(name, field="name", limit=80),
        digest=digest_of(secret),
        can_write=can_write,
        created_at=now,
        expires_at=expires_at,
    )
    return token, secret
