from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Team
from tickets.enums import BelongsTo, FieldType
from tickets.models.ticket import Ticket
from tickets.querysets import CustomFieldQuerySet

CHOICE_LIMIT = 80
FIELD_KEY = RegexValidator(r"^[a-z][a-z0-9_]{0,39}$", _("Small letters, digits and underscores, a letter first."))


class SavedView(models.Model):
    """A search with a name: its owner's own, a team's, or everybody's.

    `base` is the desk's own view that it narrows (“past-due”), `columns` what a row shows besides the subject.
    """

    name = models.CharField(_("name"), max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_views")
    is_shared = models.BooleanField(_("for everybody"), default=False)
    base = models.CharField(_("view"), max_length=20, blank=True)
    query = models.CharField(_("search"), max_length=300, blank=True)
    order = models.CharField(_("order"), max_length=12, blank=True)
    columns = models.JSONField(_("columns"), default=list, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class ViewPlace(models.Model):
    """Where one person has a view in his rail, and whether he wants it there; a view without one stands at the end."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="places")
    place = models.PositiveIntegerField(_("place"))
    is_hidden = models.BooleanField(_("hidden"), default=False)

    class Meta:
        ordering = ["place", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "view"], name="view_place_once")]

    def __str__(self) -> str:
        return f"{self.view_id} at {self.place}"


class DesksReplies(models.Manager["QuickReply"]):
    """Those of the desk and of its teams."""

    def get_queryset(self) -> "models.QuerySet[QuickReply]":
        return super().get_queryset().filter(owner=None)


class QuickReply(models.Model):
    """A prepared text with placeholders, for a team, for all, or its owner’s own, in one language (R37, R61).

    `objects` leaves people's own ones out: rules, macros, the settings and the audit trail know nothing of them.
    """

    title = models.CharField(_("title"), max_length=80)
    body = models.TextField(_("text"))
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="quick_replies")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    is_enabled = models.BooleanField(_("enabled"), default=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="own_replies",
    )

    objects: ClassVar[DesksReplies] = DesksReplies()
    with_own: ClassVar[models.Manager["QuickReply"]] = models.Manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name_plural = "quick replies"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(owner=None) | models.Q(team=None), name="quick_reply_of_a_person_or_a_team"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Macro(models.Model):
    """Several actions under one name, done to a ticket in their order: all of them, or none (R69).

    `actions` are kept as `routing.grammar` checks them. For a team's tickets, or for all.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="macros")
    actions = models.JSONField(_("actions"), default=list, blank=True)
    is_enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CustomField(models.Model):
    """What this desk wants to know of a ticket, or of an escalation, besides what every desk knows (R22).

    Every enabled one stands on the page of what it belongs to. A required one is filled in wherever somebody is asked
    for it, and is not emptied afterwards; who was not asked, as with mail, is not held up.
    """

    key = models.CharField(_("key"), max_length=40, unique=True, validators=[FIELD_KEY])
    label = models.CharField(_("label"), max_length=80)
    belongs_to = models.CharField(_("belongs to"), max_length=10, choices=BelongsTo.choices, default=BelongsTo.TICKET)
    type = models.CharField(_("type"), max_length=6, choices=FieldType.choices, default=FieldType.TEXT)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    order = models.PositiveIntegerField(_("order"), default=100)
    is_required = models.BooleanField(_("required"), default=False)
    when_opened = models.BooleanField(_("asked when it is opened"), default=True)
    for_customers = models.BooleanField(_("customers are asked in a new request, and see it"), default=False)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    # Values of what this floor does not know are told to it: see `fields.keep_above`.
    is_kept_above = models.BooleanField(default=False, editable=False)

    objects: ClassVar[CustomFieldQuerySet] = CustomFieldQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def is_used(self) -> bool:
        """Whether there is a value of it: then its key and its type are fixed, and what it belongs to."""
        return self.is_kept_above or Ticket.objects.filter(fields__has_key=self.key).exists()

    @property
    def is_of_tickets(self) -> bool:
        return self.belongs_to == BelongsTo.TICKET

    def clean(self) -> None:
        """Choices belong to one type, which needs them; customers are asked of tickets alone."""
        super().clean()
        given = self.choices if isinstance(self.choices, list) else [None]
        if not all(isinstance(choice, str) and 0 < len(choice) <= CHOICE_LIMIT for choice in given):
            raise ValidationError({"choices": _("Choices are texts of at most 80 characters.")})
        if self.type == FieldType.CHOICE and not given:
            raise ValidationError({"choices": _("A choice needs something to choose from.")})
        if self.type != FieldType.CHOICE and given:
            raise ValidationError({"choices": _("Only the type “choice” has choices.")})
        if self.for_customers and not self.is_of_tickets:
            raise ValidationError({"for_customers": _("Customers see no escalation: they cannot be asked for it.")})
        before = CustomField.objects.filter(pk=self.pk).first()
        if before is not None and before.fixed != self.fixed and before.is_used:
            raise ValidationError(
                _("There are values of this field: its key and its type stay, and what it belongs to.")
            )

    @property
    def fixed(self) -> tuple[str, str, str]:
        """What no value outlives the change of."""
        return self.key, self.type, self.belongs_to
