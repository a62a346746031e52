from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.querysets import ArticleQuerySet, VersionQuerySet
from knowledge.steps import Step, steps_of


class Article(models.Model):
    """A page of knowledge for colleagues: how something is done (R70). What it says stands in its versions."""

    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    # What holds: the newest version that was approved. A version that waits for that changes nothing for anybody.
    current = models.ForeignKey(
        "ArticleVersion",
        verbose_name=_("in force"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    updated_at = models.DateTimeField(_("changed"))

    objects: ClassVar[ArticleQuerySet] = ArticleQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class ArticleVersion(models.Model):
    """What an article said at one time: a text in Markdown, and the steps to tick, if it is a guide.

    It is never changed but by its approval, and never deleted: an escalation is followed by the version at its start.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=160)
    body = models.TextField(_("text"))
    steps = models.JSONField(_("steps"), default=list)
    reason = models.CharField(_("what changed, and why"), max_length=300, blank=True)
    # Unknown of those from before versions were kept.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(_("written"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("approved by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True)

    objects: ClassVar[VersionQuerySet] = VersionQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_once"),
            models.CheckConstraint(
                condition=models.Q(approved_by=None)
                | models.Q(author=None)
                | ~models.Q(approved_by=models.F("author")),
                name="article_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (v{self.number})"

    @property
    def guide(self) -> list[Step]:
        return steps_of(self.steps)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A version of an article is never deleted.")
