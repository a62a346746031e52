"""What customers may ask for, each with a form of its own."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.text import is_one_line
from people.models import Team
from tickets.enums import BelongsTo, Kind
from tickets.models.workspace import CustomField
from tickets.querysets import RequestTypeQuerySet


class RequestType(models.Model):
    """A way in, and no property of a ticket: what comes of it are the ticket's type, team, tag and fields.

    `asks` are keys of fields that customers are asked. A retired one is offered no more.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    description = models.CharField(
        _("what it is for"), max_length=200, blank=True, help_text=_("Customers read it below the name.")
    )
    hint = models.CharField(
        _("what to write"), max_length=300, blank=True, help_text=_("Customers read it below the text of the request.")
    )
    asks: "models.JSONField[Any, Any]" = models.JSONField(_("fields that it asks"), default=list, blank=True)
    kind = models.CharField(_("type"), max_length=8, choices=Kind.choices, default=Kind.QUESTION)
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who gets what is asked so; empty: the routing rules decide."),
    )
    tag = models.CharField(
        _("tag"),
        max_length=40,
        blank=True,
        help_text=_("Every ticket of it has this one: rules, promises, searches and reports know it by that."),
    )
    order = models.PositiveIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[RequestTypeQuerySet] = RequestTypeQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("request type")
        verbose_name_plural = _("request types")

    def __str__(self) -> str:
        return self.name

    @property
    def tags(self) -> list[str]:
        return [self.tag] if self.tag else []

    def clean(self) -> None:
        """A field that customers are asked no more may stay named: it is passed over."""
        super().clean()
        known = set(CustomField.objects.of(BelongsTo.TICKET).values_list("key", flat=True))
        if not isinstance(self.asks, list) or not all(key in known for key in self.asks):
            raise ValidationError({"asks": _("Choose among the fields of tickets.")})
        if not is_one_line(self.tag):
            raise ValidationError({"tag": _("This must be one line without control characters.")})
