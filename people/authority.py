"""Who may grant how much without asking (R67)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.money import read_amount
from people.models import AuthorityLimit, User

UNLIMITED = Decimal("Infinity")
NOTHING = Decimal()


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of money in one currency (ISO 4217)."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.currency} {self.amount:,.2f}"


def read_sum(amount: str, currency: str) -> Sum | None:
    """As somebody wrote it; None where both are empty. Raises InvalidInput for `amount` or `currency`."""
    if not amount.strip():
        return None
    code = currency.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise InvalidInput.of("currency", _("Name the currency by its three letters, as in EUR."))
    return Sum(read_amount(amount, field="amount"), code)


class Limits:
    """The limits of one currency, read once."""

    def __init__(self, currency: str) -> None:
        rows = list(AuthorityLimit.objects.filter(currency=currency))
        self._own = {row.person_id: row.amount for row in rows if row.person_id is not None}
        self._of_role = {row.role: row.amount for row in rows if row.role}

    def of(self, person: User) -> Decimal:
        """His own limit, else that of his role; without either a manager has none, and anybody else grants nothing."""
        plain = UNLIMITED if person.is_manager else NOTHING
        return self._own.get(person.pk, self._of_role.get(person.role, plain))


def who_may_grant(people: Iterable[User], asked: Sum | None) -> list[User]:
    """Those whose limit reaches as far, in their order; all of them where no sum is asked for."""
    found = list(people)
    if asked is None:
        return found
    limits = Limits(asked.currency)
    return [person for person in found if limits.of(person) >= asked.amount]
