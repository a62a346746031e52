"""The catalogue of services (R18), and which of them a ticket is about."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Team
from tickets.models.ticket import Ticket


class Service(models.Model):
    """Something that customers use and that can fail. A retired one is chosen no more and stays where it was."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    description = models.TextField(_("what it is"), blank=True)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL, related_name="services"
    )
    is_active = models.BooleanField(_("in use"), default=True)
    is_public = models.BooleanField(
        _("its status is public"),
        default=False,
        help_text=_(
            "Whoever comes reads on its page, without a sign-in, what customers are told of problems that harm several."
        ),
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TicketService(models.Model):
    """A ticket is about a service; `reference` names the escalation from which it has it (“E-207”)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "service", "reference"], name="ticketservice_once")]
        indexes = [models.Index(fields=["reference"], name="ticketservice_by_reference")]

    def __str__(self) -> str:
        return f"{self.service} of #{self.ticket_id}"
