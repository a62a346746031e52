"""What this floor holds of a person: chats that he began, and what he said to a bot before."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from people.erasing.emptying import empty
from people.erasing.parts import Leaving, Part
from people.models import User
from tickets import indexing
from visits.models import Transcript, Visit, Widget


def goes(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {
        _("Chats on websites, with what was typed and not sent"): Visit.objects.filter(ticket__requester=person),
        _("Conversations with bots"): Transcript.objects.filter(ticket__requester=person),
    }


def stays(person: User) -> Mapping[str, "QuerySet[Any]"]:
    return {}


def erase(leaving: Leaving) -> None:
    remove_words(ticket__requester=leaving.person)


def remove_words(**whose: Any) -> None:
    """Of the tickets that are asked for: no chat can be come back to, and no word of one is left."""
    visits = Visit.objects.filter(**whose)
    empty(visits, "draft", "network")
    visits.update(digest=None)
    transcripts = Transcript.objects.filter(**whose)
    numbers = list(transcripts.values_list("ticket", flat=True))
    transcripts.delete()
    indexing.rebuild(numbers)


def calendars_in_use(calendars: Collection[int]) -> Iterator[tuple[int, str]]:
    """See `calendars.usage`; widgets that are off, too."""
    rows = Widget.objects.filter(calendar__in=calendars).order_by("name")
    for calendar, name in rows.values_list("calendar_id", "name"):
        if calendar is not None:
            yield calendar, _("the chat widget “%(name)s”") % {"name": name}


PART = Part(goes, stays, erase)
