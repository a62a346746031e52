from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from common.text import flatten, one_line
from people.enums import Role
from people.models import Organisation, User


@transaction.atomic
def create_first_admin(*, email: str, name: str, password: str) -> User:
    """Make the first administrator of an empty desk; refused as soon as there is one."""
    if User.objects.admins().exists():
        raise NotAllowedNow(_("This desk has an administrator already."))
    return User.objects.create_user(
        email=email, password=password, name=one_line(name, field="name", limit=120), role=Role.ADMIN
    )


@transaction.atomic
def find_or_create_customer(*, email: str, name: str = "", organisation: Organisation | None = None) -> User:
    """The person behind an address; a new one becomes a customer without a password."""
    address = email.strip().lower()
    if "@" not in address or len(address) > 254:
        raise InvalidInput.of("email", _("This is not an e-mail address."))
    found = User.objects.filter(email__iexact=address).first()
    if found is not None:
        return found
    display = flatten(name, limit=120) or address.split("@")[0]
    return User.objects.create_user(email=address, name=display, role=Role.CUSTOMER, organisation=organisation)


def set_theme(*, user: User, theme: str) -> None:
    user.theme = theme
    user.save(update_fields=["theme"])


@transaction.atomic
def remember_colleague(*, email: str, name: str) -> User:
    """Somebody who worked at the desk we came from: known by name, and without a door to enter by."""
    address = email.strip().lower()
    found = User.objects.filter(email__iexact=address).first()
    if found is not None:
        return found
    return User.objects.create_user(
        email=address, name=flatten(name, limit=120) or address.split("@")[0], role=Role.AGENT, is_active=False
    )
