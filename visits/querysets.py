from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from visits.enums import GONE_AFTER, GOOD_FOR

if TYPE_CHECKING:
    from visits.models import Unread, Visit, Widget


class WidgetQuerySet(models.QuerySet["Widget"]):
    def in_use(self) -> "WidgetQuerySet":
        return self.filter(is_enabled=True)


class VisitQuerySet(models.QuerySet["Visit"]):
    def going_on(self, now: datetime) -> "VisitQuerySet":
        """Those that somebody may still come back to."""
        return self.exclude(digest=None).filter(seen_at__gt=now - GOOD_FOR)

    def here(self, now: datetime) -> "VisitQuerySet":
        """Those that somebody has before his eyes."""
        return self.exclude(digest=None).filter(seen_at__gt=now - GONE_AFTER)


class UnreadQuerySet(models.QuerySet["Unread"]):
    def left(self, now: datetime) -> "UnreadQuerySet":
        """Of visitors who have gone before they read it."""
        return self.filter(visit__seen_at__lte=now - GONE_AFTER)
