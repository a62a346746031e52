"""The programs that webhooks call: set up, signed for anew, tested. Each change is on record, no secret is."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.audit import record_change
from common.errors import InvalidInput, NotFound
from common.text import one_line
from notifications.actions import ring_on_commit
from notifications.calling import ForbiddenAddressError, check_url
from notifications.enums import AlertKind, Channel, HookEvent
from notifications.models import Delivery, Endpoint
from notifications.webhooks import OLD_SECRET_FOR, TEST, new_secret
from people.models import Team, User

NAME_LIMIT, URL_LIMIT = 80, 500


@transaction.atomic
def save_endpoint(
    *,
    endpoint: Endpoint | None,
    name: str,
    url: str,
    is_enabled: bool,
    by: User,
    now: datetime,
    kinds: Iterable[str] = (),
    events: Iterable[str] = (),
    teams: Iterable[Team] = (),
    severity: int | None = None,
    with_words: bool = False,
) -> Endpoint:
    """A new one where `endpoint` is None. InvalidInput names what is wrong."""
    kept, teams = endpoint or Endpoint(secret=new_secret(), created_at=now), list(teams)
    before = _public(kept) if endpoint else {}
    kept.name = one_line(name, field="name", limit=NAME_LIMIT)
    kept.url = _url(one_line(url, field="url", limit=URL_LIMIT))
    kept.kinds = [kind for kind in AlertKind.values if kind in set(kinds)]
    kept.events = [event for event in HookEvent.values if event in set(events)]
    kept.is_enabled, kept.severity, kept.with_words = is_enabled, severity, with_words
    if not kept.kinds and not kept.events:
        raise InvalidInput.of("events", _("Choose at least one event, or one kind of alert."))
    if Endpoint.objects.filter(name=kept.name).exclude(pk=kept.pk).exists():
        raise InvalidInput.of("name", _("There is one of this name."))
    kept.save()
    kept.teams.set(teams)
    record_change(by=by, subject=f"webhook: {kept.name}", before=before, after=_public(kept), of=kept)
    return kept


@transaction.atomic
def rotate_secret(*, pk: int, by: User, now: datetime) -> Endpoint:
    """A new secret; the old one signs beside it for a day."""
    endpoint = endpoint_of(pk, lock=True)
    endpoint.old_secret, endpoint.old_until = endpoint.secret, now + OLD_SECRET_FOR
    endpoint.secret = new_secret()
    endpoint.save(update_fields=["secret", "old_secret", "old_until"])
    record_change(by=by, subject=f"webhook: {endpoint.name}", before={}, after={"secret": "rotated"}, of=endpoint)
    return endpoint


@transaction.atomic
def send_test(*, pk: int, by: User, now: datetime) -> Delivery:
    """A call that says of itself that it is a test."""
    endpoint = endpoint_of(pk)
    row = Delivery.objects.create(
        channel=Channel.WEBHOOK,
        endpoint=endpoint,
        address=endpoint.name,
        host=f"hook:{endpoint.pk}",
        kind=TEST,
        subject=_("A test, sent by %(name)s") % {"name": by.name},
        dedupe_key=f"hook-test:{endpoint.pk}:{secrets.token_hex(8)}",
        next_try_at=now,
        created_at=now,
    )
    ring_on_commit()
    return row


@transaction.atomic
def remove_endpoint(*, pk: int, by: User) -> None:
    endpoint = endpoint_of(pk, lock=True)
    record_change(by=by, subject=f"webhook: {endpoint.name}", before=_public(endpoint), after={}, of=endpoint)
    endpoint.delete()


def endpoint_of(pk: int, *, lock: bool = False) -> Endpoint:
    endpoints = Endpoint.objects.select_for_update() if lock else Endpoint.objects.all()
    endpoint = endpoints.filter(pk=pk).first()
    if endpoint is None:
        raise NotFound
    return endpoint


def _url(url: str) -> str:
    try:
        return check_url(url)
    except ForbiddenAddressError as error:
        raise InvalidInput.of("url", str(error)) from None


def _public(endpoint: Endpoint) -> dict[str, object]:
    """All but the secrets."""
    told = ("name", "url", "kinds", "events", "severity", "with_words", "is_enabled")
    shown: dict[str, object] = {name: getattr(endpoint, name) for name in told}
    return {**shown, "teams": sorted(endpoint.teams.values_list("name", flat=True))}
