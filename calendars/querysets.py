from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from calendars.models import Calendar


class CalendarQuerySet(models.QuerySet["Calendar"]):
    def active(self) -> "CalendarQuerySet":
        """Those that can be chosen."""
        return self.filter(archived_at=None)

    def with_current(self) -> "CalendarQuerySet":
        """Each with its versions at hand, so that asking for the current one costs no further query."""
        return self.prefetch_related("versions")
