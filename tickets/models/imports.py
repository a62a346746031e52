from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket


class ImportedRecord(models.Model):
    """What came from another desk and is here now, so that a second import adds nothing twice.

    `key` is the record's name over there: “ticket:12”, “message:345”.
    """

    source = models.CharField(_("from"), max_length=60)
    key = models.CharField(_("its key there"), max_length=120)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="imported_records")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="imported_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"
