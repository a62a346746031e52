from typing import TYPE_CHECKING, NoReturn

from django.db import models
from django.db.models.functions import Coalesce

from knowledge.enums import OUTSIDE, Readers

if TYPE_CHECKING:
    from knowledge.models import Article, ArticleVersion, Judgement
    from people.models import User


class ArticleQuerySet(models.QuerySet["Article"]):
    def named(self, slug: str) -> "Article | None":
        return self.select_related("current__approved_by", "current__author").filter(slug=slug).first()

    def in_use(self) -> "ArticleQuerySet":
        return self.filter(archived_at=None)

    def archived(self) -> "ArticleQuerySet":
        return self.exclude(archived_at=None)

    def outside_for(self, reader: "User | None") -> "ArticleQuerySet":
        """What the portal shows to this person, or to a stranger: in force, in use, and meant for him."""
        readers = OUTSIDE if reader is not None else (Readers.EVERYBODY,)
        return self.in_use().filter(readers__in=readers, current__isnull=False)

    def family_of(self, article: "Article") -> "ArticleQuerySet":
        """It, what it translates, and all translations of that."""
        root = article.translates_id or article.pk
        return self.filter(models.Q(pk=root) | models.Q(translates=root))

    def in_language(self, language: str) -> "ArticleQuerySet":
        """Of these each text once: in this language where there is one of them, else the one written first."""
        alike = self.order_by().annotate(stem=Coalesce("translates_id", "pk")).filter(stem=models.OuterRef("root"))
        spoken = models.Exists(alike.filter(language=language))
        earlier = models.Exists(alike.filter(pk__lt=models.OuterRef("pk")))
        here = self.annotate(root=Coalesce("translates_id", "pk"))
        return here.filter(models.Q(language=language) | (~spoken & ~earlier))

    def due_for_review(self, today: object) -> "ArticleQuerySet":
        return self.in_use().filter(review_on__lte=today)

    def untold(self) -> "ArticleQuerySet":
        """Whose owner was not alerted about this date of review."""
        return self.filter(models.Q(review_told_for=None) | ~models.Q(review_told_for=models.F("review_on")))


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


class JudgementQuerySet(models.QuerySet["Judgement"]):
    def of(self, reader: "User | None", visit: str) -> "JudgementQuerySet":
        """Those of one person, or of one visit of somebody who has not signed in."""
        if reader is not None:
            return self.filter(reader=reader)
        return self.filter(reader=None, visit=visit) if visit else self.none()

    def counted(self) -> dict[str, int]:
        said = self.order_by().aggregate(
            yes=models.Count("pk", filter=models.Q(helped=True)),
            no=models.Count("pk", filter=models.Q(helped=False)),
            without=models.Count("pk", filter=models.Q(spared=True)),
        )
        return {"helped": said["yes"], "not_helped": said["no"], "spared": said["without"]}
