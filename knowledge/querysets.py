from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from knowledge.models import Article


class ArticleQuerySet(models.QuerySet["Article"]):
    def named(self, slug: str) -> "Article | None":
        return self.select_related("approved_by").filter(slug=slug).first()
