from typing import TYPE_CHECKING, NoReturn

from django.db import models

if TYPE_CHECKING:
    from knowledge.models import Article, ArticleVersion


class ArticleQuerySet(models.QuerySet["Article"]):
    def named(self, slug: str) -> "Article | None":
        return self.select_related("current__approved_by", "current__author").filter(slug=slug).first()


class VersionQuerySet(models.QuerySet["ArticleVersion"]):
    def waiting(self) -> "VersionQuerySet":
        """Not approved, and newer than what holds."""
        newer = models.Q(article__current=None) | models.Q(number__gt=models.F("article__current__number"))
        return self.filter(newer, approved_at=None)

    def in_force(self, slugs: set[str]) -> "VersionQuerySet":
        """What holds of the articles with these short names."""
        return self.filter(article__current=models.F("pk"), article__slug__in=slugs).select_related("article")

    def delete(self) -> NoReturn:
        raise TypeError("A version of an article is never deleted.")
