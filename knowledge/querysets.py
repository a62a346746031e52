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
        reading = models.ExpressionWrapper(models.OuterRef("language"), output_field=models.CharField())
        before = models.Q(language=language) | models.Q(pk__lt=models.OuterRef("pk"))
        # One condition without an OR around it, so that PostgreSQL joins instead of asking for each row.
        alike = self.order_by().annotate(stem=Coalesce("translates_id", "pk"), reading=reading)
        better = alike.filter(before, ~models.Q(reading=language), stem=models.OuterRef("root"))
        return self.annotate(root=Coalesce("translates_id", "pk")).filter(~models.Exists(better))

    def without_index(self) -> "ArticleQuerySet":
        """Without what they are searched by, which is as long as they are and is shown to nobody."""
        return self.defer("title_words", "words")

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
