from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from calendars.parse import parse_holidays, parse_periods
from calendars.querysets import CalendarQuerySet
from calendars.worktime import WorkCalendar, work_calendar


class Calendar(models.Model):
    """Working hours under a name. What they are stands in its versions; the newest is in force."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    created_at = models.DateTimeField(_("created"))

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
    holidays = models.JSONField(_("holidays"), default=list, help_text=_("A list of date and name."))
    created_at = models.DateTimeField(_("created"))

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
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A version of a calendar is never deleted.")

    def work_calendar(self) -> WorkCalendar:
        """The arithmetic of this version.

        Prepared once per content, not per primary key: after a restore or a rolled-back transaction a key can
        come back with other working hours.
        """
        holidays = frozenset(holiday.date for holiday in parse_holidays(self.holidays))
        return work_calendar(self.time_zone, tuple(parse_periods(self.periods)), holidays)
