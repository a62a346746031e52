"""Who may grant how much without asking, as an administrator sets it (R67); `people.authority` reads it."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from common.configuring import configure, remove
from common.errors import InvalidInput, NotFound, Refused
from people.authority import NOTHING, Sum, read_sum
from people.enums import STAFF_ROLES
from people.models import AuthorityLimit, User


@transaction.atomic
def set_limit(*, by: User, role: str, person: User | None, amount: str, currency: str) -> AuthorityLimit:
    """Of a role or of a person, in one currency; the one that there is gets another amount.

    InvalidInput on `whose` for neither, both or no role of the desk, else on `amount` or `currency`.
    """
    _check_admin(by)
    if (role == "") == (person is None) or (role and role not in STAFF_ROLES):
        raise InvalidInput.of("whose", _("A limit is that of a role or that of a person."))
    if person is not None and not person.is_agent:
        raise InvalidInput.of("whose", _("%(name)s does not work here.") % {"name": person.name})
    asked = _read(amount, currency)
    found = AuthorityLimit.objects.select_for_update(of=("self",)).filter(
        role=role, person=person, currency=asked.currency
    )
    row = found.first() or AuthorityLimit(role=role, person=person, currency=asked.currency)
    return configure(row, by=by, amount=asked.amount)


def remove_limit(*, by: User, pk: int) -> None:
    _check_admin(by)
    found = AuthorityLimit.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    remove(found, by=by)


def _read(amount: str, currency: str) -> Sum:
    """Nothing is a limit, too: of a manager, who else has none."""
    is_nothing = re.fullmatch(r"\s*0+([.,]0+)?\s*", amount) is not None
    found = read_sum("1" if is_nothing else amount, currency)
    if found is None:
        raise InvalidInput.of("amount", _("Say up to how much; 0 is nothing."))
    return Sum(NOTHING, found.currency) if is_nothing else found


def _check_admin(user: User) -> None:
    if not user.is_admin:
        raise Refused(_("Only an administrator may do this."))
