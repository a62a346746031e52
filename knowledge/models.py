from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.querysets import ArticleQuerySet


class Article(models.Model):
    """A page of knowledge for colleagues: how something is done (R70). Markdown."""

    title = models.CharField(_("title"), max_length=160)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    body = models.TextField(_("text"))
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    updated_at = models.DateTimeField(_("changed"))

    objects: ClassVar[ArticleQuerySet] = ArticleQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title
