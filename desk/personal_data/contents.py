"""All that the desk holds of one person, and of nobody else, as a ZIP of JSON and files (a request for information).

What is in it a person could read himself: his own words, public answers to him, what was sent to him. What colleagues
said among themselves, and others' words and addresses, stay out; a colleague who answered is named as he signed.
"""

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate, chain
from shutil import copyfileobj
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet

from escalation.models import AffectedCustomer, CustomerAnalysis, Subscription, TrainingDone
from knowledge.models import Judgement
from notifications.models import Delivery
from people.models import Alias, SignIn, User
from surveys.models import Question
from tickets.fields import told_to
from tickets.models import Attachment, Message, Rating, Ticket
from visits.models import Transcript, Visit

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind about a person, and what each of them says to him."""

    rows: Callable[[User], "QuerySet[Any]"]
    told: Callable[[Any, User], dict[str, Any]]


def size_of(person: User) -> int:
    """How many steps `fill` takes, about: others may write meanwhile."""
    return sum(table.rows(person).count() for table in _TABLES.values()) + _files(person).count()


def fill(target: IO[bytes], person: User) -> Iterator[int]:
    """Write the archive; after each row and each file how many are in it. To be read to the end."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        yield from accumulate(chain(_write_tables(archive, person), _write_files(archive, person)))


def _write_tables(archive: zipfile.ZipFile, person: User) -> Iterator[int]:
    for name, table in _TABLES.items():
        with archive.open(f"{name}.json", "w", force_zip64=True) as out:
            before = "["
            for row in _by_parts(table.rows(person)):
                out.write(f"{before}\n{_json(table.told(row, person))}".encode())
                before = ","
                yield 1
            out.write(b"\n]\n" if before == "," else b"[]\n")


def _write_files(archive: zipfile.ZipFile, person: User) -> Iterator[int]:
    for found in _by_parts(_files(person)):
        # Only its row may be left.
        with (
            suppress(FileNotFoundError),
            found.stored.open("rb") as source,
            archive.open(_place(found), "w", force_zip64=True) as out,
        ):
            copyfileobj(source, out)
        yield 1


def _by_parts(rows: "QuerySet[Any]") -> Iterator[Any]:
    """In the order of their keys, each part read to its end before anything is said of it.

    Whoever makes the archive writes down in between how far it is, and SQLite lets nobody write whose own question is
    half read once somebody else has written.
    """
    after = 0
    while part := list(rows.order_by("pk").filter(pk__gt=after)[:CHUNK]):
        yield from part
        after = part[-1].pk


def _person(one: User, person: User) -> dict[str, Any]:
    return {
        "name": one.name,
        "email": one.email,
        "earlier_addresses": list(Alias.objects.filter(person=one).values_list("address", flat=True)),
        "organisation": one.organisation.name if one.organisation else None,
        "role": one.role,
        "language": one.language,
        "time_zone": one.time_zone,
        "signature": one.signature,
        "known_since": one.created_at,
        "last_sign_in": one.last_login,
    }


def _ticket(one: Ticket, person: User) -> dict[str, Any]:
    return {
        "number": one.number,
        "subject": one.subject,
        "status": one.status,
        "channel": one.channel,
        "fields": {field.label: value for field, value in told_to(one)},
        "opened": one.created_at,
        "solved": one.solved_at,
    }


def _message(one: Message, person: User) -> dict[str, Any]:
    return {
        "ticket": one.ticket_id,
        "at": one.created_at,
        "from": "you" if one.author_id == person.pk else one.author.name if one.author else None,
        "text": one.body,
        "files": [_place(file) for file in one.attachments.all()],
    }


def _messages(person: User) -> "QuerySet[Message]":
    """His own, wherever they stand, and what was answered to him in public."""
    to_him = Q(ticket__requester=person, is_public=True)
    theirs = Q(author=person, is_public=True) | (to_him & ~_by_another_customer(person))
    return Message.objects.filter(theirs)


def _by_another_customer(person: User) -> Q:
    return Q(by_customer=True) & ~Q(author=person)


def _mail(one: Delivery, person: User) -> dict[str, Any]:
    return {"to": one.address, "subject": one.subject, "state": one.state, "at": one.sent_at or one.created_at}


def _rating(one: Rating, person: User) -> dict[str, Any]:
    return {"ticket": one.ticket_id, "score": one.score, "comment": one.comment, "at": one.changed_at}


def _question(one: Question, person: User) -> dict[str, Any]:
    return {
        "about": one.about,
        "asked": one.asked_at,
        "answered": one.answered_at,
        "score": one.score,
        "words": one.words,
    }


def _article(one: Judgement, person: User) -> dict[str, Any]:
    return {"article": one.article.slug, "helped": one.helped, "words": one.words, "at": one.at}


def _escalation(one: AffectedCustomer, person: User) -> dict[str, Any]:
    return {"ticket": one.ticket_id, "counted_as_affected": one.added_at, "can_work_again": one.access_at}


def _status(one: Subscription, person: User) -> dict[str, Any]:
    return {"service": one.service.name, "address": one.address, "asked": one.asked_at, "since": one.confirmed_at}


def _training(one: TrainingDone, person: User) -> dict[str, Any]:
    return {"article": one.version.article.slug, "version": one.version.number, "completed": one.at}


def _files(person: User) -> "QuerySet[Attachment]":
    return Attachment.objects.filter(message__in=_messages(person).order_by())


def _place(found: Attachment) -> str:
    """In the archive: under its key, so that no name leads out of it or meets another."""
    safe = "".join(letter if letter.isalnum() or letter in " ._-" else "_" for letter in found.name).strip(". ")
    return f"files/{found.pk}-{safe or 'file'}"


def _json(row: dict[str, Any]) -> str:
    return json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


_TABLES = {
    "person": Table(lambda who: User.objects.filter(pk=who.pk).select_related("organisation"), _person),
    "tickets": Table(lambda who: Ticket.objects.filter(requester=who), _ticket),
    "messages": Table(lambda who: _messages(who).select_related("author").prefetch_related("attachments"), _message),
    "mails": Table(lambda who: Delivery.objects.filter(recipient=who, channel="email"), _mail),
    "ratings": Table(lambda who: Rating.objects.filter(by=who), _rating),
    "questions": Table(lambda who: Question.objects.filter(person=who), _question),
    "articles": Table(lambda who: Judgement.objects.filter(reader=who).select_related("article"), _article),
    "escalations": Table(lambda who: AffectedCustomer.objects.filter(person=who), _escalation),
    "analyses": Table(
        lambda who: CustomerAnalysis.objects.filter(person=who, sent_at__isnull=False),
        lambda one, _who: {"sent": one.sent_at, "text": one.body},
    ),
    "status_by_mail": Table(lambda who: Subscription.objects.of(who).select_related("service"), _status),
    "trainings": Table(
        lambda who: TrainingDone.objects.filter(person=who).select_related("version__article"), _training
    ),
    "chats": Table(
        lambda who: Visit.objects.filter(ticket__requester=who),
        lambda one, _who: {
            "ticket": one.ticket_id,
            "began": one.began_at,
            "last_seen": one.seen_at,
            "unsent": one.draft,
        },
    ),
    "bots": Table(
        lambda who: Transcript.objects.filter(ticket__requester=who),
        lambda one, _who: {"ticket": one.ticket_id, "bot": one.bot, "at": one.handed_at, "turns": one.turns},
    ),
    "sign_ins": Table(
        lambda who: SignIn.objects.filter(user=who),
        lambda one, _who: {"browser": one.agent, "signed_in": one.created_at, "last_used": one.used_at},
    ),
}
