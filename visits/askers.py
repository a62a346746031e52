"""For whom a request comes out of a chat: an address that was typed there proves nothing."""

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import flatten
from people.actions import find_or_create_customer
from people.models import User


def asker(email: str, name: str, *, field: str = "email") -> User:
    """Who works here, and whose account is closed, does not ask by an address that anybody can type."""
    person = find_or_create_customer(email=email, name=flatten(name, limit=120))
    if not person.is_customer or not person.is_active:
        raise InvalidInput.of(field, _("Chat does not take this address. Take another one, or write to us by e-mail."))
    return person
