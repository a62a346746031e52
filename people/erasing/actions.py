"""A person is erased for good, in one transaction."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common import audit
from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from people.enums import Role
from people.erasing.emptying import strike_out
from people.erasing.parts import Leaving, all_parts, hold
from people.models import Alias, User
from people.signals import customers_changed

# A shorter name is a word of the language.
SHORTEST_NAME = 6
MANY = 3


def check_erasable(by: User, person: User) -> None:
    """Raises Refused, or NotAllowedNow with the one sentence that says what has to be done first."""
    if not by.is_admin:
        raise Refused(_("Only an administrator may do this."))
    if person.erased_at is not None:
        raise NotAllowedNow(_("This person was erased already."))
    if person.role != Role.CUSTOMER and person.is_active:
        raise NotAllowedNow(
            _("%(name)s works here: switch the account off first, where what is open is handed over.")
            % {"name": person.name}
        )
    for part in all_parts():
        part.check(person)


@transaction.atomic
def erase_person(*, by: User, pk: int, typed: str, now: datetime) -> User:
    """What is his goes; what the desk has to keep stays without him. `typed` is his address, as a confirmation.

    The row stays, nameless, for what refers to it; who writes from the address again is somebody new.
    """
    hold(people=[pk])
    person = User.objects.get_queryset().select_for_update(no_key=True).filter(pk=pk).first()
    if person is None:
        raise NotFound(_("There is nothing here for you."))
    check_erasable(by, person)
    if typed.strip().lower() != person.email.lower():
        raise InvalidInput.of("typed", _("Type %(email)s to confirm.") % {"email": person.email})
    own = [person.email.lower(), *Alias.objects.filter(person=person).values_list("address", flat=True)]
    leaving = Leaving(person, tuple(own), now)
    marks = _marks(leaving)
    for part in all_parts():
        part.erase(leaving)
    strike_out(marks)
    # Last: a changed address locks the row against everybody who writes of him.
    _make_nameless(person, now)
    audit.record_change(
        by=by, subject=gettext_noop("A person was erased"), before={}, after={"erased": True}, of=person
    )
    customers_changed.send(User, people=[person.pk], organisations=[])
    return person


def _marks(leaving: Leaving) -> list[str]:
    """By what he is found in words: his addresses, and his name if nobody else is called so."""
    name = leaving.person.name.strip()
    others = User.objects.filter(name__iexact=name).exclude(pk=leaving.person.pk)
    is_his = len(name) >= SHORTEST_NAME and " " in name and not others.exists()
    return [*leaving.addresses, *([name] if is_his and not _is_said_by_many(name, leaving.person) else [])]


def _is_said_by_many(name: str, person: User) -> bool:
    """Somebody may call himself what everybody says: those words are no name, and stay."""
    said_by = [Q(pk__in=part.sayers(name)) for part in all_parts() if part.sayers]
    others = User.objects.filter(*said_by).exclude(pk=person.pk)
    return bool(said_by) and others[:MANY].count() >= MANY


def _make_nameless(person: User, now: datetime) -> None:
    person.name, person.email = _("Erased person"), f"erased-{person.pk}@erased.invalid"
    person.signature, person.own_keys, person.time_zone = "", {}, "UTC"
    person.oversees, person.answers_for_it = None, False
    person.organisation, person.deputy, person.is_active, person.last_login = None, None, False, None
    person.erased_at = now
    person.set_unusable_password()
    person.save()
