"""What this floor itself does when a ticket changes: one line, as on the floors above."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from calendars import usage
from people.erasing import parts
from people.models import User
from people.signals import customers_changed, organisations_merged
from tickets import indexing, personal, watching
from tickets.models import Event, Ticket
from tickets.rerouting import looking
from tickets.routing import editing, uses
from tickets.signals import ticket_changed


@receiver(ticket_changed, dispatch_uid="tickets.tell_watchers")
def tell_watchers(*, ticket: Ticket, events: Sequence[Event], now: datetime, **_kwargs: Any) -> None:
    watching.tell_watchers(ticket, events, now=now)


@receiver(ticket_changed, dispatch_uid="tickets.look_again")
def look_again(*, ticket: Ticket, events: Sequence[Event], now: datetime, **_kwargs: Any) -> None:
    looking.look_again(ticket, events, now=now)


@receiver(customers_changed, dispatch_uid="tickets.find_by_their_names")
def find_by_their_names(*, people: Sequence[int], organisations: Sequence[int], **_kwargs: Any) -> None:
    indexing.rebuild(indexing.numbers_of(people))
    if organisations:
        # They may have very many, whom nobody is to wait for.
        transaction.on_commit(partial(indexing.rebuild_where_named, tuple(organisations)))


@receiver(organisations_merged, dispatch_uid="tickets.rules_name_who_stays")
def rules_name_who_stays(*, before: str, after: str, by: User, now: datetime, **_kwargs: Any) -> None:
    editing.rename_organisation(before=before, after=after, by=by, now=now)


usage.register(uses.calendars_in_use)

parts.register(personal.PART)
