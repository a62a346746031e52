"""What exists at this desk for actions to name: all of it for whoever edits them, for a book only what they name."""

from collections.abc import Collection, Mapping

from knowledge.models import Article
from notifications.models import Endpoint
from people.models import Skill, Team, User
from tickets.models import Macro, QuickReply
from tickets.routing import grammar, naming
from tickets.routing.action import Action, Do, Known


def known_now() -> Known:
    """For rules. Six queries."""
    return Known(
        teams=_teams(),
        skills=frozenset(Skill.objects.values_list("name", flat=True)),
        replies=_replies(),
        endpoints=_endpoints(),
        reasons=naming.reasons(),
        ladders=naming.ladders(),
        macros=_macros(),
    )


def known_to_macros() -> Known:
    """Four queries."""
    people = User.objects.active().staff().order_by("name").values_list("email", "name")
    guides = Article.objects.exclude(current=None).values_list("slug", "title")
    return Known(teams=_teams(), replies=_replies(), people=dict(people), guides=dict(guides))


def known_to(teams: Mapping[str, str], *, named: Collection[str]) -> Known:
    """For rules that are asked: of what no action of theirs names, nothing is asked. `named`: what they do."""
    macros = _macros() if Do.MACRO in named else None
    does = {*named, *(one.do for parts in (macros or {}).values() for one in parts)}
    return Known(
        teams=teams,
        replies=_replies() if Do.REPLY in does else None,
        endpoints=_endpoints() if Do.WEBHOOK in does else None,
        reasons=naming.reasons(),
        macros=macros,
    )


def _teams() -> dict[str, str]:
    return dict(Team.objects.values_list("slug", "name"))


def _replies() -> frozenset[str]:
    return frozenset(QuickReply.objects.filter(is_enabled=True).values_list("title", flat=True))


def _endpoints() -> frozenset[str]:
    return frozenset(Endpoint.objects.filter(is_enabled=True).values_list("name", flat=True))


def _macros() -> dict[str, tuple[Action, ...]]:
    rows = Macro.objects.filter(is_enabled=True).order_by("name").values_list("name", "actions")
    return {name: grammar.read(actions) for name, actions in rows}
