from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.enums import EventKind
from tickets.models.ticket import Ticket
from tickets.querysets import EventQuerySet


class Event(models.Model):
    """One line of the timeline. Rows are only ever added."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(_("what"), max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(_("at"))
    data = models.JSONField(default=dict)
    reference = models.CharField(_("about"), max_length=20, blank=True)

    objects: ClassVar[EventQuerySet] = EventQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["ticket", "at"], name="event_by_ticket"),
            models.Index(fields=["at"], name="event_by_time"),
            models.Index(fields=["reference", "at"], condition=~models.Q(reference=""), name="event_by_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on #{self.ticket_id}"

    @property
    def label(self) -> str:
        return str(dict(EventKind.choices).get(self.kind, self.kind))
