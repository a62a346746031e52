from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from chat.models import Post


class PostQuerySet(models.QuerySet["Post"]):
    def about(self, subject: str) -> "PostQuerySet":
        """What was said in the room of one subject, such as “E-207”."""
        return self.filter(room__subject=subject)

    def newest(self, count: int) -> list["Post"]:
        """The last few, oldest first, with who said them and who is named in them. Two queries."""
        found = self.select_related("author").prefetch_related("mentions__user").order_by("-at", "-pk")
        return list(found[:count])[::-1]
