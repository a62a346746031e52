"""Which team can take a matter, and who of it: by skill, language, load, presence and history, with reasons. Pure.

“Who can take this?” (R66): what a matter is about is compared with what people know. Nothing here is a command; each
reason is said, also what speaks against a team.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

BEST_LEVEL = 5
# Two forms of a word differ by an ending; shorter words are taken as they are.
_STEM, _ENDING = 4, 2
# What each side weighs; a skill most, for without it the rest does not help.
SKILL, SERVICE, HISTORY, LANGUAGE, TOPIC, LOAD = 4.0, 3.0, 2.0, 1.5, 1.5, 1.0
# So much more than the others for each who is there is said to be much.
_MUCH = 1.5
_MOST_TOPICS = 3


class Fit(TextChoices):
    BEST = "best", gettext_lazy("Best match")
    FITS = "fits", gettext_lazy("Fits")
    PARTIAL = "partial", gettext_lazy("Partial")
    UNLIKELY = "unlikely", gettext_lazy("Unlikely")


@dataclass(frozen=True, slots=True)
class Need:
    """What is known of the matter. `language` is a code such as pt; empty where everybody at the desk speaks it."""

    words: Collection[str]
    language: str = ""
    language_name: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """`skills` by name, from 1 to 5; `speaks` language codes."""

    name: str
    skills: Mapping[str, int]
    speaks: Collection[str]
    is_there: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """A team. `topics`: the words of what it says of itself, each as it is folded; `open`: its tickets.

    `services`: those of the matter that it answers for.

    How many of the `similar` ones it has `solved`, half of them within `median`.
    """

    key: int
    people: Sequence[Person]
    services: Sequence[str] = ()
    topics: Mapping[str, Sequence[str]] = field(default_factory=dict)
    open: int = 0
    solved: int = 0
    similar: int = 0
    median: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """`reasons` speak for it, `lacks` against it."""

    group: Group
    fit: Fit
    score: float
    reasons: list[str]
    lacks: list[str]
    skills: list[str]
    there: int


def rank(groups: Sequence[Group], need: Need, words_of: Mapping[str, Sequence[str]]) -> list[Ranked]:
    """The best first, of equals the one that comes first here; where nobody is there it comes last.

    A team that nothing speaks for comes after all that are likely, whatever it speaks. `words_of`: each skill's name
    as words.
    """
    asked = {name for name, words in words_of.items() if is_about(words, need.words)}
    wanted = {name for group in groups for person in group.people for name in person.skills if name in asked}
    found = [_ranked(group, groups, need, wanted) for group in groups]
    found.sort(key=lambda one: (not one.there, one.fit == Fit.UNLIKELY, -one.score))
    if found and found[0].fit == Fit.FITS:
        first = found[0]
        found[0] = Ranked(first.group, Fit.BEST, first.score, first.reasons, first.lacks, first.skills, first.there)
    return found


def is_about(skill: Iterable[str], words: Collection[str]) -> bool:
    """Whether every word of the skill is among the matter's, in the singular or in the plural."""
    parts = list(skill)
    return bool(parts) and all(any(_is_same(part, word) for word in words) for part in parts)


def _is_same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _STEM and long.startswith(short) and len(long) - len(short) <= _ENDING)


def _ranked(group: Group, groups: Sequence[Group], need: Need, wanted: Collection[str]) -> Ranked:
    there = [person for person in group.people if person.is_there]
    skills = sorted(name for name in wanted if any(name in person.skills for person in group.people))
    levels = [max((person.skills.get(name, 0) for person in there), default=0) for name in wanted]
    skill = sum(levels) / (BEST_LEVEL * len(wanted)) if wanted else 0.0
    solved = group.solved / group.similar if group.similar else 0.0
    speaks = not need.language or any(need.language in person.speaks for person in there)
    load, others = _load(group), _load_of_others(group, groups)
    topics = [topic for topic, words in group.topics.items() if is_about(words, need.words)]
    score = SKILL * skill + SERVICE * bool(group.services) + HISTORY * solved + TOPIC * bool(topics)
    score += LANGUAGE * speaks + LOAD / (1 + load)
    reasons = [*_answers_for(group), *_takes(topics), *_knows(group, skills), *_has_solved(group)]
    if need.language and speaks:
        reasons.append(_("speaks %(language)s") % {"language": need.language_name})
    lacks = [
        *([_("nobody is there now")] if not there else []),
        *_missing(wanted, skills),
        *([_("no one there speaks %(language)s") % {"language": need.language_name}] if there and not speaks else []),
        *_laden(load, others),
    ]
    is_likely = bool(skills or group.solved or group.services or topics)
    fit = (Fit.PARTIAL if lacks else Fit.FITS) if is_likely else Fit.UNLIKELY
    return Ranked(group, fit, score, reasons, lacks, skills, len(there))


def _load(group: Group) -> float:
    """Open tickets for each who is there."""
    return group.open / max(1, sum(person.is_there for person in group.people))


def _load_of_others(group: Group, groups: Sequence[Group]) -> float | None:
    """On average; None where there is no other."""
    loads = [_load(other) for other in groups if other.key != group.key]
    return sum(loads) / len(loads) if loads else None


def _answers_for(group: Group) -> list[str]:
    if not group.services:
        return []
    return [_("answers for %(services)s") % {"services": ", ".join(group.services)}]


def _takes(topics: Sequence[str]) -> list[str]:
    return [_("takes %(topics)s") % {"topics": ", ".join(topics[:_MOST_TOPICS])}] if topics else []


def _knows(group: Group, skills: Sequence[str]) -> list[str]:
    if not skills:
        return []
    counts = {name: sum(name in person.skills for person in group.people) for name in skills}
    told = [
        ngettext("%(skill)s (%(n)d person)", "%(skill)s (%(n)d people)", count) % {"skill": name, "n": count}
        for name, count in counts.items()
    ]
    return [_("has %(skills)s") % {"skills": _(" and ").join(told)}]


def _has_solved(group: Group) -> list[str]:
    if not group.solved:
        return []
    return [_("solved %(solved)d of %(similar)d like it") % {"solved": group.solved, "similar": group.similar}]


def _missing(wanted: Collection[str], skills: Collection[str]) -> list[str]:
    missing = sorted(set(wanted) - set(skills))
    return [_("no one with %(skills)s") % {"skills": ", ".join(missing)}] if missing else []


def _laden(load: float, others: float | None) -> list[str]:
    if others is None or load < 1 or load <= _MUCH * others:
        return []
    known = {"n": round(load), "others": round(others)}
    return [_("%(n)d open for each who is there, %(others)d elsewhere") % known]
