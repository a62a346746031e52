"""Who administers the desk: given, handed over, and never to nobody (R32). By an administrator; each change is kept."""

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.errors import InvalidInput, NotAllowedNow, Refused
from people.enums import STAFF_ROLES, Role
from people.models import User


@transaction.atomic
def set_role(*, by: User, person: User, role: str) -> User:
    """What somebody is at the desk. NotAllowedNow where that would leave it without an administrator."""
    _check_admin(by)
    if role not in Role.values:
        raise InvalidInput.of("role", _("A role is one of %(known)s.") % {"known": ", ".join(Role.values)})
    return _changed(by, person, role=role)


@transaction.atomic
def hand_over(*, by: User, to: User, becoming: str = Role.MANAGER) -> User:
    """Somebody else of the desk administers it from now on, and whoever hands it over is what `becoming` says."""
    _check_admin(by)
    if to == by:
        raise InvalidInput.of("to", _("Hand it over to somebody else."))
    if not (to.is_active and to.role in STAFF_ROLES):
        raise InvalidInput.of("to", _("Only somebody who works at the desk can administer it."))
    if becoming not in STAFF_ROLES or becoming == Role.ADMIN:
        raise InvalidInput.of("becoming", _("Whoever hands it over is no administrator any more."))
    _changed(by, to, role=Role.ADMIN)
    _changed(by, by, role=becoming)
    return to


@transaction.atomic
def set_active(*, by: User, person: User, is_active: bool) -> User:
    """Lets somebody in, or out. NotAllowedNow for the last administrator."""
    _check_admin(by)
    return _changed(by, person, is_active=is_active)


def check_stays_governed(person: User, *, role: str, is_active: bool) -> None:
    """Raises NotAllowedNow where nobody would be left. All administrators are held, so that two do not both go."""
    if role == Role.ADMIN and is_active:
        return
    admins = list(User.objects.admins().select_for_update().order_by("pk").values_list("pk", flat=True))
    if admins == [person.pk]:
        raise NotAllowedNow(
            _("%(name)s is the last administrator: make somebody else one first.") % {"name": person.name}
        )


def _changed(by: User, person: User, **fields: object) -> User:
    found = User.objects.get_queryset().select_for_update().get(pk=person.pk)
    wanted = {"role": found.role, "is_active": found.is_active, **fields}
    check_stays_governed(found, role=str(wanted["role"]), is_active=bool(wanted["is_active"]))
    before = audit.snapshot(found)
    for name, value in fields.items():
        setattr(found, name, value)
        setattr(person, name, value)
    found.save(update_fields=list(fields))
    audit.record_change(
        by=by, subject=f"{found._meta.verbose_name} {found}", before=before, after=audit.snapshot(found), of=found
    )
    return found


def _check_admin(user: User) -> None:
    if not user.is_admin:
        raise Refused(_("Only an administrator may do this."))
