"""Who administers the desk and who works at it: given, handed over, and never to nobody (R32). Each change is kept."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common import audit
from common.errors import InvalidInput, NotAllowedNow, Refused
from common.languages import as_kept
from common.text import one_line
from people import deputies, sign_ins
from people.enums import MANAGING_ROLES, STAFF_ROLES, Role
from people.models import User

# Each may do what the one before may.
_RANK = {role: place for place, role in enumerate(Role.values)}


@transaction.atomic
def set_role(*, by: User, person: User, role: str, session: str = "") -> User:
    """What somebody is at the desk. NotAllowedNow where that would leave it without an administrator.

    His other sign-ins end with his rights; `session` is the key of the one that may go on.
    """
    check_grants(by, role)
    return _changed(by, person, {"role": role}, session)


@transaction.atomic
def set_standing(
    *,
    by: User,
    person: User,
    name: str,
    role: str,
    is_senior: bool,
    deputy: User | None,
    gravest_severity: int,
    capacity: int | None,
    session: str = "",
) -> User:
    """A colleague as an administrator has him, and how grave and how much rules give him (R68).

    InvalidInput where a deputy is none, NotAllowedNow as in `set_role`.
    """
    check_grants(by, role)
    if role not in STAFF_ROLES:
        raise InvalidInput.of("role", _("A colleague who leaves is switched off; he becomes no customer."))
    if is_senior and role not in MANAGING_ROLES:
        raise InvalidInput.of("is_senior", _("Only a manager can be senior: he decides what no procedure fits."))
    deputies.check(person, deputy)
    fields = {"name": one_line(name, field="name", limit=120), "role": role, "is_senior": is_senior}
    given = {"deputy": deputy, "gravest_severity": gravest_severity, "capacity": capacity}
    return _changed(by, person, {**fields, **given}, session)


@transaction.atomic
def hand_over(*, by: User, to: User, becoming: str = Role.MANAGER, session: str = "") -> User:
    """Somebody else of the desk administers it from now on, and whoever hands it over is what `becoming` says."""
    _check_admin(by)
    if to == by:
        raise InvalidInput.of("to", _("Hand it over to somebody else."))
    if not (to.is_active and to.role in STAFF_ROLES):
        raise InvalidInput.of("to", _("Only somebody who works at the desk can administer it."))
    if becoming not in STAFF_ROLES or becoming == Role.ADMIN:
        raise InvalidInput.of("becoming", _("Whoever hands it over is no administrator any more."))
    _changed(by, to, {"role": Role.ADMIN})
    _changed(by, by, {"role": becoming}, session)
    return to


@transaction.atomic
def set_active(*, by: User, person: User, is_active: bool) -> User:
    """Lets somebody in, or out. NotAllowedNow for the last administrator."""
    _check_admin(by)
    return _changed(by, person, {"is_active": is_active})


def check_stays_governed(person: User, *, role: str, is_active: bool) -> None:
    """Raises NotAllowedNow where nobody would be left. All administrators are held, so that two do not both go."""
    if role == Role.ADMIN and is_active:
        return
    admins = list(User.objects.admins().select_for_update().order_by("pk").values_list("pk", flat=True))
    if admins == [person.pk]:
        raise NotAllowedNow(
            _("%(name)s is the last administrator: make somebody else one first.") % {"name": person.name}
        )


def check_grants(by: User, role: str) -> None:
    """Nobody gives more than he has; who works here is the administrators' business (R30, R32)."""
    _check_admin(by)
    if role not in Role.values:
        raise InvalidInput.of("role", _("A role is one of %(known)s.") % {"known": ", ".join(Role.values)})
    if _RANK[role] > _RANK[by.role]:
        raise Refused(_("Nobody can give more rights than he has."))


def rank(role: str) -> int:
    """Each role may do what those below it may."""
    return _RANK[role]


def check_outranks(by: User, person: User) -> None:
    """What an administrator may do to somebody's sign-in ends at whoever has more rights than he (R32)."""
    _check_admin(by)
    if _RANK[person.role] > _RANK[by.role]:
        raise Refused(_("Nobody takes from somebody who has more rights than he."))


def _changed(by: User, person: User, fields: Mapping[str, Any], session: str = "") -> User:
    found = _held(by, person)
    wanted = {"role": found.role, "is_active": found.is_active, **fields}
    check_stays_governed(found, role=str(wanted["role"]), is_active=bool(wanted["is_active"]))
    before = audit.snapshot(found)
    for name, value in fields.items():
        setattr(found, name, value)
        setattr(person, name, value)
    after = audit.snapshot(found)
    if after == before:
        return found
    found.save(update_fields=list(fields))
    subject = f"{as_kept(found._meta.verbose_name)} {found}"
    audit.record_change(by=by, subject=subject, before=before, after=after, of=found)
    if any(before[name] != after[name] for name in ("role", "is_active")):
        sign_ins.end_all(found, keep=session)
    return found


def _held(by: User, person: User) -> User:
    """The person as he is now, held with both and every administrator in one order: of two who change each other
    the second waits, and then finds what he still is."""
    asked = Q(pk__in=[by.pk, person.pk]) | Q(role=Role.ADMIN, is_active=True)
    rows = {row.pk: row for row in User.objects.get_queryset().filter(asked).select_for_update().order_by("pk")}
    _check_admin(rows[by.pk])
    return rows[person.pk]


def _check_admin(user: User) -> None:
    if not user.is_admin:
        raise Refused(_("Only an administrator may do this."))
