from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Team


class Letterhead(models.Model):
    """How a team writes: its address and name, what stands under its letters, and in which language they are framed.

    The language is for customers who have told none of their own.
    """

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="letterhead")
    address = models.EmailField(_("address"), max_length=150, blank=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    signature = models.TextField(_("signature"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address"], condition=~models.Q(address=""), name="letterhead_address")
        ]

    def __str__(self) -> str:
        return f"{self.team}: {self.address}"
