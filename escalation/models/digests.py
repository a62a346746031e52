"""That somebody has had his week told (R94): once, by constraint."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Digest(models.Model):
    """One week of one reader; written with the mail, or without one where there was nothing to tell."""

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests", db_index=False
    )
    week = models.DateField(_("week"), help_text=_("The Monday on which it is told, in the reader's zone."))
    at = models.DateTimeField(_("written"))
    lines = models.PositiveIntegerField(_("good words and closes told"), default=0)

    class Meta:
        ordering = ["-week", "pk"]
        constraints = [models.UniqueConstraint(fields=["reader", "week"], name="digest_once_a_week")]

    def __str__(self) -> str:
        return f"{self.reader}, {self.week}"
