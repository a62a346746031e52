from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from common.words import LONGEST_WORD
from knowledge.enums import Readers
from knowledge.querysets import ArticleQuerySet, JudgementQuerySet, VersionQuerySet
from knowledge.steps import Step, steps_of


class Article(models.Model):
    """A page of knowledge: how something is done (R70), or an answer for customers. Its words stand in its versions."""

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
    readers = models.CharField(_("for whom"), max_length=12, choices=Readers.choices, default=Readers.COLLEAGUES)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    translates = models.ForeignKey(
        "self",
        verbose_name=_("translation of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="translations",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True)
    # The date of review about which the owner was alerted.
    review_told_for = models.DateField(null=True, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    reads = models.PositiveIntegerField(_("read"), default=0, editable=False)
    # What holds, as `common.words` makes it, with a blank before the first word and one behind the last.
    title_words = models.TextField(default="", blank=True, editable=False)
    words = models.TextField(default="", blank=True, editable=False)

    objects: ClassVar[ArticleQuerySet] = ArticleQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["title"]
        # What it is a translation of, or itself: `in_language` looks at each family by it.
        indexes = [models.Index(Coalesce("translates", "id"), name="article_root")]
        constraints = [
            models.UniqueConstraint(fields=["translates", "language"], name="article_translated_once"),
            models.CheckConstraint(condition=~models.Q(translates=models.F("pk")), name="article_translates_another"),
        ]

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


class ArticleWord(models.Model):
    """A word of what holds: a search reads the rows of its own words, however many articles there are."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="index")
    word = models.CharField(max_length=LONGEST_WORD)
    in_title = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "article"], name="article_word_once")]

    def __str__(self) -> str:
        return self.word


class Judgement(models.Model):
    """Whether an article helped somebody: once for each reader, or for each visit of somebody who has not signed in."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="judgements")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # A digest of the session's key, where nobody has signed in.
    visit = models.CharField(max_length=64, blank=True)
    helped = models.BooleanField(_("helped"))
    # It was found while asking, and nothing was asked.
    spared = models.BooleanField(_("spared a request"), default=False)
    words = models.CharField(_("words"), max_length=500, blank=True)
    at = models.DateTimeField(_("said"))

    objects: ClassVar[JudgementQuerySet] = JudgementQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "reader"], condition=models.Q(reader__isnull=False), name="judgement_reader_once"
            ),
            models.UniqueConstraint(
                fields=["article", "visit"],
                condition=models.Q(reader__isnull=True) & ~models.Q(visit=""),
                name="judgement_visit_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.helped}"
