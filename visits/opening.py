"""When somebody is there to chat, by the widget's calendar."""

from datetime import datetime

from calendars.worktime import CalendarError
from visits.models import Widget


def opens_at(widget: Widget, now: datetime) -> datetime | None:
    """When somebody is there again; None while somebody is, and where nobody can say when."""
    if widget.calendar is None:
        return None
    try:
        opens = widget.calendar.current.work_calendar().next_open(now)
    except CalendarError:
        return None
    return opens if opens > now else None
