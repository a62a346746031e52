from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from calendars.parse import digest_of, parse_days, parse_holidays, parse_periods
from calendars.querysets import CalendarQuerySet
from calendars.worktime import WorkCalendar, work_calendar

# Prepared calendars by the digest of their content; the bound is for a desk that changes its hours every day.
_PREPARED: dict[str, WorkCalendar] = {}
_PREPARED_LIMIT = 512


class Calendar(models.Model):
    """Working hours under a name. What they are stands in its versions; the newest is in force.

    One that nobody uses any more is archived: out of the lists, with its history.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    created_at = models.DateTimeField(_("created"))
    archived_at = models.DateTimeField(_("archived"), null=True, editable=False)

    objects: ClassVar[CalendarQuerySet] = CalendarQuerySet.as_manager()  # type: ignore[assignment] # as_manager is typed as Manager

    class Meta:
        ordering = ["name"]
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> "CalendarVersion":
        """The version in force (`actions` never leaves a calendar without one); no query after `with_current()`."""
        return self.versions.all()[:1][0]


class CalendarVersion(models.Model):
    """A calendar as it was from some moment on; never edited, so that past due times can be computed again."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    time_zone = models.CharField(_("time zone"), max_length=60)
    periods = models.JSONField(_("working hours"), help_text=_("A list of weekday (0 is Monday), start and end."))
    holidays = models.JSONField(_("holidays"), default=list, help_text=_("A list of date, name and source."))
    days = models.JSONField(_("days with hours of their own"), default=list)
    digest = models.CharField(_("digest of the content"), max_length=64, default="", editable=False)
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["calendar", "-number"]
        constraints = [models.UniqueConstraint(fields=["calendar", "number"], name="calendarversion_number_once")]
        verbose_name = _("version of a calendar")
        verbose_name_plural = _("versions of calendars")

    def __str__(self) -> str:
        return _("%(name)s, version %(number)d") % {"name": self.calendar.name, "number": self.number}

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A version of a calendar is never edited.")
        self.digest = digest_of(self.time_zone, self.periods, self.holidays, self.days)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A version of a calendar is never deleted.")

    @property
    def content(self) -> dict[str, Any]:
        """Everything by which versions differ."""
        return {"time_zone": self.time_zone, "periods": self.periods, "holidays": self.holidays, "days": self.days}

    def work_calendar(self) -> WorkCalendar:
        """The arithmetic of this version; cheap, since what has been prepared is found by its digest.

        By content, not by primary key: after a restore or a rolled-back transaction a key can come back with other
        working hours.
        """
        prepared = _PREPARED.get(self.digest)
        if prepared is None:
            prepared = self._made_ready()
            if len(_PREPARED) >= _PREPARED_LIMIT:
                _PREPARED.clear()
            if self.digest:
                _PREPARED[self.digest] = prepared
        return prepared

    def _made_ready(self) -> WorkCalendar:
        holidays = frozenset(holiday.date for holiday in parse_holidays(self.holidays))
        days = frozenset((day.date, day.periods) for day in parse_days(self.days))
        return work_calendar(self.time_zone, tuple(parse_periods(self.periods)), holidays, days)
