"""What can be at the root of an escalation besides what every desk knows (R84)."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.enums import Cause
from escalation.querysets import OwnCauseQuerySet

KEY_LIMIT, NAME_LIMIT = 40, 80


class OwnCause(models.Model):
    """A category of the desk's own. A retired one is chosen no more, and stays with what it was chosen for."""

    key = models.SlugField(_("key"), max_length=KEY_LIMIT, unique=True, help_text=_("What programs call it."))
    name = models.CharField(_("name"), max_length=NAME_LIMIT, unique=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[OwnCauseQuerySet] = OwnCauseQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["name"]
        verbose_name = _("cause")
        verbose_name_plural = _("causes")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.key in Cause.values:
            raise ValidationError({"key": _("Every desk has a cause with this key already.")})
