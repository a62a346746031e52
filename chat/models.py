from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chat.querysets import PostQuerySet
from people.models import Team

# The subject of the room of everybody.
GENERAL = "general"


class Room(models.Model):
    """A place for colleagues to talk (R63); `subject` names what it is about, such as “E-207” or “#4821”.

    A restricted team's room is for its people and for managers only, a ticket's for those who may see the ticket;
    the general one is for everybody who works at the desk.
    """

    subject = models.CharField(_("about"), max_length=40, unique=True)
    team = models.OneToOneField(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="room")
    last_at = models.DateTimeField(_("last word"), null=True, blank=True, db_index=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, help_text=_("Read, and no longer written."))

    def __str__(self) -> str:
        return self.subject

    @staticmethod
    def subject_of(team: Team) -> str:
        return f"team:{team.pk}"

    @property
    def title(self) -> str:
        """What people call it, in the reader's language."""
        if self.team is not None:
            return self.team.name
        return str(_("Everybody")) if self.subject == GENERAL else self.subject


class PostMention(models.Model):
    """Somebody was named with an @ in a room; unread until he opens it."""

    post = models.ForeignKey("chat.Post", on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="post_mention_once")]

    def __str__(self) -> str:
        return f"@{self.user} in {self.post}"


class Reading(models.Model):
    """How far a person has read in a room."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(_("read"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "user"], name="reading_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.room}"


class Post(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    body = models.TextField(_("text"))
    at = models.DateTimeField(_("at"))

    objects: ClassVar[PostQuerySet] = PostQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["room", "at"], name="post_by_room")]

    def __str__(self) -> str:
        return f"{self.author} in {self.room}"
