"""Who reads the status of a service by mail: asked for, confirmed by a link, and stopped by another (R38).

Nobody hears of anything by another's word: an address waits until the link that was sent to it is confirmed, which a
mail scanner that follows links does not do. An answer never tells whether an address reads already.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow, NotFound
from common.identity import desk_name
from common.sealing import SealedElsewhereError, seal, unseal
from escalation.models import Subscription
from notifications.actions import post
from notifications.models import Delivery
from people.models import User
from tickets.models import Service

TO_CONFIRM, TO_STOP = "escalation.subscription", "escalation.unsubscription"
VALID_FOR = timedelta(hours=48)
SPAN = timedelta(hours=1)
# Within the span: of one address, and from one network.
MOST_OF_AN_ADDRESS, MOST_OF_A_NETWORK = 5, 20
# A link that is that young is not sent once more.
YOUNG = timedelta(minutes=10)
LONGEST_ADDRESS = 254
TEMPLATE, TO_CONFIRM_TEMPLATE = "status", "status_confirm"


@transaction.atomic
def ask(*, service: Service, address: str, language: str, network: str, now: datetime) -> None:
    """Send a link that confirms it. One who reads already is left as he is, and the asker is told the same.

    `network` tells one network from others. InvalidInput on `address`; NotAllowedNow for whoever asks too much.
    """
    address = _checked(address)
    asked = {"language": language, "network": network, "asked_at": now}
    # One after the other, or all that ask at once would find room.
    Service.objects.select_for_update(no_key=True).get(pk=service.pk)
    _check_pace(address, network, now)
    Subscription.objects.unconfirmed().filter(asked_at__lt=now - VALID_FOR).delete()
    rows = Subscription.objects.select_for_update(of=("self",))
    row, is_new = rows.get_or_create(service=service, address=address, defaults=asked)
    if not is_new:
        reads = row.confirmed_at is not None and row.bounced_at is None
        if reads or row.asked_at > now - YOUNG:
            # Counted like any other, or the pace would tell who reads already.
            Subscription.objects.filter(pk=row.pk).update(network=network, asked_at=now if reads else row.asked_at)
            return
        again = {**asked, "person": None, "confirmed_at": None, "bounced_at": None, "answer": ""}
        Subscription.objects.filter(pk=row.pk).update(**again)
        row.language = language
    _send_link(row, now)


def subscription_to_confirm(token: str) -> Subscription:
    """NotFound, in one sentence, where the link confirms nothing (any more)."""
    try:
        key = signing.loads(token, salt=TO_CONFIRM, max_age=VALID_FOR)
    except signing.SignatureExpired:
        raise NotFound(_("It was good for two days. Ask for another on the status page.")) from None
    except signing.BadSignature:
        raise NotFound(_("It is not whole: open it from the mail, not from a copy.")) from None
    found = Subscription.objects.select_related("service").filter(pk=key).first()
    if found is None or not (found.service.is_public and found.service.is_active):
        raise NotFound(_("It confirms nothing any more. Ask for another on the status page."))
    return found


@transaction.atomic
def confirm(*, token: str, now: datetime) -> Subscription:
    """Once; pressed again it changes nothing."""
    found = subscription_to_confirm(token)
    Subscription.objects.unconfirmed().filter(pk=found.pk).update(confirmed_at=now, network="")
    return found


@transaction.atomic
def subscribe(*, person: User, service: Service, now: datetime) -> None:
    """A customer who has signed in: his address is known. The caller has asked whether he may see the service."""
    address = _checked(person.email)
    known = {"person": person, "language": person.language, "confirmed_at": now}
    fresh = {**known, "network": "", "bounced_at": None, "answer": ""}
    Subscription.objects.update_or_create(
        service=service, address=address, defaults=fresh, create_defaults={**known, "asked_at": now}
    )


def unsubscribe(*, person: User, service: Service) -> None:
    Subscription.objects.of(person).filter(service=service).delete()


def stop_url(subscription: Subscription) -> str:
    """Whoever has it stops what the address reads of the service, now and whenever it is asked for again."""
    sealed = seal(f"{TO_STOP} {subscription.service_id} {subscription.address}")
    return f"{settings.BASE_URL}/help/subscriptions/{sealed}/stop/"


def service_to_stop(token: str) -> tuple[Service, str]:
    """With the address; NotFound for a link that is not whole. It has no end, and serves as often as it is needed."""
    nothing = NotFound(_("It is not whole: open it from the mail, not from a copy."))
    try:
        what, _space, said = unseal(token).partition(" ")
    except SealedElsewhereError:
        raise nothing from None
    key, _space, address = said.partition(" ")
    found = Service.objects.filter(pk=int(key)).first() if what == TO_STOP else None
    if found is None:
        raise nothing
    return found, address


def stop(*, token: str, every: bool = False) -> Service:
    """Of this service (RFC 8058), or of `every` one."""
    service, address = service_to_stop(token)
    known = Subscription.objects.filter(address=address)
    (known if every else known.filter(service=service)).delete()
    return service


def drop(letter: Delivery, answer: str, now: datetime) -> bool:
    """An address that mail about a status does not reach hears nothing more; the server's answer is its note.

    Such mail is settled thereby, and so is a link for an address that is none: it is asked for anew or not at all.
    """
    if letter.template == TEMPLATE:
        address = letter.address.lower()
        lost = Subscription.objects.hearing().filter(Q(address=address) | Q(person__email__iexact=address))
        keys = list(lost.values_list("pk", flat=True))
        Subscription.objects.filter(pk__in=keys).update(bounced_at=now, answer=answer[:300])
    return letter.template in (TEMPLATE, TO_CONFIRM_TEMPLATE)


def _checked(address: str) -> str:
    address = address.strip().lower()
    try:
        if len(address) > LONGEST_ADDRESS:
            raise ValidationError("")
        validate_email(address)
    except ValidationError:
        raise InvalidInput.of("address", _("This is no address of mail.")) from None
    return address


def _check_pace(address: str, network: str, now: datetime) -> None:
    """Whether they read already or not: an answer that hung on it would tell."""
    lately = Subscription.objects.filter(asked_at__gt=now - SPAN).order_by()
    of_it = lately.filter(address=address)[:MOST_OF_AN_ADDRESS].count()
    from_it = lately.filter(network=network)[:MOST_OF_A_NETWORK].count() if network else 0
    if of_it >= MOST_OF_AN_ADDRESS or from_it >= MOST_OF_A_NETWORK:
        raise NotAllowedNow(_("That was asked often within an hour. Try again later."))


def _send_link(row: Subscription, now: datetime) -> None:
    with translation.override(row.language):
        subject = _("Confirm: the status of %(service)s by mail") % {"service": row.service.name}
        body = _(
            "Somebody, most likely you, wants to hear by mail how %(service)s is. Nothing is sent before you confirm."
        )
    url = f"{settings.BASE_URL}/help/subscriptions/{signing.dumps(row.pk, salt=TO_CONFIRM)}/"
    context = {"desk_name": desk_name(), "author": desk_name(), "language": row.language, "action_url": url}
    post(
        address=row.address,
        subject=subject,
        template=TO_CONFIRM_TEMPLATE,
        context={**context, "body": body % {"service": row.service.name}},
        dedupe=f"status-confirm:{row.pk}:{now.isoformat()}",
        now=now,
    )
