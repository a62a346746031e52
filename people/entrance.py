"""How people prove who they are, as far as an administrator decides it; `people.models` takes these tables in."""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.text import is_one_line
from people.enums import STAFF_ROLES, Role

DOMAIN = re.compile(r"(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class FactorRule(models.Model):
    """Whether everybody of a role must have a second factor; without a row he need not."""

    role = models.CharField(_("role"), max_length=10, choices=Role.choices, unique=True)
    is_required = models.BooleanField(_("second factor required"), default=False)

    class Meta:
        ordering = ["role"]
        verbose_name = _("second factor of a role")
        verbose_name_plural = _("second factors")

    def __str__(self) -> str:
        return self.get_role_display()


class Unknown(models.TextChoices):
    """What becomes of somebody whom a provider names and the desk does not know."""

    REFUSE = "refuse", _("Is refused")
    CUSTOMER = "customer", _("Becomes a customer")


class IdentityProvider(models.Model):
    """A company's own sign-in (OpenID Connect). `secret` is sealed; `slug` stands in the address that it answers to."""

    name = models.CharField(_("name"), max_length=60, unique=True, help_text=_("As its button says: Sign in with …"))
    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    issuer = models.CharField(_("issuer"), max_length=300)
    client_id = models.CharField(_("client id"), max_length=200)
    secret = models.TextField(_("client secret"), blank=True)
    domains = models.JSONField(_("allowed domains"), default=list, blank=True)
    is_for_staff = models.BooleanField(_("colleagues may sign in with it"), default=False)
    unknown = models.CharField(_("somebody unknown"), max_length=8, choices=Unknown.choices, default=Unknown.REFUSE)
    brings_factor = models.BooleanField(_("it asks for a second factor itself"), default=False)
    groups_claim = models.CharField(_("claim with groups"), max_length=60, blank=True)
    group_roles = models.JSONField(_("groups and roles"), default=dict, blank=True)
    gives_more = models.BooleanField(_("groups may give more than Agent"), default=False)
    is_enabled = models.BooleanField(_("in use"), default=True)
    # Where browsers are sent, as the provider said when it was last asked: forms may lead there (CSP).
    sends_to = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("company sign-in")
        verbose_name_plural = _("company sign-ins")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        for field, sentence in wrong_terms(self):
            raise ValidationError({field: sentence})


def wrong_terms(row: IdentityProvider) -> Iterator[tuple[str, Any]]:
    """What a provider may not be set to, whoever sets it: the page, a bundle."""
    if not is_one_line(row.name):
        yield "name", _("This must be one line without control characters.")
    if not isinstance(row.domains, list) or not all(
        isinstance(one, str) and DOMAIN.fullmatch(one) for one in row.domains
    ):
        yield "domains", _("A domain is written as in meridiano.example.")
    elif row.is_for_staff and not row.domains:
        yield "domains", _("Where colleagues sign in with it, say the domains of their addresses.")
    if not isinstance(row.group_roles, dict):
        yield "group_roles", _("A line says: group = role.")
    elif wrong := sorted(set(map(str, row.group_roles.values())) - set(STAFF_ROLES)):
        yield "group_roles", _("No role that a group can give: %(role)s.") % {"role": wrong[0][:40]}
    elif row.group_roles and not (row.groups_claim and row.is_for_staff):
        yield (
            "group_roles",
            _("Groups give roles to colleagues: say the claim, and that colleagues may sign in with it."),
        )
    elif set(row.group_roles.values()) - {Role.AGENT} and not row.gives_more:
        yield "gives_more", _("A group gives more than Agent: say that it may.")


class AddressChange(models.Model):
    """The address that a colleague is to have, until whoever reads it has confirmed it: one at a time."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    address = models.EmailField(_("new address"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("expires"))

    def __str__(self) -> str:
        return self.address
