"""What a customer is given of the analysis: a document of its own, composed, checked, sent, read (R53, R54)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from common.identity import desk_name
from common.text import many_lines
from escalation.actions import lock_escalation
from escalation.close.composing import composed
from escalation.close.leaks import leaks_in
from escalation.models import Analysis, AnalysisReading, CustomerAnalysis, Escalation
from escalation.parties.customers import customers_of
from escalation.recording import record_step
from notifications.actions import post
from people.models import User
from people.zones import zone_of

BODY_LIMIT = 20_000
MOST_SHOWN = 10


@transaction.atomic
def compose(*, number: int, by: User, person: int, now: datetime, body: str = "") -> Escalation:
    """The text for one affected customer; without one it is drafted from what he may be told.

    A new text has been checked by nobody. What was sent stays as it was sent.
    """
    escalation, analysis = _submitted(number)
    reader = _reader(escalation, person)
    document = CustomerAnalysis.objects.filter(analysis=analysis, person=reader).first()
    if document is not None and document.sent_at is not None:
        raise _already_sent(document)
    text = many_lines(body, field="body", limit=BODY_LIMIT) if body.strip() else composed(analysis, reader)
    CustomerAnalysis.objects.update_or_create(
        analysis=analysis,
        person=reader,
        defaults={"body": text, "composed_by": by, "composed_at": now, "checked_by": None, "checked_at": None},
    )
    record_step(escalation, "rca_composed", by=by, now=now, whom=reader.name)
    return escalation


@transaction.atomic
def check(*, number: int, by: User, document: int, now: datetime, seen: str | None = None) -> Escalation:
    """A second pair of eyes: another person than whoever composed it. Refused with the words that are internal.

    `seen` is the text that they had before them: another one has been read by nobody.
    """
    escalation, found = _of(number, document)
    if found.sent_at is not None:
        raise _already_sent(found)
    _refuse_another(found, seen)
    if found.composed_by_id == by.pk:
        raise NotAllowedNow(_("Another person than whoever composed it checks it."))
    _refuse_leaks(found)
    found.checked_by = by
    found.checked_at = now
    found.save(update_fields=["checked_by", "checked_at"])
    record_step(escalation, "rca_checked", by=by, now=now, whom=found.person.name)
    return escalation


@transaction.atomic
def send(*, number: int, by: User, document: int, now: datetime, seen: str | None = None) -> Escalation:
    """To the customer by mail, and onto the page of his request from now on; once, and looked through once more.

    `seen` is the text that the sender had before him.
    """
    escalation, found = _of(number, document)
    if found.sent_at is not None:
        raise _already_sent(found)
    _refuse_another(found, seen)
    if found.checked_at is None:
        raise NotAllowedNow(_("A second person has to check it first."))
    if not found.person.is_active:
        raise NotAllowedNow(_("%(name)s has left.") % {"name": found.person.name})
    _refuse_leaks(found)
    found.sent_by = by
    found.sent_at = now
    found.save(update_fields=["sent_by", "sent_at"])
    _mail(found, now)
    record_step(escalation, "rca_sent", by=by, now=now, whom=found.person.name)
    return escalation


def mark_read(*, document: CustomerAnalysis, now: datetime) -> None:
    """The customer has it before him; the first time counts."""
    AnalysisReading.objects.get_or_create(document=document, defaults={"at": now})


def _submitted(number: int) -> tuple[Escalation, Analysis]:
    escalation = lock_escalation(number)
    analysis = Analysis.objects.filter(escalation=escalation).first()
    if analysis is None or analysis.submitted_at is None:
        raise NotAllowedNow(_("The internal analysis is not submitted yet."))
    return escalation, analysis


def _of(number: int, document: int) -> tuple[Escalation, CustomerAnalysis]:
    escalation, analysis = _submitted(number)
    found = analysis.documents.select_related("person__organisation").filter(pk=document).first()
    if found is None:
        raise InvalidInput.of("document", _("There is no such document."))
    return escalation, found


def _reader(escalation: Escalation, person: int) -> User:
    line = customers_of(escalation).select_related("person").filter(person=person).first()
    if line is None:
        raise InvalidInput.of("person", _("Only an affected customer is given an analysis."))
    return line.person


def _already_sent(document: CustomerAnalysis) -> NotAllowedNow:
    return NotAllowedNow(_("%(name)s has it already.") % {"name": document.person.name})


def _refuse_another(document: CustomerAnalysis, seen: str | None) -> None:
    """Lines are compared, since a form ends them in its own way."""
    if seen is not None and seen.strip().splitlines() != document.body.strip().splitlines():
        raise NotAllowedNow(_("This is not the text that was composed: compose it anew, and have that one checked."))


def _refuse_leaks(document: CustomerAnalysis) -> None:
    found = leaks_in(document)
    if found:
        words = ", ".join(f"“{word}”" for word in found[:MOST_SHOWN])
        raise InvalidInput.of(
            "body", _("This is not for %(name)s: %(words)s.") % {"name": document.person.name, "words": words}
        )


def _mail(document: CustomerAnalysis, now: datetime) -> None:
    person = document.person
    number = document.analysis.escalation.ticket_id
    with translation.override(person.language), timezone.override(zone_of(person.time_zone)):
        subject = _("What went wrong, and what we do about it")
        context = {
            "desk_name": desk_name(),
            "language": person.language,
            "ticket_number": number,
            "headline": subject,
            "body": document.body,
            "author": desk_name(),
            "files": [],
            "action_url": f"{settings.BASE_URL}/help/analyses/{document.pk}/",
            "action_label": _("Open it"),
        }
    post(
        address=person.email,
        recipient=person,
        subject=subject,
        dedupe=f"analysis:{document.pk}",
        now=now,
        template="message",
        context=context,
    )
