"""Company sign-ins (OpenID Connect): set up by an administrator, and what they may say about a person.

A provider's word counts for an address that it calls confirmed, within its domains; for colleagues only where it may.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import audit
from common.configuring import configure, remove
from common.errors import NotFound, Refused
from common.sealing import seal
from people import sign_ins
from people.actions import find_or_create_customer
from people.administration import check_stays_governed, rank
from people.entrance import Unknown
from people.enums import Role
from people.letters import tell
from people.models import IdentityProvider, User

Claims = Mapping[str, Any]


def in_use() -> list[IdentityProvider]:
    return list(IdentityProvider.objects.filter(is_enabled=True))


@transaction.atomic
def save_provider(
    *, by: User, provider: IdentityProvider | None, secret: str, sends_to: str, **terms: Any
) -> IdentityProvider:
    """A new one where `provider` is None. An empty secret leaves the one that there is."""
    _check_admin(by)
    row = provider or IdentityProvider(slug=_free_slug(terms.get("name", "")))
    if secret:
        terms["secret"] = seal(secret)
    return configure(row, by=by, sends_to=sends_to, **terms)


@transaction.atomic
def remove_provider(*, by: User, pk: int) -> str:
    """It opens nothing any more; whom it has brought stays. Its name."""
    _check_admin(by)
    found = access_provider(pk)
    SocialAccount.objects.filter(provider=found.slug).delete()
    remove(found, by=by)
    return found.name


def access_provider(pk: int) -> IdentityProvider:
    found = IdentityProvider.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found


@transaction.atomic
def person_for(provider: IdentityProvider, claims: Claims) -> User:
    """Whom it means: by a confirmed address within its domains. Refused, in one sentence, for everybody else."""
    address = _confirmed(provider, claims)
    found = User.objects.get_queryset().signing_in_as(address).first()
    if found is not None:
        check_may_enter(provider, found, claims)
        return found
    role = role_of(provider, claims)
    was_somebodys = User.objects.at_address(address).exists()
    if was_somebodys or (role is None and provider.unknown != Unknown.CUSTOMER):
        raise Refused(
            _("Nobody here has the address %(address)s. Ask an administrator of the desk.") % {"address": address}
        )
    name = str(claims.get("name") or "")
    made = find_or_create_customer(email=address, name=name)
    if role is not None:
        made.role = role
        made.save(update_fields=["role"])
    after = {"email": made.email, "role": made.role, "by": provider.name}
    audit.record_change(by=None, subject=f"user {made}", before={}, after=after, of=made)
    return made


def check_may_enter(provider: IdentityProvider, person: User, claims: Claims) -> None:
    """Asked at every sign-in: a provider may have been restricted since, or the person's address may have changed."""
    _confirmed(provider, claims)
    if person.is_agent and not provider.is_for_staff:
        raise Refused(_("Colleagues do not sign in with %(name)s.") % {"name": provider.name})


@transaction.atomic
def keep_role(provider: IdentityProvider, person: User, claims: Claims) -> None:
    """The role that his groups give, at each sign-in: of colleagues who have no more than groups can give here.

    No customer becomes a colleague by it, and nobody in no known group is changed.
    """
    role = role_of(provider, claims)
    if role is None or role == person.role or not person.is_agent:
        return
    if rank(person.role) > max(map(rank, provider.group_roles.values())):
        return
    held = User.objects.get_queryset().select_for_update().get(pk=person.pk)
    check_stays_governed(held, role=role, is_active=held.is_active)
    before = {"role": held.role}
    held.role = person.role = role
    held.save(update_fields=["role"])
    audit.record_change(
        by=None, subject=f"user {held}", before=before, after={"role": role, "by": provider.name}, of=held
    )
    sign_ins.end_all(held)


def joined(provider: IdentityProvider, person: User, *, now: datetime) -> None:
    """After the account was joined to the provider's: in the trail, and told."""
    audit.record_change(
        by=person, subject=f"company sign-in {person}", before={}, after={"provider": provider.name}, of=person
    )
    tell(person, _JOINED, now=now, what=provider.name)


def role_of(provider: IdentityProvider, claims: Claims) -> str | None:
    """The highest that his groups give; never more than Agent unless an administrator has said so."""
    given = claims.get(provider.groups_claim) if provider.groups_claim and provider.is_for_staff else None
    groups: Iterable[Any] = given if isinstance(given, list) else [given]
    roles = [provider.group_roles[one] for one in groups if isinstance(one, str) and one in provider.group_roles]
    best = max(roles, key=rank, default=None)
    return Role.AGENT if best is not None and not provider.gives_more else best


_JOINED = (
    gettext_lazy("Your account was joined to a company sign-in"),
    gettext_lazy("Since %(at)s %(what)s opens your account at %(desk)s."),
)


def _confirmed(provider: IdentityProvider, claims: Claims) -> str:
    """The address that the provider answers for."""
    address = claims.get("email")
    if not isinstance(address, str) or "@" not in address or claims.get("email_verified") is not True:
        raise Refused(_("%(name)s does not say that your e-mail address is confirmed.") % {"name": provider.name})
    address = address.strip().lower()
    if provider.domains and address.rpartition("@")[2] not in provider.domains:
        raise Refused(_("%(name)s opens this desk for other addresses than yours.") % {"name": provider.name})
    return address


def _free_slug(name: str) -> str:
    base = slugify(name)[:36] or "company"
    taken = set(IdentityProvider.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 99))) if slug not in taken)


def _check_admin(user: User) -> None:
    if not user.is_admin:
        raise Refused(_("Only an administrator may do this."))
