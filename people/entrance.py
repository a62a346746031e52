"""How people prove who they are, as far as an administrator decides it; `people.models` takes these tables in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.enums import Role


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
