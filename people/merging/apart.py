"""Two that look like one are two: remembered until somebody thinks otherwise, and both are in the audit trail."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common import audit
from common.errors import InvalidInput, NotFound, Refused
from people.enums import Role
from people.models import Distinct, Organisation, User

# As the trail keeps it.
APART = gettext_noop("Two customers, not one: %(names)s")


@transaction.atomic
def keep_apart(*, by: User, kind: type[User] | type[Organisation], keys: tuple[int, int], now: datetime) -> Distinct:
    """They are suggested no more; said twice it is said once. NotFound where one of them is gone, or no customer."""
    _check(by)
    rows: Any = User.objects.filter(role=Role.CUSTOMER) if kind is User else Organisation.objects.all()
    found = list(rows.filter(pk__in=keys).order_by("pk"))
    if keys[0] == keys[1]:
        raise InvalidInput.of("other", _("This is one and the same already."))
    if len(found) < 2:
        raise NotFound(_("There is nothing here for you."))
    columns = ("one", "other") if kind is User else ("one_house", "other_house")
    row, is_new = Distinct.objects.get_or_create(
        **dict(zip(columns, found, strict=True)), defaults={"by": by, "since": now}
    )
    if is_new:
        audit.record_change(by=by, subject=APART % {"names": row}, before={}, after={"apart": True}, of=row)
    return row


@transaction.atomic
def perhaps_one(*, by: User, pk: int) -> Distinct:
    """They may be suggested again."""
    _check(by)
    row = Distinct.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is nothing here for you."))
    audit.record_change(by=by, subject=APART % {"names": row}, before={"apart": True}, after={}, of=row)
    Distinct.objects.filter(pk=pk).delete()
    return row


def pairs_apart(kind: type[User] | type[Organisation]) -> set[tuple[int, int]]:
    """Their keys, the smaller one first."""
    names = ("one", "other") if kind is User else ("one_house", "other_house")
    rows = Distinct.objects.filter(**{f"{names[0]}__isnull": False}).order_by()
    return {(min(pair), max(pair)) for pair in rows.values_list(*names)}


def _check(by: User) -> None:
    if not by.is_admin:
        raise Refused(_("Only an administrator may do this."))
