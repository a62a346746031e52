"""What a ladder says, as its versions keep it and its editor changes it: checked, compared, put into words."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from calendars.models import Calendar
from common.errors import InvalidInput
from common.text import one_line
from escalation.coverage.world import LadderFacts, LevelFacts
from escalation.enums import Reach
from escalation.models import Ladder
from people.enums import STAFF_ROLES
from people.models import Skill, User
from sla.enums import ThresholdAction
from sla.hours import hours_of
from sla.models import PolicyVersion
from sla.thresholds import read
from tickets.models import RoutingRule
from tickets.routing import grammar

NAME_LIMIT = 80
MOST_LEVELS = 9
MOST_TIMES = 99
MOST_UP = 9
LONGEST = timedelta(days=30)
SHORTEST_REPEAT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class LevelTerms:
    """Lengths in seconds; `people` are primary keys."""

    reach: str = Reach.MANAGERS.value
    delay: int = 0
    steps_up: int = 1
    people: tuple[int, ...] = ()
    in_hours: bool = False
    by_mail: bool = True
    repeat_every: int = 0
    repeat_times: int = 0


@dataclass(frozen=True, slots=True)
class LadderTerms:
    """`calendar` and `skills` are primary keys, `widen_after` seconds, 0 for never."""

    name: str = ""
    levels: tuple[LevelTerms, ...] = ()
    calendar: int | None = None
    widen_after: int = 0
    languages: tuple[str, ...] = ()
    skills: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What a JSON column gives back as it was."""
        plain = asdict(self)
        plain["levels"] = [{**level, "people": list(level["people"])} for level in plain["levels"]]
        return {**plain, "languages": list(self.languages), "skills": list(self.skills)}


def read_terms(kept: Mapping[str, Any]) -> LadderTerms:
    """From `as_json`."""
    levels = tuple(LevelTerms(**{**level, "people": tuple(level["people"])}) for level in kept["levels"])
    lists = {"languages": tuple(kept["languages"]), "skills": tuple(kept["skills"])}
    return LadderTerms(**{**kept, **lists, "levels": levels})


def terms_of(ladder: Ladder) -> LadderTerms:
    """As its rows say it now."""
    return LadderTerms(
        name=ladder.name,
        levels=tuple(
            LevelTerms(
                reach=level.reach,
                delay=_seconds(level.delay),
                steps_up=level.steps_up,
                people=tuple(sorted(person.pk for person in level.people.all())),
                in_hours=level.in_hours,
                by_mail=level.by_mail,
                repeat_every=_seconds(level.repeat_every),
                repeat_times=level.repeat_times,
            )
            for level in ladder.levels.prefetch_related("people")
        ),
        calendar=ladder.calendar_id,
        widen_after=_seconds(ladder.widen_after),
        languages=tuple(ladder.languages),
        skills=tuple(sorted(skill.pk for skill in ladder.skills.all())),
    )


def facts_of_terms(terms: LadderTerms, ladder: Ladder) -> LadderFacts:
    """For the proof of what is not saved yet."""
    calendar = Calendar.objects.filter(pk=terms.calendar or 0).prefetch_related("versions").first()
    return LadderFacts(
        key=ladder.pk,
        name=terms.name or ladder.name,
        levels=tuple(_facts(number, level) for number, level in enumerate(terms.levels, start=1)),
        team=ladder.team_id,
        hours=hours_of(calendar.current if calendar else None),
        languages=terms.languages,
        skills=terms.skills,
    )


def checked(terms: LadderTerms, ladder: Ladder) -> LadderTerms:
    """As they are kept. InvalidInput names everything that is wrong at once; of a level as `level-2`."""
    errors: dict[str, list[str]] = {}
    for field, problem in (*_problems(terms, ladder), *_level_problems(terms)):
        errors.setdefault(field, []).append(problem)
    try:
        name = one_line(terms.name, field="name", limit=NAME_LIMIT)
    except InvalidInput as error:
        errors |= error.errors
    if errors:
        raise InvalidInput(errors)
    return replace(terms, name=name, levels=tuple(_tidy(level) for level in terms.levels))


def _problems(terms: LadderTerms, ladder: Ladder) -> Iterable[tuple[str, str]]:
    yield from _name_problems(terms, ladder)
    if not terms.levels:
        yield "levels", _("A ladder has at least one level.")
    if len(terms.levels) > MOST_LEVELS:
        yield "levels", _("A ladder has at most %(most)d levels.") % {"most": MOST_LEVELS}
    if terms.calendar and not Calendar.objects.active().filter(pk=terms.calendar).exists():
        yield "calendar", _("This calendar is not there any more: choose another.")
    if not 0 <= terms.widen_after <= LONGEST.total_seconds():
        yield "widen_after", _("At most 30 days.")
    if set(terms.languages) - {code for code, _name in settings.LANGUAGES}:
        yield "languages", _("Choose among the languages of the desk.")
    if len(terms.skills) != Skill.objects.filter(pk__in=terms.skills).count():
        yield "skills", _("A skill that was chosen is not there any more.")


def _name_problems(terms: LadderTerms, ladder: Ladder) -> Iterable[tuple[str, str]]:
    if Ladder.objects.filter(name=terms.name.strip()).exclude(pk=ladder.pk).exists():
        yield "name", _("There is a ladder of this name already.")
    if ladder.name != terms.name.strip() and (policies := named_by_policies().get(ladder.name)):
        said = _("An SLA policy calls it “%(name)s”: %(policies)s. Change it there first.")
        yield "name", said % {"name": ladder.name, "policies": ", ".join(policies)}
    if ladder.name != terms.name.strip() and (rules := named_by_rules().get(ladder.name)):
        said = _("A routing rule calls it “%(name)s”: %(rules)s. Change it there first.")
        yield "name", said % {"name": ladder.name, "rules": ", ".join(rules)}


def named_by_policies() -> dict[str, list[str]]:
    """By the name of a ladder, the policies in force of which a threshold escalates along it."""
    found: dict[str, list[str]] = {}
    for version in PolicyVersion.objects.in_force().select_related("policy").prefetch_related("targets"):
        steps = (step for target in version.targets.all() for step in read(target.thresholds))
        acts = (act for step in steps for act in step.actions if act.do == ThresholdAction.ESCALATE and act.value)
        for name in dict.fromkeys(act.value for act in acts):
            found.setdefault(name, []).append(version.policy.name)
    return found


def named_by_rules() -> dict[str, list[str]]:
    """By the name of a ladder, the routing rules that escalate along it; those that are off, too."""
    found: dict[str, list[str]] = {}
    for rule in RoutingRule.objects.all():
        for name in dict.fromkeys(one.ladder for one in grammar.read(rule.actions) if one.ladder):
            found.setdefault(name, []).append(rule.name)
    return found


def _level_problems(terms: LadderTerms) -> Iterable[tuple[str, str]]:
    wanted = {key for level in terms.levels for key in level.people}
    colleagues = User.objects.active().filter(role__in=STAFF_ROLES, pk__in=wanted)
    known = set(colleagues.values_list("pk", flat=True)) if wanted else set()
    for number, level in enumerate(terms.levels, start=1):
        for problem in _wrong_in(level, terms, known):
            yield f"level-{number}", _("Level %(n)d: %(problem)s") % {"n": number, "problem": problem}


def _wrong_in(level: LevelTerms, terms: LadderTerms, known: set[int]) -> Iterable[str]:
    yield from _wrong_aim(level, known)
    yield from _wrong_times(level)
    if level.in_hours and not terms.calendar:
        yield _("choose a calendar, which says when working hours are.")


def _wrong_aim(level: LevelTerms, known: set[int]) -> Iterable[str]:
    if level.reach not in Reach.values:
        yield _("choose whom it alerts.")
    if level.reach == Reach.NAMED and not level.people:
        yield _("name somebody.")
    if level.reach == Reach.NAMED and set(level.people) - known:
        yield _("somebody who is named does not work here any more.")
    if level.reach == Reach.MANAGERS_ABOVE and not 1 <= level.steps_up <= MOST_UP:
        yield _("between 1 and 9 teams up.")


def _wrong_times(level: LevelTerms) -> Iterable[str]:
    if not 0 <= level.delay <= LONGEST.total_seconds():
        yield _("it comes after at most 30 days.")
    if bool(level.repeat_every) != bool(level.repeat_times):
        yield _("to repeat it, say how often and at most how many times.")
    elif level.repeat_every and not SHORTEST_REPEAT.total_seconds() <= level.repeat_every <= LONGEST.total_seconds():
        yield _("it repeats every minute at most, and every 30 days at least.")
    if not 0 <= level.repeat_times <= MOST_TIMES:
        yield _("it repeats at most 99 times.")


def _tidy(level: LevelTerms) -> LevelTerms:
    """Without what its reach does not ask for."""
    people = tuple(sorted(set(level.people))) if level.reach == Reach.NAMED else ()
    return replace(level, people=people, steps_up=level.steps_up if level.reach == Reach.MANAGERS_ABOVE else 1)


def _facts(number: int, level: LevelTerms) -> LevelFacts:
    return LevelFacts(
        level=number,
        reach=level.reach,
        delay=timedelta(seconds=level.delay),
        steps_up=level.steps_up,
        named=level.people,
        in_hours=level.in_hours,
        by_mail=level.by_mail,
        repeat_every=timedelta(seconds=level.repeat_every) if level.repeat_every else None,
        repeat_times=level.repeat_times,
    )


def _seconds(length: timedelta | None) -> int:
    return int(length.total_seconds()) if length else 0
