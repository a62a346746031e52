"""One ladder's page: its levels as typed, the proof of them as they stand, what differs, its versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from calendars.models import Calendar
from common.errors import InvalidInput
from common.lengths import length_words
from common.numbers import whole
from desk.forms.ladder import LadderDraft, LevelRow
from desk.looks.rules.holes import HoleLook, hole_look
from desk.looks.rules.ladders import (
    Heat,
    Line,
    Use,
    day_words,
    heat,
    kept_by,
    last_resort_words,
    now_words,
    rehearsal,
    use_words,
    uses_of,
)
from escalation.coverage.loading import load
from escalation.coverage.proving import AHEAD, Hole, Proof, prove, quarter
from escalation.coverage.publishing import OpensHolesError, in_force
from escalation.coverage.reports import plain
from escalation.coverage.terms import LadderTerms, LevelTerms, checked, facts_of_terms, read_terms, terms_of
from escalation.coverage.world import World
from escalation.enums import Reach
from escalation.models import Ladder, LadderVersion
from people.enums import STAFF_ROLES
from people.models import Skill, User

MOST_HOLES = 8
MOST_VERSIONS = 20
_AT = "%Y-%m-%dT%H:%M"


class Asked(NamedTuple):
    """Of which team, how grave, and when, the proof is looked at; `at` is that of the rehearsal."""

    team: int
    severity: int
    at: datetime

    @classmethod
    def read(cls, given: QueryDict, now: datetime) -> "Asked":
        """What makes no sense, or lies outside of the days that are proved, is as if it was not asked."""
        team, severity = given.get("look_team", ""), given.get("look_severity", "")
        return cls(
            whole(team) or 0,
            int(severity) if severity in {"1", "2", "3", "4"} else 1,
            _moment(given.get("look_at", ""), now),
        )

    @property
    def at_field(self) -> str:
        return timezone.localtime(self.at).strftime(_AT)


@dataclass(frozen=True, slots=True)
class LevelLook:
    """One row of the editor: what was typed, and what it says in words."""

    number: int
    row: LevelRow
    title: str
    now: str
    chips: list[str]
    repeats: str
    errors: list[str]
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class VersionLook:
    version: LadderVersion
    changes: list[str]
    is_in_force: bool


@dataclass(frozen=True)
class EditorLook:
    used: str
    kept: int
    levels: list[LevelLook]
    holes: list[HoleLook]
    more_holes: int
    heat: Heat | None
    lines: list[Line]
    teams: list[tuple[int, str]]
    team: int
    day: str
    versions: list[VersionLook]
    choices: dict[str, Any]
    errors: dict[str, list[str]] = field(default_factory=dict)
    theirs: Sequence[str] = ()
    opens: Sequence[HoleLook] = ()
    number: int = 0
    last_resort: str = ""


def editor_look(
    ladder: Ladder,
    draft: LadderDraft,
    asked: Asked,
    now: datetime,
    *,
    problems: Mapping[str, list[str]] | None = None,
    theirs: Sequence[str] = (),
    opens: OpensHolesError | None = None,
    number: int = 0,
) -> EditorLook:
    """Everything on the page. What was typed and cannot be read is not proved; what is kept is, in its place."""
    errors = dict(problems or {})
    terms, wrong = _terms(ladder, draft)
    world = load(now)
    proofs = prove(world, facts_of_terms(terms or terms_of(ladder), ladder), now)
    shown = _shown(proofs, asked)
    holes = sorted((hole for proof in proofs for hole in proof.holes), key=lambda hole: hole.spans[0])
    current = in_force(ladder)
    return EditorLook(
        used=use_words(_use(ladder)),
        last_resort=last_resort_words(shown, now),
        kept=kept_by(ladder, current),
        levels=_levels(draft, errors or wrong, shown, world, now),
        holes=[_look(hole, now) for hole in holes[:MOST_HOLES]],
        more_holes=max(0, len(holes) - MOST_HOLES),
        heat=heat(shown, asked.severity, _zone(terms)) if shown else None,
        lines=rehearsal(shown, asked.severity, asked.at) if shown else [],
        teams=[(one.team.key, one.team.name) for one in proofs if one.team],
        team=shown.team.key if shown and shown.team else 0,
        day=day_words(_zone(terms), now),
        versions=version_looks(ladder),
        choices=_choices(),
        errors=errors,
        theirs=theirs,
        opens=[_look(hole, now) for hole in opens.holes[:MOST_HOLES]] if opens else (),
        number=number,
    )


def version_looks(ladder: Ladder) -> list[VersionLook]:
    """The newest first, each with what it changed; a draft is none of them."""
    rows = list(ladder.versions.exclude(published_at=None).select_related("by")[: MOST_VERSIONS + 1])
    current, names = terms_of(ladder), Names.read()
    looks = []
    for place, row in enumerate(rows[:MOST_VERSIONS]):
        before = rows[place + 1] if place + 1 < len(rows) else None
        terms = read_terms(row.terms)
        changes = changes_between(read_terms(before.terms), terms, names) if before else []
        looks.append(VersionLook(row, changes, is_in_force=place == 0 and terms == current))
    return looks


class Names(NamedTuple):
    """Of what versions name by its key; read once for all of them."""

    calendars: dict[int, str]
    skills: dict[int, str]
    languages: dict[str, Any]

    @classmethod
    def read(cls) -> "Names":
        calendars, skills = (dict(model.objects.values_list("pk", "name")) for model in (Calendar, Skill))
        return cls(calendars, skills, dict(settings.LANGUAGES))


def changes_between(before: LadderTerms, after: LadderTerms, names: Names) -> list[str]:
    """Each difference as one short sentence, in the reader's language."""
    said = []
    titles = [_("Name"), _("Calendar"), _("More people after"), _("Languages"), _("Skills")]
    for words, old, new in zip(titles, _fields(before, names), _fields(after, names), strict=True):
        if old != new:
            said.append(_("%(what)s: %(old)s, now %(new)s") % {"what": words, "old": old or "—", "new": new or "—"})
    for place in range(max(len(before.levels), len(after.levels))):
        olds, news = before.levels[place : place + 1], after.levels[place : place + 1]
        if olds != news:
            known = {"n": place + 1, "old": _level_words(olds), "new": _level_words(news)}
            said.append(_("Level %(n)d: %(old)s, now %(new)s") % known)
    return said


def differences(theirs: LadderTerms, draft: LadderDraft) -> list[str]:
    """Between what somebody else has saved and what stands in this editor."""
    try:
        return changes_between(theirs, draft.terms(), Names.read())
    except InvalidInput:
        return []


def _fields(terms: LadderTerms, names: Names) -> list[str]:
    return [
        terms.name,
        names.calendars.get(terms.calendar or 0, ""),
        length_words(timedelta(seconds=terms.widen_after)) if terms.widen_after else "",
        ", ".join(str(names.languages.get(code, code)) for code in terms.languages),
        ", ".join(names.skills.get(key, "") for key in terms.skills),
    ]


def _level_words(levels: Sequence[LevelTerms]) -> str:
    if not levels:
        return _("none")
    row = LadderDraft.of(LadderTerms(levels=(levels[0],)), "").levels[0]
    return ", ".join([_title(row), *_chips(row), *([_repeats(row)] if row.every else [])])


def _terms(ladder: Ladder, draft: LadderDraft) -> tuple[LadderTerms | None, dict[str, list[str]]]:
    try:
        return checked(draft.terms(), ladder), {}
    except InvalidInput as error:
        return None, error.errors


def _use(ladder: Ladder) -> Use:
    return uses_of([ladder])[ladder.pk]


def _shown(proofs: Sequence[Proof], asked: Asked) -> Proof | None:
    """The team that was asked for, else the first with a hole, else the first."""
    named = next((one for one in proofs if one.team and one.team.key == asked.team), None)
    return named or next((one for one in proofs if one.holes), proofs[0] if proofs else None)


def _look(hole: Hole, now: datetime) -> HoleLook:
    return hole_look(plain(hole), now)


def _zone(terms: LadderTerms | None) -> tzinfo:
    """That of the ladder's calendar, else the reader's."""
    key = terms.calendar if terms else None
    calendar = Calendar.objects.filter(pk=key).prefetch_related("versions").first() if key else None
    return ZoneInfo(calendar.current.time_zone) if calendar else timezone.get_current_timezone()


def _levels(
    draft: LadderDraft, errors: Mapping[str, list[str]], proof: Proof | None, world: World, now: datetime
) -> list[LevelLook]:
    looks = []
    facts = proof.ladder.levels if proof else ()
    for number, row in enumerate(draft.levels, start=1):
        level = facts[number - 1] if number <= len(facts) and facts[number - 1].reach == row.reach else None
        looks.append(
            LevelLook(
                number=number,
                row=row,
                title=_title(row),
                now=now_words(level, proof.steps[0]) if level and proof else "",
                chips=_chips(row),
                repeats=_repeats(row),
                errors=errors.get(f"level-{number}", []),
                is_first=number == 1,
                is_last=number == len(draft.levels),
            )
        )
    return looks


def _title(row: LevelRow) -> str:
    label = str(Reach(row.reach).label) if row.reach in Reach.values else _("Nobody chosen")
    return _("%(who)s, %(n)s up") % {"who": label, "n": row.steps_up} if row.reach == Reach.MANAGERS_ABOVE else label


def _chips(row: LevelRow) -> list[str]:
    at_once = row.after.strip() in {"", "0", "0 s", "0 min", length_words(timedelta())}
    return [
        _("at once") if at_once else _("after %(length)s") % {"length": row.after},
        _("In the app and by mail") if row.by_mail else _("In the app"),
        _("Working hours") if row.hours == "open" else _("Always"),
    ]


def _repeats(row: LevelRow) -> str:
    if not row.every.strip():
        return _("Told once")
    return _("Repeats every %(every)s, %(times)s times") % {"every": row.every, "times": row.times or "0"}


def _choices() -> dict[str, Any]:
    colleagues = User.objects.active().filter(role__in=STAFF_ROLES).order_by("name", "pk")
    return {
        "reaches": Reach.choices,
        "people": [(str(pk), name) for pk, name in colleagues.values_list("pk", "name")],
        "calendars": [(str(one.pk), one.name) for one in Calendar.objects.active()],
        "languages": settings.LANGUAGES,
        "skills": [(str(pk), name) for pk, name in Skill.objects.values_list("pk", "name")],
    }


def _moment(text: str, now: datetime) -> datetime:
    """A local moment of the reader's; at the next quarter-hour of the desk's where it is none."""
    try:
        found = parse_datetime(text[:20])
    except ValueError:
        found = None
    if found is not None and timezone.is_naive(found):
        found = timezone.make_aware(found)
    within = found is not None and quarter(now) <= found < quarter(now) + AHEAD
    return found if found is not None and within else now
