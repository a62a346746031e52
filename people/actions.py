from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from common.questions import Question
from common.text import flatten, many_lines, one_line
from people.enums import Role, Theme
from people.keys import own_keys
from people.models import Organisation, User
from people.querysets import UserQuerySet
from people.signals import customers_changed
from people.zones import is_zone

MOST_UNDO_SECONDS = 30
SIGNATURE_LIMIT = 2000


@transaction.atomic
def create_first_admin(*, email: str, name: str, password: str) -> User:
    """Make the first administrator of an empty desk; refused as soon as there is one."""
    if User.objects.admins().exists():
        raise NotAllowedNow(_("This desk has an administrator already."))
    return User.objects.create_user(
        email=email, password=password, name=one_line(name, field="name", limit=120), role=Role.ADMIN
    )


@Question
def _at_address(address: str) -> UserQuerySet:
    return User.objects.at_address(address).select_related("organisation")


def find_or_create_customer(*, email: str, name: str = "", organisation: Organisation | None = None) -> User:
    """The person behind an address; a new one becomes a customer without a password."""
    address = email.strip().lower()
    if "@" not in address or len(address) > 254:
        raise InvalidInput.of("email", _("This is not an e-mail address."))
    found = _at_address.row(address)
    if found is not None:
        return found
    display = flatten(name, limit=120) or address.split("@")[0]
    try:
        with transaction.atomic():
            return User.objects.create_user(email=address, name=display, role=Role.CUSTOMER, organisation=organisation)
    except IntegrityError:
        # Two first mails of one person at the same moment: the other one was quicker.
        return User.objects.at_address(address).get()


@transaction.atomic
def set_profile(*, user: User, **fields: Any) -> User:
    """The person's own settings; raises InvalidInput on the field that is wrong, with nothing stored."""
    unknown = fields.keys() - _PROFILE.keys()
    if unknown:
        raise InvalidInput({name: [_("There is no such setting.")] for name in unknown})
    checked = {name: _PROFILE[name](value) for name, value in fields.items()}
    called = user.name
    for name, value in checked.items():
        setattr(user, name, value)
    user.save(update_fields=list(checked))
    if user.name != called:
        customers_changed.send(User, people=[user.pk], organisations=[])
    return user


def _zone(value: str) -> str:
    if not is_zone(value):
        raise InvalidInput.of("time_zone", _("There is no time zone “%(zone)s”.") % {"zone": value[:60]})
    return value


def _seconds(value: int) -> int:
    if not 0 <= value <= MOST_UNDO_SECONDS:
        raise InvalidInput.of("undo_seconds", _("From 0 to %(most)d seconds.") % {"most": MOST_UNDO_SECONDS})
    return value


def _one_of(field: str, known: Container[str]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in known:
            raise InvalidInput.of(field, _("There is no such choice."))
        return value

    return check


_PROFILE: dict[str, Callable[[Any], Any]] = {
    "name": lambda value: one_line(value, field="name", limit=120),
    "language": _one_of("language", dict(settings.LANGUAGES)),
    "time_zone": _zone,
    "theme": _one_of("theme", Theme.values),
    "single_keys": bool,
    "undo_seconds": _seconds,
    "weekly_digest": bool,
    "signature": lambda value: many_lines(value, field="signature", limit=SIGNATURE_LIMIT) if value.strip() else "",
}


def set_own_keys(*, user: User, wanted: Mapping[str, str], standard: Iterable[str]) -> None:
    """The single keys that he would rather press, by the standard ones. Raises InvalidInput on each that is wrong."""
    user.own_keys = own_keys(wanted, standard)
    user.save(update_fields=["own_keys"])


def set_theme(*, user: User, theme: str) -> None:
    user.theme = theme
    user.save(update_fields=["theme"])


@transaction.atomic
def remember_colleague(*, email: str, name: str) -> User:
    """Somebody who worked at the desk we came from: known by name, and without a door to enter by."""
    address = email.strip().lower()
    found = User.objects.at_address(address).first()
    if found is not None:
        return found
    return User.objects.create_user(
        email=address, name=flatten(name, limit=120) or address.split("@")[0], role=Role.AGENT, is_active=False
    )
