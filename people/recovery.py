"""Recovery codes: shown once, for some minutes after somebody has first looked at them, and never again."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction

from people.models import User

SHOWN_FOR = timedelta(minutes=10)
SHOWN_AT = "shown_at"


@transaction.atomic
def fresh_codes(user: User, *, now: datetime) -> list[str]:
    """Those that nobody has used yet; empty where there are none, or where they were shown before."""
    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES)
    held = rows.select_for_update().first()
    if held is None:
        return []
    since = held.data.get(SHOWN_AT)
    if since is None:
        held.data[SHOWN_AT] = now.isoformat()
        held.save(update_fields=["data"])
    elif now - datetime.fromisoformat(since) > SHOWN_FOR:
        return []
    codes: list[str] = held.wrap().get_unused_codes()
    return codes


def codes_left(user: User) -> int | None:
    """How many are left; None where there are none at all."""
    held = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return None if held is None else len(held.wrap().get_unused_codes())
