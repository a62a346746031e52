"""Which customers may escalate their own requests (R8): one row, in one place."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.enums import Tier


class CustomerRight(models.Model):
    """What a customer needs to escalate a request himself. A desk without the row lets every customer."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    is_allowed = models.BooleanField(_("customers may escalate"), default=True)
    lowest_tier = models.CharField(
        _("from this tier up"),
        max_length=12,
        choices=Tier.choices,
        blank=True,
        help_text=_("Empty for all; a customer without an organisation counts as standard."),
    )
    after_minutes = models.PositiveIntegerField(
        _("after so many minutes"), default=0, help_text=_("Counted from when the request was opened.")
    )
    one_at_a_time = models.BooleanField(
        _("one at a time"), default=False, help_text=_("Not while another of his own escalations is under way.")
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="customerright_is_one")]

    def __str__(self) -> str:
        return str(_("Who may escalate among customers"))
