"""What this floor holds of a person: mails as they came, what is known of them, and what third parties wrote of him."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from mailroom.models import (
    BlockedSender,
    DeliveryFailure,
    Follower,
    RawMessage,
    ReceivedMail,
    SideConversation,
    SideFile,
    SideMessage,
)
from mailroom.threads import side_token_for
from notifications.models import Delivery
from people.erasing.emptying import empty, names_him
from people.erasing.parts import Leaving, Part
from people.models import User
from tickets.models import Ticket


def goes(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {
        _("Mails as they came, quarantined ones too"): _raw(person, (person.email.lower(),)),
        _("Side conversations about the tickets"): SideConversation.objects.filter(ticket__requester=person),
    }


def stays(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {}


def erase(leaving: Leaving) -> None:
    """A mail's row stays, empty, under the digest of its bytes: mailboxes tell by it how far they have been read."""
    person = leaving.person
    raw = list(_raw(person, leaving.addresses).values_list("pk", flat=True))
    for address in leaving.addresses:
        # Somebody else's mail that he got a copy of.
        copied = _with_others_in(address).exclude(raw=None).values_list("raw", "people")
        raw += [key for key, others in copied if names_him(str(others), address)]
    ReceivedMail.objects.filter(Q(message__ticket__requester=person) | Q(sender__in=leaving.addresses)).delete()
    RawMessage.objects.filter(pk__in=raw).update(raw=b"", size=0, message_id="", sender="", subject="", reason="")
    DeliveryFailure.objects.filter(Q(address__in=leaving.addresses) | Q(message__ticket__requester=person)).delete()
    BlockedSender.objects.filter(pattern__in=leaving.addresses).delete()
    Follower.objects.filter(person=person).delete()
    _erase_sides(person, leaving.addresses)


def _raw(person: User, addresses: tuple[str, ...]) -> "QuerySet[RawMessage]":
    numbers = Ticket.objects.filter(requester=person).values("number")
    of_messages = ReceivedMail.objects.filter(message__ticket__requester=person).values("raw")
    return RawMessage.objects.filter(Q(sender__in=addresses) | Q(ticket_number__in=numbers) | Q(pk__in=of_messages))


def _with_others_in(address: str) -> "QuerySet[ReceivedMail]":
    return ReceivedMail.objects.alias(others=Cast("people", TextField())).filter(others__icontains=address)


def _erase_sides(person: User, addresses: tuple[str, ...]) -> None:
    """Those about his tickets, and those that were led with himself about another's."""
    sides = SideConversation.objects.filter(Q(ticket__requester=person) | Q(address__in=addresses))
    files = SideFile.objects.filter(message__conversation__in=sides)
    paths = list(files.values_list("stored", flat=True))
    files.delete()
    letters = [side_token_for(side.pk, side.address) for side in sides]
    Delivery.objects.filter(thread_token__in=letters).delete()
    empty(SideMessage.objects.filter(conversation__in=sides), "body", "external_id", "undelivered")
    empty(sides, "subject", "address", "name")
    transaction.on_commit(partial(_unlink, paths))


def _unlink(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)


PART = Part(goes, stays, erase)
