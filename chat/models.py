from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chat.querysets import PostQuerySet


class Room(models.Model):
    """A place for colleagues to talk; `subject` names what it is about, such as “E-207” (R63)."""

    subject = models.CharField(_("about"), max_length=40, unique=True)

    def __str__(self) -> str:
        return self.subject


class Post(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    body = models.TextField(_("text"))
    at = models.DateTimeField(_("at"))

    objects: ClassVar[PostQuerySet] = PostQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.author} in {self.room}"
