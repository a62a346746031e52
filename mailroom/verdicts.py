from django.db import models
from django.utils.translation import gettext_lazy as _


class Trust(models.TextChoices):
    """What the desk's own mail server found out about who sent a mail (RFC 8601, DMARC)."""

    UNCHECKED = "unchecked", _("not checked: no server of ours is named whose word would count")
    PASSED = "passed", _("proved by the sender's domain")
    FAILED = "failed", _("denied by the sender's domain")
    NONE = "none", _("not proved")


class Nature(models.TextChoices):
    """What a mail is to the intake."""

    LETTER = "letter", _("A letter")  # a person's: filed and confirmed
    NOTICE = "notice", _("A program's notice")  # may open a ticket, is never answered
    AWAY = "away", _("An automatic answer")  # shown where it belongs, moves nothing
    REPORT = "report", _("A delivery report")  # the same, and says whom no mail reaches
    ECHO = "echo", _("An echo")  # our own mail, a list's, one that goes in circles: kept aside
