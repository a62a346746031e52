"""Second factors: who has one, who must, and what follows when one comes or goes.

The factors themselves are allauth's rows. Each change is in the audit trail, ends the person's other sign-ins
(SECURITY, sessions) and is told to him by mail.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import audit
from common.configuring import configure
from common.errors import InvalidInput, NotAllowedNow, Refused
from people import sign_ins
from people.administration import check_outranks
from people.enums import Role
from people.letters import tell
from people.models import FactorRule, User
from people.querysets import UserQuerySet

APP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
# Recovery codes alone are no factor: they stand in for one.
FACTORS = (APP, PASSKEY)
NAMES = {
    APP: gettext_lazy("Authenticator app"),
    PASSKEY: gettext_lazy("Passkey"),
    CODES: gettext_lazy("Recovery codes"),
}
# What a session says of a person who must have a factor and has none.
DUE = "factor_due"


def has_factor(user: User) -> bool:
    found: bool = Authenticator.objects.filter(user=user, type__in=FACTORS).exists()
    return found


def is_required(role: str) -> bool:
    return FactorRule.objects.filter(role=role, is_required=True).exists()


def required_roles() -> set[str]:
    return set(FactorRule.objects.filter(is_required=True).values_list("role", flat=True))


def without_factor(roles: Iterable[str]) -> "UserQuerySet":
    """The people of these roles who may sign in and have none."""
    having = Authenticator.objects.filter(type__in=FACTORS).values("user")
    return User.objects.active().filter(role__in=list(roles)).exclude(pk__in=having)


def mark_due(session: SessionBase, user: User) -> None:
    """At a sign-in: whoever must have a factor and has none is led to set one up, and can do nothing else."""
    if is_required(user.role) and not has_factor(user):
        session[DUE] = True


def is_due(session: SessionBase) -> bool:
    return bool(session.get(DUE))


def is_brought(session: SessionBase) -> None:
    """Whoever has let him in has asked for a second factor already."""
    session.pop(DUE, None)


def may_remove(factor: Authenticator) -> bool:
    """Not the last one of somebody who must have one."""
    others = Authenticator.objects.filter(user=factor.user, type__in=FACTORS).exclude(pk=factor.pk)
    return factor.type == CODES or others.exists() or not is_required(factor.user.role)


@transaction.atomic
def set_rules(*, by: User, roles: Iterable[str], at_once: bool) -> int:
    """Everybody of these roles must have a second factor, nobody else. How many sign-ins have ended for it.

    `at_once` ends those of the people who have none; otherwise they are led to it at their next one.
    """
    if not by.is_admin:
        raise Refused(_("Only an administrator may do this."))
    wanted = set(roles)
    if unknown := wanted - set(Role.values):
        raise InvalidInput.of("roles", _("There is no role “%(role)s”.") % {"role": min(unknown)[:20]})
    rules = {rule.role: rule for rule in FactorRule.objects.all()}
    for role in Role.values:
        if role in rules or role in wanted:
            configure(rules.get(role) or FactorRule(role=role), by=by, is_required=role in wanted)
    if not at_once:
        return 0
    return sum(sign_ins.end_all(person) for person in without_factor(wanted).exclude(pk=by.pk))


def added(*, user: User, what: str, session: SessionBase, now: datetime) -> None:
    """After a person has set one up, in this session."""
    session.pop(DUE, None)
    _changed(user, by=user, before={}, after={"factor": what}, keep=session.session_key or "")
    tell(user, _ADDED, now=now, what=NAMES.get(what, what))


def removed(*, user: User, what: str, session: SessionBase, now: datetime) -> None:
    _changed(user, by=user, before={"factor": what}, after={}, keep=session.session_key or "")
    tell(user, _REMOVED, now=now, what=NAMES.get(what, what))


@transaction.atomic
def reset(*, by: User | None, person: User, now: datetime) -> int:
    """All factors of somebody who has lost his are gone, and his sign-ins with them; how many there were.

    By an administrator, of nobody with more rights than he has (R32); `by` is None for whoever holds the machine.
    """
    if by is not None:
        check_outranks(by, person)
        if by.pk == person.pk:
            raise NotAllowedNow(_("Your own second factor you change on your own page."))
    rows = Authenticator.objects.filter(user=person).select_for_update()
    gone = sorted(str(row.type) for row in rows)
    if not gone:
        raise NotAllowedNow(_("%(name)s has no second factor.") % {"name": person.name})
    rows.delete()
    _changed(person, by=by, before={"factors": gone}, after={"factors": []}, keep="")
    tell(person, _RESET, now=now)
    return len(gone)


def names_of(rows: Iterable[Authenticator]) -> list[str]:
    """What somebody has, in few words, the app first."""
    kinds = [row.type for row in rows]
    found = [str(NAMES[APP])] if APP in kinds else []
    if passkeys := kinds.count(PASSKEY):
        found.append(_("Passkey") if passkeys == 1 else _("%(n)d passkeys") % {"n": passkeys})
    return found


def factors_of(user: User) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))


def _changed(
    user: User, *, by: User | None, before: Mapping[str, object], after: Mapping[str, object], keep: str
) -> None:
    subject = f"second factor {user}"
    audit.record_change(by=by, subject=subject, before=dict(before), after=dict(after), of=user)
    sign_ins.end_all(user, keep=keep)


_ADDED = (
    gettext_lazy("Your sign-in has another second factor"),
    gettext_lazy("%(what)s was added to your sign-in at %(desk)s on %(at)s."),
)
_REMOVED = (
    gettext_lazy("A second factor was taken from your sign-in"),
    gettext_lazy("%(what)s was taken from your sign-in at %(desk)s on %(at)s."),
)
_RESET = (
    gettext_lazy("Your second factor was reset"),
    gettext_lazy(
        "On %(at)s an administrator of %(desk)s took all second factors from your sign-in. Set one up again when you "
        "sign in next."
    ),
)
