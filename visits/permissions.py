"""The one guarded way to a widget and to a visit: by a key that is public, and by a word that is nobody else's."""

import hashlib
import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import NotFound
from tickets.models import Attachment
from visits.models import Visit, Widget

WORD_BYTES = 24


def access_widget(key: str) -> Widget:
    """NotFound alike for one that is absent and one that is not in use."""
    found = Widget.objects.in_use().filter(key=key).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found


def access_visit(word: str, *, widget: Widget, now: datetime) -> Visit:
    """The visit that this word opens, with its ticket; NotFound for a wrong word and for a chat that is over.

    That is: ended by its visitor, forgotten for its age, its ticket put away, or its customer gone. A word opens the
    one ticket of its visit and nothing else.
    """
    found = (
        Visit.objects.going_on(now)
        .select_related("ticket__requester", "ticket__team", "ticket__assignee")
        .filter(digest=digest_of(word), widget=widget, ticket__trashed_at=None)
        .first()
    )
    if found is None or not found.ticket.requester.is_active:
        raise NotFound(_("There is nothing here for you."))
    found.widget = widget
    return found


def access_file(visit: Visit, pk: int) -> Attachment:
    """A file on a public message of the visit's own ticket."""
    found = Attachment.objects.filter(pk=pk, message__ticket=visit.ticket_id, message__is_public=True).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found


def told_address(visit: Visit) -> str:
    """Where his answers go; empty where that is not his to know.

    Who has typed somebody's former address, and proved nothing, does not learn the present one.
    """
    person = visit.ticket.requester
    return person.email if visit.is_proved or not person.aliases.exists() else ""


def new_word() -> str:
    """192 random bits. Only its digest is kept."""
    return secrets.token_urlsafe(WORD_BYTES)


def digest_of(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
