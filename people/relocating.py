"""A colleague's address becomes another one, once he has said so himself, from the new one.

Unlike a customer's, it opens the desk: a mistyped one would let a stranger in by a new password. So an administrator
asks, a signed link goes to the new address, good for three days and once, and serves only whoever is signed in as
that colleague; the old address hears of it at once.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from common import audit
from common.errors import InvalidInput, NotFound, Refused
from common.identity import desk_name
from people.addresses import change_address, checked
from people.entrance import AddressChange
from people.models import User

SALT = "people.relocating"
VALID_FOR = timedelta(days=3)


@transaction.atomic
def ask(*, by: User, person: User, email: str, now: datetime) -> AddressChange:
    """A letter to each of the two addresses; the last one asked for counts. InvalidInput for what cannot be his."""
    _check(by)
    held = User.objects.get_queryset().select_for_update(no_key=True).get(pk=person.pk)
    address = checked(email, held)
    if address == held.email.lower():
        raise InvalidInput.of("email", _("This is the address already."))
    AddressChange.objects.filter(person=held).delete()
    row = AddressChange.objects.create(
        person=held, address=address, asked_by=by, sent_at=now, expires_at=now + VALID_FOR
    )
    audit.record_change(by=by, subject=f"user {held}", before={}, after={"address asked for": address}, of=held)
    _ask_new(row, by)
    _tell_old(row, by)
    return row


@transaction.atomic
def withdraw(*, by: User, person: User) -> None:
    """Its link opens nothing any more."""
    _check(by)
    row = AddressChange.objects.select_for_update(of=("self",)).filter(person=person).first()
    if row is None:
        raise NotFound(_("There is nothing here for you."))
    audit.record_change(by=by, subject=f"user {person}", before={"address asked for": row.address}, after={}, of=person)
    row.delete()


def path_of(row: AddressChange) -> str:
    return f"/address/{signing.dumps(row.pk, salt=SALT)}/"


def behind(token: str, *, now: datetime) -> AddressChange:
    """Raises NotFound with one sentence for a link that opens nothing (any more)."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise NotFound(_("It is not whole: open it from the mail, not from a copy.")) from None
    row = AddressChange.objects.select_related("person", "asked_by").filter(pk=pk, person__is_active=True).first()
    if row is None:
        raise NotFound(_("It was used or withdrawn, or a newer letter has been sent."))
    if row.expires_at <= now:
        raise NotFound(_("It was good for three days: ask for another one."))
    if row.asked_by is None or not row.asked_by.is_admin:
        raise NotFound(_("Whoever sent it does not administer this desk any more: ask for another one."))
    return row


@transaction.atomic
def confirm(*, by: User, token: str, now: datetime) -> User:
    """The address is his from now on; sessions end, the old address is told. InvalidInput where it is taken.

    Refused for everybody but himself: the link alone would give his account to whoever reads a mistyped address.
    """
    row = behind(token, now=now)
    check_is_himself(by, row)
    held = AddressChange.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if held is None or row.asked_by is None:
        raise NotFound(_("It was used or withdrawn, or a newer letter has been sent."))
    person = change_address(by=row.asked_by, person=row.person, email=held.address, now=now)
    held.delete()
    return person


def check_is_himself(reader: User, row: AddressChange) -> None:
    if reader.pk != row.person_id:
        raise Refused(_("Sign in as %(name)s to confirm this address.") % {"name": row.person.name})


def _check(by: User) -> None:
    if not by.is_admin:
        raise Refused(_("Only an administrator may do this."))


def _ask_new(row: AddressChange, by: User) -> None:
    """By Django's mail, which is the outbox."""
    with override(row.person.language):
        known = {
            "by": by.name,
            "name": row.person.name,
            "desk": desk_name(),
            "url": settings.BASE_URL + path_of(row),
            "until": f"{localtime(row.expires_at):%Y-%m-%d %H:%M %Z}",
        }
        body = _(
            "%(by)s wants %(name)s to be written to, and to sign in, at %(desk)s with this address.\n\n"
            "Confirm it here:\n%(url)s\n\n"
            "The link serves once, until %(until)s. If this is news to you, leave it: nothing happens."
        )
        EmailMessage(_("Your address at %(desk)s") % known, body % known, to=[row.address]).send()


def _tell_old(row: AddressChange, by: User) -> None:
    with override(row.person.language):
        known = {"by": by.name, "desk": desk_name(), "new": row.address}
        body = _(
            "%(by)s has asked that you sign in at %(desk)s with %(new)s instead of this address. It changes when the "
            "letter to the new address is confirmed.\n\n"
            "If that is wrong, tell an administrator at once."
        )
        EmailMessage(_("Your address at %(desk)s is to change") % known, body % known, to=[row.person.email]).send()
