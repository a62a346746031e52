"""Macros as they are chosen, each with what it will do; and what would be worth one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.forms.actions import PREFIX
from tickets import macro_history, macros
from tickets.models import Macro, Ticket
from tickets.routing.action import Action
from tickets.routing.existing import known_to_macros
from tickets.routing.grammar import in_words


@dataclass(frozen=True, slots=True)
class MacroChoice:
    """`gone`: what it names and is not there any more; such a one cannot be applied. `is_first`: of those that can."""

    macro: Macro
    does: Sequence[str]
    gone: Sequence[str]
    is_first: bool = False

    @property
    def hint(self) -> str:
        if self.gone:
            return _("It names what is not there any more: %(names)s.") % {"names": ", ".join(self.gone)}
        return " → ".join(self.does)

    @property
    def team(self) -> str:
        return self.macro.team.name if self.macro.team else ""


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """`url` is the form of a new macro with all this in it."""

    team: str
    does: Sequence[str]
    times: int
    numbers: Sequence[int]
    url: str


def choices_for(ticket: Ticket) -> list[MacroChoice]:
    """Five queries, however many there are."""
    known = known_to_macros()
    found = [(macro, macros.missing_in(macro, known)) for macro in macros.for_ticket(ticket)]
    first = next((macro for macro, gone in found if not gone), None)
    return [MacroChoice(macro, macros.in_words(macro, known), gone, macro is first) for macro, gone in found]


def suggestions(now: datetime) -> list[SuggestionLine]:
    found, known = macro_history.repeated(now), known_to_macros()
    return [
        SuggestionLine(
            one.team.name, in_words(one.actions, known), one.times, one.numbers, _prefilled(one.actions, one.team.pk)
        )
        for one in found
    ]


def _prefilled(actions: Sequence[Action], team: int) -> str:
    # As if a button of the editor had been pressed: shown as it stands, and judged when it is sent.
    given = {f"{PREFIX}-shown": "1", f"{PREFIX}-add": "1", "team": str(team), "is_enabled": "on"}
    for at, one in enumerate(actions):
        given |= {f"{PREFIX}-{at}-what": str(one.do), f"{PREFIX}-{at}-value": str(one.value)}
    return f"{reverse('desk:macros_new')}?{urlencode(given)}"


def is_prefilled(query: QueryDict) -> bool:
    """Whether a form was asked for with something in it."""
    return f"{PREFIX}-shown" in query
