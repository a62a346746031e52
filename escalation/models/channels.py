"""Through which channels is escalated (R30)."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.questions import Question
from tickets.enums import Channel


class EscalationChannel(models.Model):
    """A channel of which somebody has said so; of a channel without a row tickets are escalated."""

    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, unique=True)
    is_open = models.BooleanField(
        _("escalates"),
        default=True,
        help_text=_("By hand and by criteria. A missed promise escalates whatever stands here."),
    )

    class Meta:
        ordering = ["channel"]

    def __str__(self) -> str:
        return str(self.get_channel_display())


def is_closed(channel: str) -> bool:
    return _closed.row(channel) is not None


def closed() -> set[Any]:
    return set(EscalationChannel.objects.filter(is_open=False).values_list("channel", flat=True))


@Question
def _closed(channel: str) -> "models.QuerySet[EscalationChannel]":
    return EscalationChannel.objects.filter(channel=channel, is_open=False).order_by()
