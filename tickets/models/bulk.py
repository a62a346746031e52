from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.enums import Deed


class BulkAct(models.Model):
    """One thing done to many tickets at once, kept so that its author may take it back for a day.

    `steps` has, for each ticket that was changed, its number and what it was `before` and `after`; `refused` the
    others, each with the sentence that says why.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bulk_acts")
    at = models.DateTimeField(_("at"))
    deed = models.CharField(_("what"), max_length=8, choices=Deed.choices)
    value = models.CharField(_("to what"), max_length=254)
    steps = models.JSONField(_("done"), default=list)
    refused = models.JSONField(_("refused"), default=list)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    kept = models.JSONField(_("not taken back"), default=list)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return f"{self.deed} {self.value}, {len(self.steps)}"
