"""The bar for many tickets, and what it has done, in words."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from common.languages import in_each_language
from common.numbers import whole
from common.questions import Question
from desk.looks.ticket.ticket import verb_words
from people.models import Team, User
from tickets.bulk import UNDO_WITHIN
from tickets.enums import Deed, Priority
from tickets.macros import of_the_desk
from tickets.models import BulkAct, Macro, QuickReply

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One sentence, and the tickets that it was said of."""

    sentence: str
    numbers: list[int]


@dataclass(frozen=True, slots=True)
class ActLook:
    sentence: str
    refusals: list[Refusal]
    undo_url: str = ""
    tone: str = "ok"


@dataclass(frozen=True, slots=True)
class BulkChoices:
    """What its selects offer: values and words; of people their address and their name."""

    statuses: Pairs
    priorities: Pairs
    people: Pairs
    replies: list[QuickReply]
    macros: list[Macro]


def bulk_choices() -> BulkChoices:
    """What the bar offers for any ticket, besides the teams, which the rail has already. Three queries."""
    return BulkChoices(
        statuses=_statuses(),
        priorities=_priorities(),
        people=tuple(_people.rows()),
        replies=_replies.rows(),
        macros=_macros.rows(),
    )


@in_each_language
def _statuses() -> Pairs:
    """A verb that sets still with each kind of reason for it."""
    return tuple(pair for verb in verb_words() for pair in (verb.choices[1:] or verb.choices))


@in_each_language
def _priorities() -> Pairs:
    return tuple((value, str(label)) for value, label in reversed(Priority.choices))


@Question
def _people() -> "QuerySet[User, tuple[str, str]]":
    return User.objects.active().staff().order_by("name").values_list("email", "name")


@Question
def _replies() -> "QuerySet[QuickReply]":
    return QuickReply.objects.filter(is_enabled=True).select_related("team").defer("body")


@Question
def _macros() -> "QuerySet[Macro]":
    found: QuerySet[Macro] = of_the_desk().defer("actions")
    return found


def act_look(user: User, pk: str, now: datetime) -> ActLook | None:
    """What one's own act has done and what not, for as long as it can be taken back."""
    key = whole(pk)
    act = BulkAct.objects.filter(pk=key, author=user).first() if key is not None else None
    if act is None or now - act.at > UNDO_WITHIN:
        return None
    if act.undone_at:
        back = len(act.steps) - len(act.kept)
        said = ngettext("Taken back: %(n)d ticket.", "Taken back: %(n)d tickets.", back) % {"n": back}
        return ActLook(said, _refusals(act.kept), tone="warn" if act.kept else "ok")
    undo = reverse("desk:bulk_undo", args=[act.pk]) if act.steps else ""
    return ActLook(_sentence(act), _refusals(act.refused), undo, "warn" if act.refused else "ok")


def _sentence(act: BulkAct) -> str:
    """“3 tickets assigned to Ilya Voronin. 1 refused.”"""
    done, not_done = len(act.steps), len(act.refused)
    said = _DONE[Deed(act.deed)](done) % {"n": done, "value": _value(act)}
    if not_done:
        said += " " + ngettext("%(n)d refused.", "%(n)d refused.", not_done) % {"n": not_done}
    return said


_DONE: dict[Deed, Callable[[int], str]] = {
    Deed.ASSIGNEE: lambda n: ngettext("%(n)d ticket assigned to %(value)s.", "%(n)d tickets assigned to %(value)s.", n),
    Deed.TEAM: lambda n: ngettext("%(n)d ticket moved to %(value)s.", "%(n)d tickets moved to %(value)s.", n),
    Deed.STATUS: lambda n: ngettext("“%(value)s”: %(n)d ticket changed.", "“%(value)s”: %(n)d tickets changed.", n),
    Deed.PRIORITY: lambda n: ngettext(
        "%(n)d ticket has the priority %(value)s now.", "%(n)d tickets have the priority %(value)s now.", n
    ),
    Deed.TAG: lambda n: ngettext("%(n)d ticket tagged “%(value)s”.", "%(n)d tickets tagged “%(value)s”.", n),
    Deed.UNTAG: lambda n: ngettext(
        "Tag “%(value)s” taken off %(n)d ticket.", "Tag “%(value)s” taken off %(n)d tickets.", n
    ),
    Deed.MERGE: lambda n: ngettext("%(n)d ticket merged into #%(value)s.", "%(n)d tickets merged into #%(value)s.", n),
    Deed.REPLY: lambda n: ngettext(
        "%(n)d ticket answered with “%(value)s”.", "%(n)d tickets answered with “%(value)s”.", n
    ),
    Deed.MACRO: lambda n: ngettext(
        "Macro “%(value)s” applied to %(n)d ticket.", "Macro “%(value)s” applied to %(n)d tickets.", n
    ),
}


def _value(act: BulkAct) -> str:
    if act.deed == Deed.ASSIGNEE:
        return User.objects.filter(email__iexact=act.value).values_list("name", flat=True).first() or act.value
    if act.deed == Deed.TEAM:
        return Team.objects.filter(slug=act.value).values_list("name", flat=True).first() or act.value
    if act.deed == Deed.REPLY:
        return QuickReply.objects.filter(pk=whole(act.value) or 0).values_list("title", flat=True).first() or act.value
    if act.deed == Deed.MACRO:
        return Macro.objects.filter(pk=whole(act.value) or 0).values_list("name", flat=True).first() or act.value
    known = {
        Deed.STATUS: {value: words for verb in verb_words() for value, words in verb.choices},
        Deed.PRIORITY: {value: str(label) for value, label in Priority.choices},
    }
    return known.get(Deed(act.deed), {}).get(act.value, act.value)


def _refusals(refused: list[list[object]]) -> list[Refusal]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, sentence in refused:
        found[str(sentence)].append(int(str(number)))
    return [Refusal(sentence, numbers) for sentence, numbers in found.items()]
