"""Which articles train for a cause, and who has completed them (R93)."""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.enums import Cause
from escalation.models.causes import KEY_LIMIT, OwnCause
from escalation.models.recommendations import Recommendation
from escalation.querysets import TrainingQuerySet
from knowledge.models import Article, ArticleVersion


class Training(models.Model):
    """An article that helps against a cause: what to read once escalations come of it."""

    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="trainings", db_index=False
    )
    # A key of `Cause`, or of the desk's own.
    cause = models.CharField(_("cause"), max_length=KEY_LIMIT)

    suggestion = models.ForeignKey(
        Recommendation,
        verbose_name=_("suggested by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="trainings",
        editable=False,
    )

    objects: ClassVar[TrainingQuerySet] = TrainingQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["cause", "article__title", "pk"]
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "cause"],
                name="training_once",
                violation_error_message=_("This article is linked to this cause already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.article}: {self.cause}"

    def clean(self) -> None:
        super().clean()
        if self.cause not in Cause.values and not OwnCause.objects.filter(key=self.cause).exists():
            raise ValidationError({"cause": _("There is no such cause.")})


class TrainingDone(models.Model):
    """Somebody has read an article as it was in one version; what comes in a newer one is to be read again."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="trainings_done", db_index=False
    )
    version = models.ForeignKey(ArticleVersion, on_delete=models.PROTECT, related_name="trained")
    at = models.DateTimeField(_("completed"))

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "version"], name="training_done_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.version_id}"
