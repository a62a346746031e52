from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

# An open chat says so every fifteen seconds; after three that were lost nobody is there.
GONE_AFTER = timedelta(seconds=45)
# Whoever comes back within it finds his chat; after it what was said goes on by mail alone.
GOOD_FOR = timedelta(days=1)


class Corner(models.TextChoices):
    """Where on a site its button stands, in the direction in which the site is read."""

    END = "end", _("At the end of the line (right in English)")
    START = "start", _("At the beginning of the line (left in English)")


class Speaker(models.TextChoices):
    """Who says a turn of a conversation that a bot hands over."""

    CUSTOMER = "customer", _("Customer")
    BOT = "bot", _("Bot")
