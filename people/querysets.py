from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from people.enums import MANAGING_ROLES, STAFF_ROLES, Role

if TYPE_CHECKING:
    from people.models import Duty, Invitation, Team, User


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def staff(self) -> "UserQuerySet":
        return self.filter(role__in=STAFF_ROLES)

    def admins(self) -> "UserQuerySet":
        return self.active().filter(role=Role.ADMIN)

    def with_name(self, begun: str) -> "UserQuerySet":
        """Whose name, or a further part of it, begins like this."""
        return self.filter(models.Q(name__istartswith=begun) | models.Q(name__icontains=f" {begun}"))

    def signing_in_as(self, email: str) -> "UserQuerySet":
        """By e-mail without regard to case, in the form that the unique index has; no former address opens a door."""
        return self.alias(address=Lower("email")).filter(address=email.strip().lower())

    def at_address(self, email: str) -> "UserQuerySet":
        """The same, or by an address that was his."""
        return self.at_addresses([email])

    def at_addresses(self, emails: Iterable[str]) -> "UserQuerySet":
        """The same for many."""
        wanted = {email.strip().lower() for email in emails}
        everybody = self.model._default_manager.order_by()
        now = everybody.alias(address=Lower("email")).filter(address__in=wanted).values("pk")
        before = everybody.filter(aliases__address__in=wanted).values("pk")
        return self.filter(pk__in=now.union(before))

    def by_address(self, emails: Iterable[str]) -> "dict[str, User]":
        """Who is behind each of these, as far as anybody is: one query, up to three where not all are known by it."""
        wanted = {email.strip().lower() for email in emails}
        now = self.alias(address=Lower("email")).filter(address__in=wanted)
        found = {person.email.lower(): person for person in now}
        missing = wanted - found.keys()
        if missing:
            moved = self.filter(aliases__address__in=missing).prefetch_related("aliases")
            found |= {one.address: person for person in moved for one in person.aliases.all() if one.address in missing}
        return found

    def present(self, at: datetime) -> "UserQuerySet":
        """Not away at the given instant."""
        return self.exclude(absences__starts_at__lte=at, absences__ends_at__gt=at)


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def active(self) -> UserQuerySet:
        return self.get_queryset().active()

    def admins(self) -> UserQuerySet:
        return self.get_queryset().admins()

    def at_address(self, email: str) -> UserQuerySet:
        return self.get_queryset().at_address(email)

    def at_addresses(self, emails: Iterable[str]) -> UserQuerySet:
        return self.get_queryset().at_addresses(emails)

    def by_address(self, emails: Iterable[str]) -> "dict[str, User]":
        return self.get_queryset().by_address(emails)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{"role": Role.ADMIN, **fields})

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get_queryset().signing_in_as(email or "").get()


class TeamQuerySet(models.QuerySet["Team"]):
    def with_people(self) -> "TeamQuerySet":
        """Lead and managers with their absences, so that who answers for a team can be said without asking again."""
        return self.select_related("lead").prefetch_related("lead__absences", "managers__absences")

    def open_to(self, user: "User") -> "TeamQuerySet":
        """All but the restricted ones that somebody of no managing rank neither leads, manages nor belongs to (R31)."""
        if user.role in MANAGING_ROLES:
            return self
        own = models.Q(lead=user.pk) | models.Q(managers=user.pk) | models.Q(members=user.pk)
        mine = self.model._default_manager.filter(own).order_by().values("pk")
        return self.filter(models.Q(restricted=False) | models.Q(pk__in=mine))

    def fallback(self) -> "Team | None":
        return self.filter(is_fallback=True).first()


class DutyQuerySet(models.QuerySet["Duty"]):
    def at(self, moment: datetime) -> "DutyQuerySet":
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> "InvitationQuerySet":
        """Neither taken nor withdrawn; the link may have expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)
