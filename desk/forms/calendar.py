"""What stands in a calendar's editor: everything that was typed, whether it makes sense or not.

Each button of the editor posts the whole form and names what is to be done (`do`); nothing is kept but by saving. So
the editor works without script, and with it only the editor is put in again.
"""

import re
from dataclasses import dataclass, field
from datetime import date as Day  # noqa: N812 - rows have a field of the name
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from calendars.models import CalendarVersion
from common.dates import weekday_name
from common.errors import InvalidInput

Span = tuple[str, str]

OFFICE: Span = ("09:00", "18:00")
SPLIT: tuple[Span, ...] = (("09:00", "12:00"), ("13:00", "18:00"))
# Hours that many desks have: what they are called is in the page's template.
PRESETS: dict[str, tuple[tuple[Span, ...], int]] = {
    "office": ((OFFICE,), 5),
    "split": (SPLIT, 5),
    "long": ((("08:00", "20:00"),), 7),
    "always": ((("00:00", "00:00"),), 7),
}
# More rows than this no form sends.
ROWS = 5_000

_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?")
_HOURS = re.compile(r"(\d{1,2}(?:[:.h]\d{2})?)\s*[-–—]\s*(\d{1,2}(?:[:.h]\d{2})?)")


class HolidayRow(NamedTuple):
    """A holiday that was copied, and whether it is to stay."""

    date: str
    name: str
    source: str
    kept: bool = True

    @property
    def day(self) -> Day | None:
        try:
            return Day.fromisoformat(self.date)
        except ValueError:
            return None

    @property
    def packed(self) -> str:
        return "|".join((self.date, self.source, self.name))

    @classmethod
    def unpacked(cls, packed: str, *, kept: bool = True) -> "HolidayRow":
        date, _bar, rest = packed.partition("|")
        source, _bar, name = rest.partition("|")
        return cls(date, name, source, kept)


class DayRow(NamedTuple):
    """A day of our own; without hours it is closed."""

    date: str
    name: str
    hours: str


@dataclass
class Region:
    """Whose holidays are looked at."""

    country: str = ""
    subdivision: str = ""
    years: list[str] = field(default_factory=list)
    language: str = ""


@dataclass
class Draft:
    name: str = ""
    time_zone: str = ""
    week: list[list[Span]] = field(default_factory=lambda: [[] for _weekday in range(7)])
    holidays: list[HolidayRow] = field(default_factory=list)
    days: list[DayRow] = field(default_factory=list)
    region: Region = field(default_factory=Region)
    applies_to: str = "new"
    base: str = ""
    """The version that was in force when the editor was opened."""

    @classmethod
    def of(cls, version: CalendarVersion) -> "Draft":
        draft = cls(version.calendar.name, version.time_zone, base=str(version.number))
        for period in version.periods:
            draft.week[period["weekday"]].append((period["start"], period["end"]))
        for row in version.holidays:
            if row.get("source"):
                draft.holidays.append(HolidayRow(row["date"], row["name"], row["source"]))
            else:
                draft.days.append(DayRow(row["date"], row["name"], ""))
        for row in version.days:
            draft.days.append(DayRow(row["date"], row["name"], _hours_text(row["periods"])))
        draft.days.sort()
        return draft

    @classmethod
    def posted(cls, post: QueryDict) -> "Draft":
        kept = set(post.getlist("keep"))
        return cls(
            name=post.get("name", ""),
            time_zone=post.get("time_zone", ""),
            week=[
                list(zip(post.getlist(f"start-{day}"), post.getlist(f"end-{day}"), strict=False)) for day in range(7)
            ],
            holidays=[
                HolidayRow.unpacked(packed, kept=packed.partition("|")[0] in kept)
                for packed in post.getlist("holiday")[:ROWS]
            ],
            days=[
                DayRow(*row)
                for row in zip(*(post.getlist(f"day-{part}")[:ROWS] for part in DayRow._fields), strict=False)
            ],
            region=Region(
                post.get("country", ""), post.get("subdivision", ""), post.getlist("year"), post.get("language", "")
            ),
            applies_to=post.get("applies_to", "new"),
            base=post.get("base", ""),
        )

    def content(self) -> dict[str, Any]:
        """As the actions take it, or InvalidInput for what cannot be read at all."""
        errors: dict[str, list[str]] = {}
        days = [row for row in self.days if any(part.strip() for part in row)]
        periods = [
            {"weekday": weekday, "start": _clock(start), "end": _clock(end)}
            for weekday, spans in enumerate(self.week)
            for start, end in spans
            if start.strip() or end.strip()
        ]
        if half := next((one for one in periods if not (one["start"] and one["end"])), None):
            sentence = _("%(day)s: both a start and an end are needed.")
            errors["periods"] = [sentence % {"day": weekday_name(int(str(half["weekday"])))}]
        if any(not row.date for row in days):
            errors["days"] = [_("A day of your own needs a date.")]
        elif wrong := next((row for row in days if row.hours.strip() and not _spans(row.hours)), None):
            sentence = _("“%(hours)s” are no hours: write 09:00–13:00, or nothing for a day that is closed.")
            errors["days"] = [sentence % {"hours": wrong.hours[:40]}]
        if errors:
            raise InvalidInput(errors)
        copied = [row for row in self.holidays if row.kept]
        closed = [{"date": row.date, "name": row.name.strip()} for row in days if not row.hours.strip()]
        return {
            "name": self.name,
            "time_zone": self.time_zone,
            "periods": periods,
            "holidays": [{"date": row.date, "name": row.name, "source": row.source} for row in copied] + closed,
            "days": [
                {"date": row.date, "name": row.name.strip(), "periods": _spans(row.hours)}
                for row in days
                if row.hours.strip()
            ],
        }

    def set_week(self, preset: str) -> None:
        spans, days = PRESETS.get(preset, ((), 0))
        if days:
            self.week = [list(spans) if weekday < days else [] for weekday in range(7)]

    def copy_monday(self, _argument: str) -> None:
        self.week[1:5] = [list(self.week[0]) for _weekday in range(4)]

    def add_hours(self, weekday: str) -> None:
        if weekday in set("0123456"):
            self.week[int(weekday)].append(("", "") if self.week[int(weekday)] else OFFICE)

    def drop_hours(self, which: str) -> None:
        weekday, _dash, row = which.partition("-")
        if weekday in set("0123456") and row.isdecimal() and len(row) < 5:
            del self.week[int(weekday)][int(row) : int(row) + 1]

    def add_day(self, _argument: str) -> None:
        self.days.append(DayRow("", "", ""))

    def drop_day(self, which: str) -> None:
        if which.isdecimal() and len(which) < 5:
            del self.days[int(which) : int(which) + 1]

    def take(self, packed: list[str], dropped: list[str]) -> None:
        """Put offered holidays in, in place of those of the same date, and take out what is no holiday any more."""
        fresh = {row.date: row for row in map(HolidayRow.unpacked, packed[:ROWS])}
        rows = {row.date: row for row in self.holidays if row.date not in dropped}
        self.holidays = sorted((rows | fresh).values())


def _hours_text(spans: list[dict[str, str]]) -> str:
    return ", ".join(f"{span['start']}–{span['end']}" for span in spans)


def _spans(text: str) -> list[dict[str, str]]:
    """`9:00-12:00, 13:00-18:00` as rows; nothing where the text holds anything else."""
    parts = [_HOURS.fullmatch(part.strip()) for part in re.split(r"[,;]", text)]
    return [{"start": _clock(match[1]), "end": _clock(match[2])} for match in parts if match] if all(parts) else []


def _clock(text: str) -> str:
    """`9`, `9:00` and `24:00` as the times that they mean; anything else as it was typed."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return text.strip()
    hour, minute = match[1].zfill(2), match[2] or "00"
    return "00:00" if (hour, minute) == ("24", "00") else f"{hour}:{minute}"
