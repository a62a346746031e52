"""A person's own addresses for alerts, and the proof that each is his: a signed link, a code, a browser's word.

What is not verified is not used, but for the address that he signs in with: that one the administrators entered.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotFound
from common.identity import desk_name
from common.text import one_line
from notifications import messengers, pushing
from notifications.actions import post, ring_on_commit
from notifications.enums import AlertKind, Channel, DeliveryState
from notifications.models import Delivery, Preferences, Way
from people.models import User

SALT = "notifications.way"
LINK_GOOD_FOR = timedelta(days=2)
CODE_GOOD_FOR = timedelta(minutes=15)
CODE_DIGITS = 6
WRONG_CODES = 5
MOST_WAYS = 10
# Failing so often, an address does not work.
FAILURES = 5
LABEL_LIMIT = 80
# Whoever hears of these by no way at all is shown to the administrators.
VITAL = (AlertKind.BREACH, AlertKind.ESCALATION)


@transaction.atomic
def ask_to_confirm(*, person: User, now: datetime) -> None:
    """A mail with a link, to the address that he signs in with."""
    way, _new = Way.objects.get_or_create(
        person=person, channel=Channel.EMAIL, target=person.email, defaults={"created_at": now, "label": person.email}
    )
    way.code_hash, way.code_sent_at = secrets.token_hex(16), now
    way.save(update_fields=["code_hash", "code_sent_at"])
    token = signing.dumps([way.pk, way.code_hash], salt=SALT)
    with translation.override(person.language):
        post(
            address=person.email,
            recipient=person,
            subject=_("Confirm this address for your alerts"),
            text=_("%(name)s, open this link and press its button:\n\n%(link)s\n\nIt serves once, for two days.")
            % {"name": person.name, "link": f"{settings.BASE_URL}/profile/ways/confirm/{token}/"},
            dedupe=f"confirm:{way.pk}:{way.code_hash}",
            now=now,
        )


def way_behind(token: str, person: User, now: datetime) -> Way:
    """Raises NotFound, in one sentence, for a link that is altered, used, too old or somebody else's."""
    try:
        key, word = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise NotFound(_("The link is not whole: open it from the mail, not from a copy.")) from None
    way = Way.objects.filter(pk=key, channel=Channel.EMAIL).first()
    if way is None or way.person_id != person.pk:
        raise NotFound(_("The link was sent to somebody else: sign in as whoever got the mail."))
    if not word or way.code_hash != word or way.target != person.email:
        raise NotFound(_("The link serves once, and was used, or a newer one was sent."))
    if way.code_sent_at is None or way.code_sent_at + LINK_GOOD_FOR < now:
        raise NotFound(_("The link was good for two days: send yourself a new one from your profile."))
    return way


@transaction.atomic
def confirm(*, token: str, person: User, now: datetime) -> Way:
    way = way_behind(token, person, now)
    _verify(way, now)
    return way


@transaction.atomic
def add_messenger(*, person: User, target: str, label: str, now: datetime) -> Way:
    """Not used until the code has come back that is sent through it."""
    target = target.strip()
    service = messengers.check(target)
    if not messengers.is_installed():
        raise InvalidInput.of("target", _("Messengers are not installed here; an administrator adds the extra."))
    label = one_line(label, field="label", limit=LABEL_LIMIT) if label.strip() else service
    _check_room(person)
    way, _new = Way.objects.get_or_create(
        person=person, channel=Channel.MESSENGER, target=target, defaults={"created_at": now, "label": label}
    )
    send_code(way=way, now=now)
    return way


@transaction.atomic
def send_code(*, way: Way, now: datetime) -> None:
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    way.code_hash, way.code_sent_at, way.wrong_codes = _hash(way, code), now, 0
    way.save(update_fields=["code_hash", "code_sent_at", "wrong_codes"])
    with translation.override(way.person.language):
        Delivery.objects.create(
            channel=way.channel,
            way=way,
            recipient=way.person,
            address=way.label,
            host=way.channel,
            subject=_("Your code for %(desk)s") % {"desk": desk_name()},
            text=_("Type this code on your profile: %(code)s. It is good for 15 minutes.") % {"code": code},
            dedupe_key=f"code:{way.pk}:{way.code_hash}",
            next_try_at=now,
            created_at=now,
        )
    ring_on_commit()


def enter_code(*, person: User, pk: int, code: str, now: datetime) -> Way:
    """InvalidInput for a wrong one; after five of them it is worth nothing any more."""
    with transaction.atomic():
        way = own_way(person, pk, lock=True)
        problem = _problem(way, code, now)
        if problem:
            Way.objects.filter(pk=pk).update(wrong_codes=F("wrong_codes") + 1)
        else:
            _verify(way, now)
    if problem:
        raise InvalidInput.of("code", problem)
    return way


@transaction.atomic
def add_browser(*, person: User, subscription: Any, label: str, now: datetime) -> Way:
    """The browser itself says that it wants them, in a page that its owner has signed in to."""
    target = pushing.check(subscription)
    _check_room(person)
    # A browser that somebody else used before: its alerts are the new one's.
    Way.objects.filter(channel=Channel.PUSH, target=target).exclude(person=person).delete()
    way, _new = Way.objects.get_or_create(
        person=person, channel=Channel.PUSH, target=target, defaults={"created_at": now, "label": label[:LABEL_LIMIT]}
    )
    _verify(way, now)
    return way


@transaction.atomic
def remove(*, person: User, pk: int) -> None:
    """What waits for it is not sent any more; the page and the mail have it."""
    way = own_way(person, pk, lock=True)
    waiting = Delivery.objects.filter(way=way, state=DeliveryState.WAITING)
    waiting.update(state=DeliveryState.STOPPED, last_error=_("Its reader has taken this way back."))
    way.delete()


def own_way(person: User, pk: int, *, lock: bool = False) -> Way:
    ways = Way.objects.select_for_update() if lock else Way.objects.all()
    way = ways.filter(person=person, pk=pk).first()
    if way is None:
        raise NotFound
    return way


@dataclass(frozen=True, slots=True)
class Standing:
    """What reaches a person, for the administrators."""

    person: User
    is_confirmed: bool
    is_failing: bool
    others: int
    silent: tuple[str, ...]

    @property
    def is_reached(self) -> bool:
        return (not self.is_failing or self.others > 0) and not self.silent


def standings(people: Collection[User]) -> list[Standing]:
    """Four queries, however many people."""
    keys = [person.pk for person in people]
    ways = list(Way.objects.filter(person__in=keys, verified_at__isnull=False, broken_at=None))
    off = dict(Preferences.objects.filter(person__in=keys).values_list("person", "off"))
    failing = set(
        Delivery.objects.unsent()
        .filter(recipient__in=keys, channel=Channel.EMAIL, attempts__gte=FAILURES)
        .values_list("recipient", flat=True)
    )
    return [_standing(person, ways, off.get(person.pk, []), is_failing=person.pk in failing) for person in people]


def _standing(person: User, ways: Collection[Way], off: Collection[str], *, is_failing: bool) -> Standing:
    own = [way for way in ways if way.person_id == person.pk]
    others = [way for way in own if way.channel != Channel.EMAIL]
    channels = {Channel.EMAIL.value, *(way.channel for way in others)}
    silent = [str(kind.label) for kind in VITAL if all(f"{kind}:{channel}" in off for channel in channels)]
    return Standing(
        person=person,
        is_confirmed=any(way.channel == Channel.EMAIL and way.target == person.email for way in own),
        is_failing=is_failing,
        others=len(others),
        silent=tuple(silent),
    )


def _check_room(person: User) -> None:
    if Way.objects.filter(person=person).count() >= MOST_WAYS:
        raise InvalidInput.of("target", _("These are many ways already: remove one first."))


def _problem(way: Way, code: str, now: datetime) -> str:
    if not way.code_hash or way.code_sent_at is None or way.code_sent_at + CODE_GOOD_FOR < now:
        return _("The code is too old: have a new one sent.")
    if way.wrong_codes >= WRONG_CODES:
        return _("There were too many wrong codes: have a new one sent.")
    if not hmac.compare_digest(way.code_hash, _hash(way, code.strip())):
        return _("This is not the code that was sent.")
    return ""


def _hash(way: Way, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{SALT}:{way.pk}:{code}".encode(), hashlib.sha256).hexdigest()


def _verify(way: Way, now: datetime) -> None:
    way.verified_at, way.code_hash, way.wrong_codes, way.broken_at = now, "", 0, None
    way.save(update_fields=["verified_at", "code_hash", "wrong_codes", "broken_at"])
