"""The rules as they would be with a draft among them, and what one ticket or one text would get. Writes nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from people.models import User
from tickets.conditions import Facts
from tickets.enums import Kind, Priority
from tickets.models import RoutingRule
from tickets.routing.book import book_of
from tickets.routing.deciding import Decision, decide
from tickets.routing.editing import Terms, checked, put
from tickets.routing.judging import all_in_order
from tickets.routing.replaying import arrivals
from tickets.routing.roster import People


def rules_with(draft: Terms | None = None, instead_of: int | None = None) -> list[RoutingRule]:
    """All of them in their order; a draft stands in the place of one of them, or as the last before the catch-all."""
    rules = all_in_order(RoutingRule.objects.all())
    if draft is None:
        return rules
    row = next((rule for rule in rules if rule.pk == instead_of), None)
    if instead_of is not None and row is None:
        raise InvalidInput.of("instead_of", _("There is no such rule."))
    if row is None:
        last = max((rule.order for rule in rules if not rule.is_catch_all), default=0)
        row = RoutingRule(order=last + 1)
        rules.append(row)
    put(row, checked(draft, is_catch_all=row.is_catch_all))
    return all_in_order(rules)


def decided_on_ticket(number: int, rules: Sequence[RoutingRule], now: datetime) -> Decision:
    """As the ticket was when it came in."""
    book = book_of(rules)
    ((_number, _team, facts),) = arrivals([number], book.keys)
    return decide(book, facts, People(now))


def decided_on_text(facts: Facts, rules: Sequence[RoutingRule], now: datetime) -> Decision:
    """As if it came in now."""
    return decide(book_of(rules), replace(facts, team=""), People(now))


def facts_of_text(*, subject: str, body: str, channel: str, customer: User | None) -> Facts:
    """What rules can know of something that is written just now; without a customer, by nobody that is known."""
    organisation = customer.organisation if customer else None
    return Facts(
        priority=Priority.NORMAL,
        kind=Kind.QUESTION,
        channel=channel,
        tier=organisation.tier if organisation else "",
        organisation=organisation.slug if organisation else "",
        contract=organisation.contract if organisation else "",
        language=customer.language if customer else "",
        sender=customer.email if customer else "",
        subject=subject,
        text=body,
    )
