"""Two customers, or two organisations, become one. It cannot be undone (decision 24); the audit keeps it."""

from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common import audit
from common.errors import InvalidInput, NotAllowedNow, Refused
from people import sign_ins
from people.enums import Role
from people.erasing.parts import hold
from people.merging.relations import move_all
from people.models import Alias, Distinct, FormerOrganisation, Organisation, User
from people.signals import customers_changed, organisations_merged

# As the trail keeps it.
MERGED = gettext_noop("Customers merged: %(name)s")
_TOLD = ("name", "email", "organisation_id", "slug", "tier", "value", "contract")

_Row = TypeVar("_Row", bound=Model)


def merge_people(*, by: User, stays: int, goes: int, now: datetime) -> User:
    """All that is of `goes` is of `stays`, and mail from the old address too.

    Refused for whoever is no administrator; InvalidInput for colleagues and for one and the same; NotAllowedNow where
    one of the two has gone meanwhile, by somebody else's merge.
    """
    _check(by, stays, goes)
    try:
        with transaction.atomic():
            return _merge_people(by, stays, goes, now)
    except (IntegrityError, OperationalError) as error:
        # What was written meanwhile still refers to the one that goes: the database lets no row go that is referred to.
        raise NotAllowedNow(_("Something was written by one of the two meanwhile: try again.")) from error


def merge_houses(*, by: User, stays: int, goes: int, now: datetime) -> Organisation:
    """The same for organisations; lists, rules and promises that name the old one mean this one."""
    _check(by, stays, goes)
    try:
        with transaction.atomic():
            return _merge_houses(by, stays, goes, now)
    except (IntegrityError, OperationalError) as error:
        raise NotAllowedNow(_("Something was written about one of the two meanwhile: try again.")) from error


def _merge_people(by: User, stays: int, goes: int, now: datetime) -> User:
    hold(people=[stays, goes])
    kept, gone = _held(User.objects.get_queryset(), stays, goes)
    if {kept.role, gone.role} != {Role.CUSTOMER}:
        raise InvalidInput.of("goes", _("Only customers are merged; who works here is not."))
    if not kept.is_active:
        raise InvalidInput.of("stays", _("%(name)s is switched off: let the other one stay.") % {"name": kept})
    before, after = _told(gone), _told(kept)
    sign_ins.end_all(gone)
    move_all(gone, kept)
    _forget_them_apart()
    if kept.organisation_id is None:
        kept.organisation_id = gone.organisation_id
        kept.save(update_fields=["organisation"])
    Alias.objects.create(person=kept, address=gone.email.lower(), since=now)
    _let_go(gone)
    audit.record_change(by=by, subject=MERGED % {"name": kept}, before=before, after=after)
    customers_changed.send(User, people=[kept.pk], organisations=[])
    return kept


def _merge_houses(by: User, stays: int, goes: int, now: datetime) -> Organisation:
    hold(organisations=[stays, goes])
    kept, gone = _held(Organisation.objects.all(), stays, goes)
    before, after = _told(gone), _told(kept)
    move_all(gone, kept)
    _forget_them_apart()
    kept.escalation_count += gone.escalation_count
    kept.breach_count += gone.breach_count
    kept.save(update_fields=["escalation_count", "breach_count"])
    FormerOrganisation.objects.create(organisation=kept, name=gone.name, slug=gone.slug, since=now)
    _let_go(gone)
    audit.record_change(by=by, subject=MERGED % {"name": kept}, before=before, after=after)
    customers_changed.send(Organisation, people=[], organisations=[kept.pk])
    organisations_merged.send(Organisation, before=gone.slug, after=kept.slug, by=by, now=now)
    return kept


def _forget_them_apart() -> None:
    """Somebody may have said that the two are not one; now they are."""
    Distinct.objects.filter(Q(one=F("other")) | Q(one_house=F("other_house"))).delete()


def _check(by: User, stays: int, goes: int) -> None:
    if not by.is_admin:
        raise Refused(_("Only an administrator may do this."))
    if stays == goes:
        raise InvalidInput.of("goes", _("This is one and the same already."))


def _held(rows: "QuerySet[_Row]", stays: int, goes: int) -> tuple[_Row, _Row]:
    """Both, in one order, so that of two merges of the same two the second waits and finds one of them gone.

    Without their keys: who writes about them meanwhile need not wait for us, nor we for him.
    """
    held = rows.filter(pk__in=[stays, goes]).order_by("pk").select_for_update(of=("self",), no_key=True)
    found = {row.pk: row for row in held}
    if len(found) < 2:
        raise NotAllowedNow(_("One of the two is there no more: somebody has merged it already."))
    return found[stays], found[goes]


def _let_go(row: Model) -> None:
    """As it is: Django's own way would take along what came to refer to it since."""
    type(row)._base_manager.filter(pk=row.pk)._raw_delete(using=row._state.db)


def _told(row: Model) -> dict[str, object]:
    return {name: value for name, value in audit.snapshot(row).items() if name in _TOLD}
