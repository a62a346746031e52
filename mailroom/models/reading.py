from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mailroom.models.intake import RawMessage
from mailroom.querysets import DeliveryFailureQuerySet
from mailroom.verdicts import Nature, Trust
from tickets.models import Message, Ticket


class ReceivedMail(models.Model):
    """What is known of the mail that a message was: who is said to have sent it, who else got it, how it looked.

    `html` is sanitised when it is stored and again when it is shown; `inline` leads from the content ids in it to
    attachments. `report` is what a server says of a delivery.
    """

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="mail")
    raw = models.ForeignKey(RawMessage, null=True, on_delete=models.SET_NULL, related_name="+")
    nature = models.CharField(_("what it is"), max_length=8, choices=Nature.choices, default=Nature.LETTER)
    trust = models.CharField(_("who vouches for its sender"), max_length=10, choices=Trust.choices)
    sender = models.CharField(_("sender"), max_length=254)
    sender_name = models.CharField(_("name of the sender"), max_length=120, blank=True)
    people = models.JSONField(_("who else got it"), default=list)
    html = models.TextField(_("as it was sent"), blank=True)
    remote_images = models.PositiveIntegerField(_("pictures elsewhere"), default=0)
    inline = models.JSONField(_("pictures inside"), default=dict)
    invitations = models.JSONField(_("invitations"), default=list)
    report = models.JSONField(_("what a server says"), default=dict)

    def __str__(self) -> str:
        return f"{self.sender}: {self.message_id}"


class DeliveryFailure(models.Model):
    """A server said that what we sent to an address will not arrive; open until the address is heard of again."""

    address = models.CharField(_("address"), max_length=254)
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="delivery_failures"
    )
    status = models.CharField(_("code"), max_length=11, blank=True, help_text=_("As in RFC 3463, such as 5.1.1."))
    answer = models.CharField(_("the server's words"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))
    cleared_at = models.DateTimeField(_("cleared"), null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects: ClassVar[DeliveryFailureQuerySet] = DeliveryFailureQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["address"], condition=models.Q(cleared_at=None), name="deliveryfailure_open"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.status}"


class Follower(models.Model):
    """Somebody outside whom an agent made a watcher: he gets the public answers by mail, and may answer them."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="followers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(_("since"))

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="follower_once")]

    def __str__(self) -> str:
        return f"{self.person} on #{self.ticket_id}"
