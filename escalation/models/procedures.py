"""Which exit conditions apply to which escalation (R16, R70)."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from escalation.enums import Audience, Kind
from escalation.gates import GUIDE_FOLLOWED, mistake
from escalation.models.update_templates import UpdateTemplate
from knowledge.models import Article


class Procedure(models.Model):
    """Which exit conditions an escalation of some kind and severity has; the names are those of `conditions`."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, blank=True)
    severity_from = models.PositiveSmallIntegerField(_("severity from"), default=1)
    severity_to = models.PositiveSmallIntegerField(_("severity to"), default=4)
    conditions = models.JSONField(_("conditions by step"), default=dict)
    guide = models.SlugField(_("guide"), blank=True, help_text=_("Short name of the article that explains it."))
    is_exception = models.BooleanField(
        _("for exceptions"),
        default=False,
        help_text=_("For what fits no other: chosen by hand alone, with a reason, and decided by a senior manager."),
    )
    first_to_customers = models.ForeignKey(
        UpdateTemplate,
        verbose_name=_("first word to customers"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"audience": Audience.CUSTOMERS},
        help_text=_("Goes out by itself as the first step is left, in each one's language, if none went out before."),
    )
    first_to_stakeholders = models.ForeignKey(
        UpdateTemplate,
        verbose_name=_("first word to stakeholders"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to={"audience": Audience.STAKEHOLDERS},
        help_text=_("The same among colleagues."),
    )
    quorum = models.PositiveSmallIntegerField(
        _("how many must agree"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("Of those with the authority; one refusal is enough to decline."),
    )
    order = models.PositiveIntegerField(_("order"), default=100)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A misspelt name would be a gate that is silently gone."""
        super().clean()
        if wrong := mistake(self.conditions):
            raise ValidationError({"conditions": wrong})
        if not self.guide and any(GUIDE_FOLLOWED in names for names in self.conditions.values()):
            raise ValidationError({"guide": _("Its conditions ask for a guide that is followed: name one.")})
        if self.guide and not Article.objects.filter(slug=self.guide).exists():
            raise ValidationError({"guide": _("There is no article with this short name.")})
        if self.severity_from > self.severity_to:
            raise ValidationError({"severity_to": _("The most severe comes first: 1 to 4, not 4 to 1.")})
