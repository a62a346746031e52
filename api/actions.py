"""Tokens: made once, shown once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from api.models import ApiToken, digest_of, new_secret
from common import audit
from common.configuring import remove
from common.errors import InvalidInput, NotFound
from common.text import one_line
from people.models import User

LONGEST_DAYS = 365
MOST_TOKENS = 20


@transaction.atomic
def create_token(
    *,
    user: User,
    name: str,
    now: datetime,
    can_write: bool = True,
    hands_over_only: bool = False,
    expires_at: datetime | None = None,
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
        hands_over_only=hands_over_only,
        created_at=now,
        expires_at=expires_at,
    )
    return token, secret


@transaction.atomic
def make_own_token(
    *, user: User, name: str, days: int, can_write: bool, now: datetime, hands_over_only: bool = False
) -> tuple[ApiToken, str]:
    """A token that somebody makes for himself: it ends, and is in the audit. InvalidInput as in `create_token`."""
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInput.of("days", _("From 1 to %(most)d days.") % {"most": LONGEST_DAYS})
    # Held, so that two presses do not pass the limit side by side.
    User.objects.get_queryset().select_for_update().get(pk=user.pk)
    if user.api_tokens.count() >= MOST_TOKENS:
        raise InvalidInput.of("name", _("You have %(most)d tokens: revoke one first.") % {"most": MOST_TOKENS})
    expires_at = now + timedelta(days=days)
    scope = {"can_write": can_write, "hands_over_only": hands_over_only}
    token, secret = create_token(user=user, name=name, now=now, expires_at=expires_at, **scope)
    audit.record_change(by=user, subject=f"token {token}", before={}, after=audit.snapshot(token), of=token)
    return token, secret


@transaction.atomic
def revoke_own_token(*, user: User, pk: int) -> str:
    """Programs that use it stop at once. Its name; NotFound for somebody else's."""
    token = user.api_tokens.filter(pk=pk).first()
    if token is None:
        raise NotFound(_("There is nothing here for you."))
    remove(token, by=user)
    return token.name
