"""What stands around a calendar's editor: what saving would do, what is wrong, which holidays are offered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby, islice
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import get_language

from calendars import regions, usage
from calendars.actions import CONTENT, checked_content
from calendars.changes import Change, difference
from calendars.models import Calendar, CalendarVersion
from calendars.parse import Holiday
from calendars.periods import CalendarError
from calendars.regions import Renewal
from calendars.sentences import explain
from common.errors import InvalidInput
from desk.forms.calendar import Draft, HolidayRow
from desk.looks.calendars.calendars import Glance, glance, local_date
from people.zones import zone_choices
from sla import rehours
from sla.moving import Move
from tickets.tally import tally

# Due times that are counted; beyond this the page says "and more".
MOVES_LIMIT = 500
MOVES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """The holidays of a region beside those that are there: packed as the form sends them back."""

    added: list[HolidayRow]
    gone: list[HolidayRow]
    renamed: list[tuple[str, HolidayRow]]
    same: int


@dataclass(frozen=True, slots=True)
class HolidayGroup:
    year: str
    source: str
    rows: list[HolidayRow]
    kept: int


@dataclass(slots=True)
class EditorLook:
    weekdays: list[tuple[int, str, list[tuple[str, str]]]]
    holidays: list[HolidayGroup]
    days: list[tuple[int, Any]]
    zones: Sequence[tuple[str, str]]
    countries: Sequence[tuple[str, str]]
    subdivisions: Sequence[tuple[str, str]]
    languages: Sequence[str]
    years: list[str]
    offer: Offer | None = None
    glance: Glance | None = None
    changes: list[Change] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    more_moves: bool = False
    errors: dict[str, list[str]] = field(default_factory=dict)
    asked: bool = False
    """Whether the errors are an answer to saving, and not only a look ahead."""


def editor_look(
    found: Calendar | None, draft: Draft, now: datetime, *, offers: bool, error: InvalidInput | None
) -> EditorLook:
    version = found.current if found else None
    today = local_date(version, now) if version else now.date()
    _choose_region(draft, today)
    subdivisions, languages = _choices(draft)
    look = EditorLook(
        weekdays=[(day, capfirst(str(WEEKDAYS[day])), spans) for day, spans in enumerate(draft.week)],
        holidays=_groups(draft.holidays),
        days=list(enumerate(draft.days)),
        zones=zone_choices(get_language()),
        countries=regions.countries(),
        subdivisions=subdivisions,
        languages=languages,
        years=[str(today.year + number) for number in range(4)],
        asked=error is not None,
    )
    if found:
        users = usage.users_of([found.pk]).get(found.pk, [])
        look.glance = glance(found, users, tally(rehours.clocks_under(found)), now)
    look.errors = dict(error.errors) if error else {}
    if offers:
        _offer(look, draft)
    _review(look, found, version, draft, now)
    return look


def _review(
    look: EditorLook, found: Calendar | None, version: CalendarVersion | None, draft: Draft, now: datetime
) -> None:
    """What saving would change, or why it cannot be saved as it is."""
    try:
        content = checked_content(now=now, **draft.content())
    except InvalidInput as error:
        look.errors = {**error.errors, **look.errors}
        return
    if found is None or version is None:
        return
    look.changes = difference(version.content, content)
    if look.changes:
        moved = list(islice(rehours.moves(found, _hours(version, content), now), MOVES_LIMIT + 1))
        look.moves, look.more_moves = moved[:MOVES_LIMIT], len(moved) > MOVES_LIMIT


def _hours(version: CalendarVersion, content: dict[str, Any]) -> Any:
    kept = {key: content[key] for key in CONTENT}
    return CalendarVersion(calendar=version.calendar, **kept).work_calendar()


def _choose_region(draft: Draft, today: date) -> None:
    """Where nothing was chosen yet: the region that the holidays came from, this year and the next."""
    region = draft.region
    if not region.country and draft.holidays:
        region.country, region.subdivision = regions.region_of(draft.holidays[-1].source)
    if not region.years:
        region.years = [str(today.year), str(today.year + 1)]


def _choices(draft: Draft) -> tuple[Sequence[tuple[str, str]], Sequence[str]]:
    region = draft.region
    try:
        found = regions.subdivisions(region.country), regions.languages(region.country)
    except CalendarError:
        return (), ()
    if region.subdivision not in dict(found[0]):
        region.subdivision = ""
    if region.language not in found[1]:
        region.language = ""
    return found


def _offer(look: EditorLook, draft: Draft) -> None:
    region = draft.region
    years = {int(year) for year in region.years if year.isdecimal() and len(year) == 4}
    try:
        fresh = regions.holidays_of(region.country, region.subdivision, years, region.language)
    except CalendarError as error:
        look.errors["region"] = [explain(error)]
        return
    source = regions.source_of(region.country, region.subdivision)
    look.offer = _packed(regions.compare(_there(draft), fresh, source, years))


def _there(draft: Draft) -> list[Holiday]:
    own = [HolidayRow(row.date, row.name, "") for row in draft.days if not row.hours.strip()]
    return [Holiday(row.day, row.name, row.source) for row in [*draft.holidays, *own] if row.day]


def _packed(renewal: Renewal) -> Offer:
    return Offer(
        added=[_row(holiday) for holiday in renewal.added],
        gone=[_row(holiday) for holiday in renewal.gone],
        renamed=[(before.name, _row(after)) for before, after in renewal.renamed],
        same=renewal.same,
    )


def _row(holiday: Holiday) -> HolidayRow:
    return HolidayRow(holiday.date.isoformat(), holiday.name, holiday.source)


def _groups(rows: Sequence[HolidayRow]) -> list[HolidayGroup]:
    groups = []
    for (year, source), found in groupby(sorted(rows, key=_group), key=_group):
        listed = list(found)
        groups.append(HolidayGroup(year, regions.source_words(source), listed, sum(row.kept for row in listed)))
    return groups


def _group(row: HolidayRow) -> tuple[str, str]:
    return row.date[:4], row.source
