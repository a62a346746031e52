"""What this floor holds of a person: the tickets he asked, what he wrote on others, and the files of both."""

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.errors import NotAllowedNow
from notifications import personal as notifications
from people.erasing.emptying import change_leaves, empty
from people.erasing.parts import Leaving, Part
from people.models import User
from tickets import indexing
from tickets.models import (
    Attachment,
    Draft,
    DraftFile,
    Event,
    FollowUp,
    Hold,
    Mention,
    Message,
    PersonalArchive,
    Presence,
    QuickReply,
    Rating,
    SavedView,
    Ticket,
    TicketService,
    ViewPlace,
)

# Under these an event says something in words; all else there is a key, a figure or a moment.
WORDS = frozenset(
    {"address", "comment", "customer", "name", "note", "other", "owner", "reason", "subject", "tasks", "title", "whom"}
)
LONGEST_KEY = 40
MOST_NAMED = 5


def goes(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {
        _("Words of tickets"): Ticket.objects.filter(requester=person),
        _("Messages and notes on them, and own words elsewhere"): _messages(person),
        _("Files"): Attachment.objects.filter(message__in=_messages(person)),
        _("Comments on how it was solved"): Rating.objects.filter(by=person).exclude(comment=""),
    }


def stays(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {
        _("Tickets, nameless, with their times and states"): Ticket.objects.filter(requester=person),
        _("Lines of their timelines, without words"): Event.objects.filter(ticket__requester=person),
        _("Ratings, as figures"): Rating.objects.filter(by=person),
    }


def erase(leaving: Leaving) -> None:
    person = leaving.person
    own, messages = Ticket.objects.filter(requester=person), _messages(person)
    touched = set(messages.order_by().values_list("ticket", flat=True))
    _remove_files(Attachment.objects.filter(message__in=messages))
    _remove_files(PersonalArchive.objects.filter(person=person))
    _remove_files(DraftFile.objects.filter(Q(draft__ticket__in=own) | Q(draft__author=person)))
    Draft.objects.filter(Q(ticket__in=own) | Q(author=person)).delete()
    empty(messages, "body", "external_id")
    empty_events(Event.objects.filter(ticket__in=own))
    own.update(subject=_("A ticket of an erased person"), fields={})
    empty(Rating.objects.filter(Q(by=person) | Q(ticket__in=own)), "comment")
    empty(FollowUp.objects.filter(ticket__in=own), "outcome")
    empty(TicketService.objects.filter(ticket__in=own), "reference")
    for model in (Mention, Presence, Ticket.watchers.through):
        model._base_manager.filter(user=person).delete()
    SavedView.objects.filter(owner=person).delete()
    ViewPlace.objects.filter(user=person).delete()
    QuickReply.with_own.filter(owner=person).delete()
    notifications.erase_about(own.values("number"))
    indexing.rebuild(touched)


def _messages(person: User) -> "QuerySet[Message]":
    """All on his tickets, and what he wrote as a customer on those of others."""
    return Message.objects.filter(Q(ticket__requester=person) | Q(author=person, by_customer=True))


def empty_events(rows: "QuerySet[Event]") -> None:
    """What they say in words goes; keys, states and moments, of which figures are made, stay."""
    events = list(rows.exclude(data={}))
    for event in events:
        event.data = change_leaves(event.data, _without_words)
    Event.objects.bulk_update(events, ["data"], batch_size=500)


def _without_words(key: str, text: str) -> str:
    return "" if key in WORDS or " " in text or "@" in text or len(text) > LONGEST_KEY else text


def _remove_files(files: "QuerySet[Any]") -> None:
    paths = list(files.values_list("stored", flat=True))
    files.delete()
    transaction.on_commit(partial(_unlink, paths))


def _unlink(paths: Iterable[str]) -> None:
    for path in filter(None, paths):
        default_storage.delete(path)


def hold(people: Collection[int], organisations: Collection[int]) -> None:
    """Their tickets, and those of others on which they wrote, in the order of their numbers."""
    wrote = Message.objects.filter(author__in=people, by_customer=True).values("ticket")
    theirs = Q(requester__in=people) | Q(organisation__in=organisations) | Q(pk__in=wrote)
    found = Ticket.objects.filter(theirs).order_by("number").select_for_update(of=("self",), no_key=True)
    list(found.values_list("pk", flat=True))


def sayers(words: str) -> "QuerySet[Any]":
    return Message.objects.filter(by_customer=True, body__icontains=words).values("author")


def check(person: User) -> None:
    """What is held is kept as it is: while it stands, nobody whose words are on it goes (decision 37)."""
    wrote = Message.objects.filter(author=person).values("ticket")
    theirs = Ticket.objects.filter(Q(requester=person) | Q(pk__in=wrote))
    holds = Hold.objects.filter(Q(ticket__in=theirs) | Q(organisation__in=theirs.values("organisation")))
    found = [f"{one} ({one.reason})" for one in holds.select_related("organisation")[: MOST_NAMED + 1]]
    if found:
        named = ", ".join(found[:MOST_NAMED]) + (" …" if found[MOST_NAMED:] else "")
        raise NotAllowedNow(
            _("Held, so nothing of it may go: %(what)s. Administrators may lift that under “How long data is kept”.")
            % {"what": named}
        )


PART = Part(goes, stays, erase, hold, sayers, check)
