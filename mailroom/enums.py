from django.db import models
from django.utils.translation import gettext_lazy as _


class IntakeState(models.TextChoices):
    RECEIVED = "received", _("Received")
    FILED = "filed", _("Filed on a ticket")
    QUARANTINED = "quarantined", _("Quarantined")
    DROPPED = "dropped", _("Dropped")


class Way(models.TextChoices):
    """How the mail of an address comes."""

    IMAP = "imap", _("Fetched from a mailbox (IMAP)")
    DOOR = "door", _("Handed over by a mail server or a provider")


class Security(models.TextChoices):
    TLS = "tls", _("TLS from the first byte")
    STARTTLS = "starttls", _("STARTTLS")
    NONE = "none", _("None")


class Proof(models.TextChoices):
    """What a mailbox is signed in to with."""

    PASSWORD = "password", _("A password")
    TOKEN = "token", _("An OAuth token (XOAUTH2)")


class Afterwards(models.TextChoices):
    """What becomes of a mail in its mailbox once it is kept here."""

    SEEN = "seen", _("It is marked as read")
    MOVE = "move", _("It is moved to another folder")
    DELETE = "delete", _("It is deleted")


class MailboxState(models.TextChoices):
    WELL = "well", _("Followed")
    NEW = "new", _("Not looked into yet")
    FAILING = "failing", _("Failing")
    PAUSED = "paused", _("Paused")
    DOOR = "door", _("Open")
