"""A customer's or an organisation's entry, as an administrator changes it."""

from typing import Any, TypeVar

from django.db import transaction

from common.configuring import configure
from people.models import Organisation, User
from people.signals import customers_changed

_Entry = TypeVar("_Entry", User, Organisation)


@transaction.atomic
def keep(entry: _Entry, *, by: User, **terms: Any) -> _Entry:
    """See `configure`; whoever is called otherwise is found by that."""
    called = "" if entry._state.adding else type(entry)._default_manager.values_list("name", flat=True).get(pk=entry.pk)
    kept = configure(entry, by=by, **terms)
    if called and kept.name != called:
        is_person = isinstance(kept, User)
        people, organisations = ([kept.pk], []) if is_person else ([], [kept.pk])
        customers_changed.send(type(kept), people=people, organisations=organisations)
    return kept
