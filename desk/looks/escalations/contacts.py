"""The contacts of an escalation (R21): everybody whom it harms, once, with how to reach them."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.looks.inbox.export import BATCH, Row, text_of
from escalation.models import AffectedCustomer, Escalation
from escalation.parties.customers import customers_of
from tickets.enums import Channel

HEADS: tuple[Promise, ...] = (
    pgettext_lazy("of a person", "Name"),
    _("E-mail"),
    _("Organisation"),
    _("Channel"),
    _("Language"),
    _("Time zone"),
    _("Ticket"),
)


def contact_rows(escalation: Escalation) -> Iterator[list[Row]]:
    """In the order in which they were added, the heads first, some hundred at a time, one query each."""
    yield [[str(head) for head in HEADS]]
    after = 0
    while rows := list(_rows(escalation, after)):
        yield [_row(row) for row in rows]
        after = rows[-1].pk


def channel_of(row: AffectedCustomer) -> str:
    """By which way the customer wrote; who did not is written to."""
    return str(row.ticket.get_channel_display() if row.ticket else Channel.EMAIL.label)


def _rows(escalation: Escalation, after: int) -> "list[AffectedCustomer]":
    found = customers_of(escalation).filter(pk__gt=after).select_related("person__organisation", "ticket")
    return list(found.order_by("pk")[:BATCH])


def _row(row: AffectedCustomer) -> Row:
    person = row.person
    cells = (
        person.name,
        person.email,
        person.organisation,
        channel_of(row),
        person.get_language_display(),
        person.time_zone,
        row.ticket_id,
    )
    return [text_of(cell) for cell in cells]
