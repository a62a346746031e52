"""All that the desk holds of one person, and of nobody else, as a ZIP of JSON and files (a request for information).

What is in it a person could read himself: his own words, public answers to him, what was sent to him. What colleagues
said among themselves, and others' words and addresses, stay out; a colleague who answered is named as he signed.
"""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from shutil import copyfileobj
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common import audit
from common.errors import Refused
from escalation.models import AffectedCustomer, CustomerAnalysis
from knowledge.models import Judgement
from notifications.models import Delivery
from people.models import Alias, SignIn, User
from surveys.models import Question
from tickets.fields import told_to
from tickets.models import Attachment, Message, Rating, Ticket

IN_MEMORY = 8 << 20
PART = 1 << 16
CHUNK = 500
Rows = Iterator[dict[str, Any]]


def export_person(*, by: User, person: User) -> Iterator[bytes]:
    """The archive in parts, made when the first is asked for; the trail tells of it. Refused but for administrators."""
    if not by.is_admin:
        raise Refused(_("Only an administrator may do this."))
    with transaction.atomic():
        audit.record_change(
            by=by, subject=_("A person's data was exported"), before={}, after={"exported": True}, of=person
        )
    return _parts(person)


def _parts(person: User) -> Iterator[bytes]:
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            _fill(archive, person)
        out.seek(0)
        while part := out.read(PART):
            yield part


def _fill(archive: zipfile.ZipFile, person: User) -> None:
    for name, rows in _TABLES.items():
        archive.writestr(f"{name}.json", _json(rows(person)))
    for place, found in _files(person):
        # Only its row may be left.
        with suppress(FileNotFoundError), found.stored.open("rb") as source, archive.open(place, "w") as target:
            copyfileobj(source, target)


def _json(rows: Iterable[dict[str, Any]]) -> str:
    return json.dumps(list(rows), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _person(person: User) -> Rows:
    yield {
        "name": person.name,
        "email": person.email,
        "earlier_addresses": list(Alias.objects.filter(person=person).values_list("address", flat=True)),
        "organisation": person.organisation.name if person.organisation else None,
        "role": person.role,
        "language": person.language,
        "time_zone": person.time_zone,
        "signature": person.signature,
        "known_since": person.created_at,
        "last_sign_in": person.last_login,
    }


def _tickets(person: User) -> Rows:
    found = Ticket.objects.filter(requester=person).order_by("number")
    for one in found.iterator(CHUNK):
        yield {
            "number": one.number,
            "subject": one.subject,
            "status": one.status,
            "channel": one.channel,
            "fields": dict(told_to(one)),
            "opened": one.created_at,
            "solved": one.solved_at,
        }


def _messages(person: User) -> Rows:
    """His own, wherever they stand, and what was answered to him in public."""
    for one in _his_messages(person).select_related("author").prefetch_related("attachments").iterator(CHUNK):
        yield {
            "ticket": one.ticket_id,
            "at": one.created_at,
            "from": "you" if one.author_id == person.pk else one.author.name if one.author else None,
            "text": one.body,
            "files": [_place(file) for file in one.attachments.all()],
        }


def _his_messages(person: User) -> Any:
    to_him = Q(ticket__requester=person, is_public=True)
    return Message.objects.filter(Q(author=person, is_public=True) | (to_him & ~_by_another_customer(person))).order_by(
        "pk"
    )


def _by_another_customer(person: User) -> Q:
    return Q(by_customer=True) & ~Q(author=person)


def _mails(person: User) -> Rows:
    sent = Delivery.objects.filter(recipient=person, channel="email").order_by("pk")
    for one in sent.iterator(CHUNK):
        yield {"to": one.address, "subject": one.subject, "state": one.state, "at": one.sent_at or one.created_at}


def _ratings(person: User) -> Rows:
    for one in Rating.objects.filter(by=person).order_by("pk"):
        yield {"ticket": one.ticket_id, "score": one.score, "comment": one.comment, "at": one.changed_at}


def _questions(person: User) -> Rows:
    for one in Question.objects.filter(person=person).order_by("pk"):
        yield {
            "about": one.about,
            "asked": one.asked_at,
            "answered": one.answered_at,
            "score": one.score,
            "words": one.words,
        }


def _articles(person: User) -> Rows:
    for one in Judgement.objects.filter(reader=person).select_related("article").order_by("pk"):
        yield {"article": one.article.slug, "helped": one.helped, "words": one.words, "at": one.at}


def _escalations(person: User) -> Rows:
    for one in AffectedCustomer.objects.filter(person=person).order_by("pk"):
        yield {"ticket": one.ticket_id, "counted_as_affected": one.added_at, "can_work_again": one.access_at}


def _analyses(person: User) -> Rows:
    for one in CustomerAnalysis.objects.filter(person=person, sent_at__isnull=False):
        yield {"sent": one.sent_at, "text": one.body}


def _sign_ins(person: User) -> Rows:
    for one in SignIn.objects.filter(user=person):
        yield {"browser": one.agent, "signed_in": one.created_at, "last_used": one.used_at}


def _files(person: User) -> Iterator[tuple[str, Attachment]]:
    for one in Attachment.objects.filter(message__in=_his_messages(person).order_by()).order_by("pk").iterator(CHUNK):
        yield _place(one), one


def _place(found: Attachment) -> str:
    """In the archive: under its key, so that no name leads out of it or meets another."""
    safe = "".join(letter if letter.isalnum() or letter in " ._-" else "_" for letter in found.name).strip(". ")
    return f"files/{found.pk}-{safe or 'file'}"


_TABLES: dict[str, Callable[[User], Rows]] = {
    "person": _person,
    "tickets": _tickets,
    "messages": _messages,
    "mails": _mails,
    "ratings": _ratings,
    "questions": _questions,
    "articles": _articles,
    "escalations": _escalations,
    "analyses": _analyses,
    "sign_ins": _sign_ins,
}
