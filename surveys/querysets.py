from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from surveys.enums import Standing

if TYPE_CHECKING:
    from surveys.models import Question


class QuestionQuerySet(models.QuerySet["Question"]):
    def due(self, now: datetime) -> "QuestionQuerySet":
        """To be asked by now, the oldest first."""
        return self.filter(next_moment__lte=now).order_by("next_moment", "pk")

    def asked_since(self, moment: datetime) -> "QuestionQuerySet":
        return self.filter(asked_at__gt=moment)

    def answered(self) -> "QuestionQuerySet":
        return self.filter(standing=Standing.ANSWERED)
