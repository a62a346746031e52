"""Keeps the words of a ticket for `tickets.search`, in the transaction that changes them. The caller holds the lock."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence

from django.db import transaction
from django.db.models import Prefetch, Value
from django.db.models.functions import Concat, Left

from common.words import BREAK, LONGEST_DOCUMENT, document
from people.models import Organisation
from tickets.models import Attachment, Message, SearchDocument, Ticket

BATCH = 500

# Of these tickets: number and text, in any order.
Beside = Callable[[Collection[int]], Iterable[tuple[int, str]]]
_BESIDE: list[Beside] = []


def register(beside: Beside) -> None:
    """What a floor above keeps of a conversation and colleagues find the ticket by; said once, when it starts.

    Whoever writes or removes it has the words of its tickets made anew (`rebuild`).
    """
    if beside not in _BESIDE:
        _BESIDE.append(beside)


def first(ticket: Ticket, message: Message, file_names: Sequence[str] = ()) -> SearchDocument:
    """Of a new ticket with its first message; not yet stored."""
    text = document(*head_of(ticket), *file_names, message.body)
    public = text if message.is_public else document(*head_of(ticket))
    return SearchDocument(ticket=ticket, everything=text, public=public)


def append(message: Message, file_names: Sequence[str] = ()) -> None:
    """One more message of a ticket that is known already."""
    more = document(*file_names, message.body)
    if not more:
        return
    columns = ["everything", "public"] if message.is_public else ["everything"]
    longer = {name: Left(Concat(name, Value(f" {BREAK} {more}")), LONGEST_DOCUMENT) for name in columns}
    SearchDocument.objects.filter(ticket=message.ticket_id).update(**longer)


def rebuild(numbers: Iterable[int]) -> int:
    """Make the words of these tickets anew; returns how many. For a changed subject or customer, merges, imports."""
    asked = list(numbers)
    tickets = Ticket.objects.filter(number__in=asked).select_related("requester", "organisation")
    messages = Message.objects.order_by("created_at", "pk").prefetch_related(
        Prefetch("attachments", Attachment.objects.only("message", "name"))
    )
    beside = _said_beside(asked)
    with_words = tickets.prefetch_related(Prefetch("messages", messages))
    documents = [_document_of(ticket, beside[ticket.number]) for ticket in with_words]
    SearchDocument.objects.bulk_create(
        documents, update_conflicts=True, unique_fields=["ticket"], update_fields=["everything", "public"]
    )
    return len(documents)


def numbers_of(people: Sequence[int]) -> list[int]:
    """The tickets of these customers."""
    return list(Ticket.objects.filter(requester__in=people).values_list("number", flat=True))


def rebuild_where_named(organisations: Sequence[int]) -> int:
    """The tickets of these organisations that do not know its name yet, a batch after another."""
    found: list[int] = []
    for organisation in Organisation.objects.filter(pk__in=organisations):
        unnamed = SearchDocument.objects.filter(ticket__organisation=organisation)
        found += unnamed.exclude(everything__contains=document(organisation.name)).values_list("ticket", flat=True)
    return sum(_rebuild_locked(found[start : start + BATCH]) for start in range(0, len(found), BATCH))


@transaction.atomic
def _rebuild_locked(numbers: Sequence[int]) -> int:
    held = Ticket.objects.filter(pk__in=numbers).order_by("pk").select_for_update(no_key=True)
    return rebuild(list(held.values_list("pk", flat=True)))


def head_of(ticket: Ticket) -> list[str]:
    """What a ticket is found by besides what was said on it."""
    organisation = [ticket.organisation.name] if ticket.organisation else []
    return [str(ticket.number), ticket.subject, ticket.requester.name, ticket.requester.email, *organisation]


def _said_beside(numbers: Collection[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for beside in _BESIDE:
        for number, text in beside(numbers):
            found[number].append(text)
    return found


def _document_of(ticket: Ticket, beside: Sequence[str]) -> SearchDocument:
    """What was said beside it is for colleagues alone."""
    everything, public = head_of(ticket), head_of(ticket)
    for message in ticket.messages.all():
        texts = [*(file.name for file in message.attachments.all()), message.body]
        everything += texts
        if message.is_public:
            public += texts
    everything += beside
    return SearchDocument(ticket=ticket, everything=document(*everything), public=document(*public))
