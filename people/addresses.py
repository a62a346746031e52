"""Somebody's e-mail address becomes another one, by an administrator."""

from datetime import datetime

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from common import audit
from common.errors import InvalidInput, Refused
from common.identity import desk_name
from people import sign_ins
from people.models import Alias, User
from people.signals import customers_changed


@transaction.atomic
def change_address(*, by: User, person: User, email: str, now: datetime) -> User:
    """Signs in, and is written to, there from now on; a word goes to the old address, mail from which stays his.

    Every session ends. InvalidInput for what is no address, or somebody's already.
    """
    if not by.is_admin:
        raise Refused(_("Only an administrator may do this."))
    held = User.objects.get_queryset().select_for_update(no_key=True).get(pk=person.pk)
    address, old = checked(email, held), held.email.lower()
    if address == old:
        return held
    before = audit.snapshot(held)
    Alias.objects.filter(person=held, address=address).delete()
    Alias.objects.create(person=held, address=old, since=now)
    held.email = address
    held.save(update_fields=["email"])
    apps.get_model("account", "EmailAddress")._default_manager.filter(user=held).delete()
    sign_ins.end_all(held)
    audit.record_change(by=by, subject=f"user {held}", before=before, after=audit.snapshot(held), of=held)
    customers_changed.send(User, people=[held.pk], organisations=[])
    _tell(held, old)
    return held


def checked(email: str, person: User) -> str:
    """In small letters. InvalidInput for what is no address, or somebody else's, now or once."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise InvalidInput.of("email", _("This is not an e-mail address.")) from None
    known = User.objects.at_address(address).exclude(pk=person.pk).first()
    if known is not None:
        words = _("%(name)s has this address, or had it: if it is one person, merge the two.")
        raise InvalidInput.of("email", words % {"name": known.name})
    return address


def _tell(person: User, old: str) -> None:
    """The old address learns it, so that nobody is moved away unknown; by Django's mail, which is the outbox."""
    with override(person.language):
        known = {"desk": desk_name(), "new": person.email}
        subject = _("Your address at %(desk)s was changed") % known
        body = _(
            "From now on %(desk)s writes to %(new)s, and you sign in with that address.\n\n"
            "If you did not ask for this, answer this mail."
        )
        EmailMessage(subject, body % known, to=[old]).send()
