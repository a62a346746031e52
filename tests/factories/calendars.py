from datetime import datetime

from calendars.actions import create_calendar
from calendars.models import Calendar

WEEK = [{"weekday": day, "start": "09:00", "end": "18:00"} for day in range(5)]


def make_calendar(now: datetime, **fields) -> Calendar:
    """São Paulo, nine to six; a holiday that was copied, one of its own, and a short day."""
    given = {
        "name": "São Paulo hours",
        "time_zone": "America/Sao_Paulo",
        "periods": WEEK,
        "holidays": [
            {"date": "2026-11-20", "name": "Consciência Negra", "source": "BR"},
            {"date": "2026-12-31", "name": "Turn of the year"},
        ],
        "days": [{"date": "2026-12-24", "name": "Eve", "periods": [{"start": "09:00", "end": "12:00"}]}],
        **fields,
    }
    return create_calendar(now=now, **given)
