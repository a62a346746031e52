from collections.abc import Iterator
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.colours import Theme, why_not
from common.text import is_one_line


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


class Picture(models.Model):
    """A picture of the desk's own, under the sum of its bytes: it never changes, and what named it once finds it."""

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()
    content_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.digest[:8]


class Identity(models.Model):
    """What the desk calls itself and how it looks; one row at most. What is empty is as it was delivered."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("name"), max_length=80, blank=True)
    logo = models.CharField(_("logo"), max_length=64, blank=True)
    accent_light = models.CharField(_("accent on light pages"), max_length=7, blank=True)
    accent_dark = models.CharField(_("accent on dark pages"), max_length=7, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)

    class Meta:
        verbose_name = _("the desk’s own")
        verbose_name_plural = _("the desk’s own")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="identity_is_one")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """By whatever door it comes: a bundle and a return to an older state are asked like the page."""
        found = {name: said for name, problem in self._problems() if (said := problem)}
        if found:
            raise ValidationError(found)

    def _problems(self) -> Iterator[tuple[str, str]]:
        # It stands in the head of every mail, which takes no line break.
        yield "name", "" if is_one_line(self.name) else str(_("This must be one line without control characters."))
        for theme in Theme:
            yield f"accent_{theme}", why_not(getattr(self, f"accent_{theme}"), theme)
        known = not self.logo or Picture.objects.filter(pk=self.logo).exists()
        yield "logo", "" if known else str(_("This picture is not kept here."))
        zone = not self.time_zone or self.time_zone in available_timezones()
        yield (
            "time_zone",
            "" if zone else str(_("There is no such zone. Choose one of the list, such as Europe/Madrid.")),
        )


class TakenStep(models.Model):
    """A step of the desk's first day that somebody said he has done, or will not do (`desk.first_steps`)."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.name


class Retention(models.Model):
    """After how many days data of a kind goes (`desk.retention`); without a row: never."""

    kind = models.CharField(_("kind"), max_length=20, unique=True)
    days = models.PositiveIntegerField(_("days"))

    def __str__(self) -> str:
        return self.kind


class Removal(models.Model):
    """What the nightly sweep removed of a kind, counted in the transaction of each batch. `told_at`: in the trail."""

    kind = models.CharField(max_length=20)
    before = models.DateTimeField()
    count = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    begun_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.kind}: {self.count}"


class Setback(models.Model):
    """What a round could not do with one row, and when it tries again (`common.setbacks`); gone once it is done."""

    round = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    # The kind of the error alone: its words may tell of people; they are in the log.
    error = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "key"], name="setback_once")]

    def __str__(self) -> str:
        return f"{self.round} {self.key}: {self.error}"
