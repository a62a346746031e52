from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """The last completed round of a periodic job."""

    name = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class ClockOffset(models.Model):
    """Seconds by which demo mode runs ahead of the true time; one row at most."""

    seconds = models.FloatField(default=0)

    def __str__(self) -> str:
        return f"+{self.seconds:.0f} s"


class ConfigurationStamp(models.Model):
    """A random word for each table of the desk's set-up, another after every write to it (`common.triggers`)."""

    name = models.CharField(_("table"), max_length=63, primary_key=True)
    value = models.CharField(max_length=36)

    def __str__(self) -> str:
        return self.name


class ConfigurationChange(models.Model):
    """Who changed which setting, from what to what. Rows are never edited."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    subject = models.CharField(_("what was changed"), max_length=200)
    # Which row, where it is one: “tickets.customfield” and its key.
    model = models.CharField(max_length=80, blank=True, default="")
    key = models.CharField(max_length=40, blank=True, default="")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["model", "key"], name="change_of_a_row")]

    def __str__(self) -> str:
        return self.subject
