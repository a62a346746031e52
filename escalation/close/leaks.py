"""What must not be in a document for a customer: what was said among colleagues, and any other customer (R53).

Three nets: names and addresses of others; marks of the desk (E-207, S1, numbers of foreign tickets); and every run
of words that stands in an internal text and in none that customers have or may be told.
"""

import re
from collections.abc import Iterable, Iterator

from django.db.models import Q

from chat.models import Post
from escalation.models import CustomerAnalysis, Escalation
from escalation.parties.forces import room_of
from people.models import Organisation, User
from tickets.models import Message, Ticket

# As many words in a row are no accident; a shorter internal text counts as a whole, from two words on.
RUN = 5
SHORTEST_NAME = 3
_WORD = re.compile(r"\w+", re.UNICODE)
_MARKS = re.compile(r"\b(?:E|TF)-\d+\b|\bS[1-4]\b")
_NUMBER = re.compile(r"#(\d{1,18})\b")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LONGEST_NAME = 6


def leaks_in(document: CustomerAnalysis) -> list[str]:
    """The words that have to go, in the order of the nets; empty where it may be sent."""
    found = [*_marks(document), *_names(document), *_phrases(document)]
    return list(dict.fromkeys(found))


def _marks(document: CustomerAnalysis) -> Iterator[str]:
    yield from (found[0] for found in _MARKS.finditer(document.body))
    numbers = {int(found[1]) for found in _NUMBER.finditer(document.body)}
    own = Ticket.objects.filter(pk__in=numbers, requester=document.person).values_list("pk", flat=True)
    yield from (f"#{number}" for number in sorted(numbers - set(own)))


def _names(document: CustomerAnalysis) -> Iterator[str]:
    """Of other customers and of colleagues; whoever has written to this customer is known to him."""
    runs = _runs_of(document.body, LONGEST_NAME)
    yield from (name for name in _foreign_names(document) if len(name) >= SHORTEST_NAME and _key(name) in runs)
    addresses = {found[0] for found in _ADDRESS.finditer(document.body)}
    own = {document.person.email.casefold()}
    yield from sorted(address for address in addresses if address.casefold() not in own)


def _foreign_names(document: CustomerAnalysis) -> Iterator[str]:
    reader = document.person
    organisations = Organisation.objects.exclude(pk=reader.organisation_id or 0)
    yield from organisations.values_list("name", flat=True).iterator()
    spoke = Message.objects.filter(ticket__requester=reader, is_public=True, author__isnull=False).values("author")
    known = Q(pk=reader.pk) | Q(organisation=reader.organisation_id, organisation__isnull=False) | Q(pk__in=spoke)
    yield from User.objects.exclude(known).values_list("name", flat=True).iterator()


def _phrases(document: CustomerAnalysis) -> Iterator[str]:
    """Runs of the internal texts, as they stand there."""
    body = _words(document.body)
    told = _keys_of(_told(document), RUN)
    mine = {tuple(body[at : at + RUN]) for at in range(max(0, len(body) - RUN + 1))}
    runs = _runs_of(document.body, RUN - 1)
    for text in internal_texts(document.analysis.escalation):
        words = _words(text)
        if 2 <= len(words) < RUN:
            if tuple(words) in runs and tuple(words) not in told:
                yield text.strip()
            continue
        for at in range(len(words) - RUN + 1):
            run = tuple(words[at : at + RUN])
            if run in mine and run not in told:
                yield " ".join(run)
                break


def internal_texts(escalation: Escalation) -> Iterator[str]:
    """Everything that colleagues said of it, one text at a time."""
    ticket = escalation.ticket_id
    yield from Message.objects.filter(ticket=ticket, is_public=False).values_list("body", flat=True)
    rooms = [escalation.reference, f"#{ticket}", room_of(escalation)]
    yield from Post.objects.filter(room__subject__in=rooms).values_list("body", flat=True)
    of_it = Escalation.objects.filter(ticket=ticket)
    for names in of_it.values_list("summary", "impact", "tried", "end_reason", "approval__note"):
        yield from (text for text in names if text)
    yield from escalation.plan_tasks.values_list("title", flat=True)
    yield from escalation.plan_versions.values_list("reason", flat=True)
    yield from escalation.overrides.values_list("reason", flat=True)
    yield from escalation.communications.filter(audience="stakeholders").values_list("body", flat=True)
    yield from _of_the_force(escalation)
    yield from _of_the_analysis(escalation)
    yield from _of_the_review(escalation)


def _of_the_force(escalation: Escalation) -> Iterator[str]:
    force = getattr(escalation, "task_force", None)
    if force is None:
        return
    for plan in force.plans.prefetch_related("reviews"):
        yield plan.body
        yield plan.reason
        yield from (review.comment for review in plan.reviews.all())


def _of_the_analysis(escalation: Escalation) -> Iterator[str]:
    analysis = escalation.analysis
    for text in (analysis.timeline, analysis.contributing, analysis.findings):
        yield from text.splitlines()
    yield from analysis.whys
    yield analysis.why_asked if analysis.requested_by and analysis.requested_by.is_agent else ""
    yield from escalation.actions.filter(for_customers=False).values_list("title", flat=True)
    if analysis.problem_id:
        yield from Message.objects.filter(ticket=analysis.problem_id, is_public=False).values_list("body", flat=True)


def _of_the_review(escalation: Escalation) -> Iterator[str]:
    review = getattr(escalation, "review", None)
    if review is not None:
        texts = (review.went_well, review.went_badly, review.next_contact, review.lessons_for, review.waive_reason)
        for text in texts:
            yield from text.splitlines()
    for why, settled_why in escalation.recommendations.values_list("why", "settled_why"):
        yield from why.splitlines()
        yield from settled_why.splitlines()


def _told(document: CustomerAnalysis) -> Iterator[str]:
    """What this customer has, or may be told."""
    analysis = document.analysis
    yield analysis.for_customers
    yield from analysis.actions.filter(for_customers=True).values_list("title", flat=True)
    mine = Message.objects.filter(ticket__requester=document.person, is_public=True)
    yield from mine.values_list("body", flat=True)
    yield from Ticket.objects.filter(requester=document.person).values_list("subject", flat=True)


def _words(text: str) -> list[str]:
    return [found[0].casefold() for found in _WORD.finditer(text)]


def _key(text: str) -> tuple[str, ...]:
    return tuple(_words(text))


def _runs_of(text: str, longest: int) -> set[tuple[str, ...]]:
    """Every run of up to so many words."""
    words = _words(text)
    return {tuple(words[at : at + length]) for length in range(1, longest + 1) for at in range(len(words) - length + 1)}


def _keys_of(texts: Iterable[str], longest: int) -> set[tuple[str, ...]]:
    return {run for text in texts for run in _runs_of(text, longest)}
