import secrets
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from calendars.models import Calendar
from common.identity import default_language
from people.models import Team
from tickets.models import Message, Ticket
from visits.enums import Corner
from visits.querysets import UnreadQuerySet, VisitQuerySet, WidgetQuerySet
from visits.sites import unknown_languages, wrong_sites


def new_key() -> str:
    """What a site names the widget by: public, and not to be guessed for a site that shows none."""
    return secrets.token_hex(8)


class Widget(models.Model):
    """A chat on somebody's website. Off until an administrator says on which sites it may stand."""

    name = models.CharField(_("name"), max_length=60, unique=True, help_text=_("Customers read it above the chat."))
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who gets what is asked here; empty: the routing rules decide."),
    )
    sites = models.JSONField(_("sites"), default=list, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    greeting = models.CharField(
        _("greeting"), max_length=300, blank=True, help_text=_("As it is written; empty: a greeting in each language.")
    )
    calendar = models.ForeignKey(
        Calendar,
        verbose_name=_("opening hours"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Outside of them the chat takes words and says when somebody is there; empty: always open."),
    )
    corner = models.CharField(_("corner"), max_length=5, choices=Corner.choices, default=Corner.END)
    is_enabled = models.BooleanField(_("in use"), default=False)

    objects: ClassVar[WidgetQuerySet] = WidgetQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["name"]
        verbose_name = _("chat widget")
        verbose_name_plural = _("chat widgets")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        found: dict[str, str] = {}
        if wrong := wrong_sites(self.sites if isinstance(self.sites, list) else [self.sites]):
            known = {"site": wrong[:80]}
            found["sites"] = _now("“%(site)s” is no site: https:// and a host, as in https://www.shop.example.") % known
        elif self.is_enabled and not self.sites:
            found["sites"] = _now("Name the sites on which it may stand before it is used.")
        if wrong := unknown_languages(self.languages if isinstance(self.languages, list) else [self.languages]):
            found["languages"] = _now("The desk does not speak “%(language)s”.") % {"language": wrong[:20]}
        if found:
            raise ValidationError(found)

    @property
    def spoken(self) -> list[str]:
        """The languages that it is offered in, the first where a visitor's own is not among them."""
        return list(self.languages) or [default_language()]


class Visit(models.Model):
    """One visitor's chat: the one ticket that it has opened, and how far he has read there.

    `digest` is of the word by which he is let in, and nothing once the chat has ended. `is_proved`: he had signed in;
    everybody else has typed a name and an address, which anybody can. `draft` is what he has typed and not sent.
    """

    widget = models.ForeignKey(Widget, null=True, on_delete=models.SET_NULL, related_name="visits", db_index=False)
    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="visit")
    digest = models.CharField(max_length=64, null=True, unique=True)
    is_proved = models.BooleanField(default=False)
    language = models.CharField(max_length=10)
    network = models.CharField(max_length=64, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    draft = models.TextField(blank=True)
    draft_at = models.DateTimeField(null=True)

    objects: ClassVar[VisitQuerySet] = VisitQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        indexes = [
            models.Index(fields=["seen_at"], name="visit_by_time"),
            models.Index(fields=["network", "began_at"], name="visit_by_network"),
            models.Index(fields=["widget", "began_at"], name="visit_by_widget"),
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id}"


class Unread(models.Model):
    """A letter to the mailroom: what was answered in the chat and not mailed, until the visitor has read it there.

    Without a message: the word that his request has arrived, for whoever leaves before anybody answers.
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="unread")
    message = models.OneToOneField(Message, null=True, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[UnreadQuerySet] = UnreadQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    def __str__(self) -> str:
        return f"{self.visit}: {self.message_id}"


class Transcript(models.Model):
    """What a customer and a bot said before the bot handed over (R72): each turn with `who`, `at` and `text`."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="transcript")
    bot = models.CharField(_("bot"), max_length=80)
    turns = models.JSONField(default=list)
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    handed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"#{self.ticket_id}: {self.bot}"
