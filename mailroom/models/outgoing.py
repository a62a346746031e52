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


class SendingDomain(models.Model):
    """A domain that this desk sends from, and what was last found out about it (`mailroom.senders`).

    How its mail is signed is known to whoever runs its mail server, and told here. `next_at`: when to look again.
    """

    domain = models.CharField(_("domain"), max_length=253, unique=True)
    selector = models.CharField(_("DKIM selector"), max_length=63, blank=True)
    signing_domain = models.CharField(_("signed for"), max_length=253, blank=True)
    findings = models.JSONField(default=list, editable=False)
    checked_at = models.DateTimeField(_("looked up"), null=True, blank=True, editable=False)
    next_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["domain"]
        indexes = [models.Index(fields=["next_at"], name="sendingdomain_next")]

    def __str__(self) -> str:
        return self.domain
