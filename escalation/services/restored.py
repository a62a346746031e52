"""The customer's own word on whether he can work again (R48): a yes settles it for him, a no leads back to Resolve."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common.errors import NotAllowedNow, NotFound
from common.questions import Question
from common.text import many_lines
from escalation import actions
from escalation.enums import State
from escalation.initiate import affected
from escalation.models import AffectedCustomer, Escalation
from escalation.parties.asking import question_behind as question_behind  # the front doors' way to it
from escalation.procedures.conditions import asks_customers
from people.models import User
from tickets.models import Ticket
from tickets.permissions import May, access_ticket

WORDS_LIMIT = 2000


def question_on(user: User, ticket: Ticket) -> AffectedCustomer | None:
    """What this customer is asked on this request of his, if anything."""
    return next((row for row in _of_his.rows(user.pk, ticket.number) if asks_customers(row.escalation)), None)


def asked_among(user: User, tickets: Collection[int]) -> set[int]:
    """On which of these requests this customer is asked; one query."""
    on_them = Q(ticket__in=tickets) | Q(escalation__ticket__in=tickets)
    rows = AffectedCustomer.objects.without_access().filter(on_them, person=user, escalation__state=State.RESOLVED)
    asking = [row for row in rows.select_related("escalation__procedure") if asks_customers(row.escalation)]
    return {number for row in asking for number in (row.ticket_id or 0, row.escalation.ticket_id) if number in tickets}


@Question
def _of_his(user: int, ticket: int) -> "QuerySet[AffectedCustomer]":
    mine = AffectedCustomer.objects.without_access().filter(person=user, escalation__state=State.RESOLVED)
    return mine.filter(_about(ticket)).select_related("escalation__procedure").order_by("pk")


def _about(ticket: Ticket | int) -> Q:
    return Q(ticket=ticket) | Q(escalation__ticket=ticket)


def answer_access(*, user: User, ticket_number: int, works: bool, now: datetime, words: str = "") -> Escalation:
    """On the request's own page. NotFound where nobody asked this customer, NotAllowedNow where it is over."""
    ticket = access_ticket(user, ticket_number, can=May.WRITE)
    question = question_on(user, ticket)
    if question is None:
        known = Escalation.objects.told_to_customers().order_by().values("pk")
        if AffectedCustomer.objects.filter(_about(ticket), person=user, escalation__in=known).exists():
            raise _no_longer_asked()
        raise NotFound(_("There is nothing here for you."))
    return _take(question, works, words, now)


def answer_by_link(*, user: User | None, token: str, works: bool, now: datetime, words: str = "") -> Escalation:
    """By the link of the mail, signed in or not: whoever holds it answers for the one to whom it was sent, once."""
    return _take(question_behind(token, user), works, words, now)


def _no_longer_asked() -> NotAllowedNow:
    return NotAllowedNow(_("It is not asked any more: it has been answered, or we are at work on it again."))


@transaction.atomic
def _take(question: AffectedCustomer, works: bool, words: str, now: datetime) -> Escalation:
    """The escalation is locked first; of two answers at once the second finds nothing asked any more."""
    said = many_lines(words, field="words", limit=WORDS_LIMIT) if words.strip() else ""
    escalation = actions.lock_escalation(question.escalation_id)
    row = AffectedCustomer.objects.select_related("person").get(pk=question.pk)
    if row.access_at is not None or not asks_customers(escalation):
        raise _no_longer_asked()
    person = row.person
    if works:
        return affected.settle_access(number=escalation.number, by=person, now=now, people=[person.pk], note=said)
    reason = said or gettext_noop("The customer cannot work yet.")
    return actions.reopen(number=escalation.number, by=person, reason=reason, now=now)
