"""What thresholds may name: teams, and the ladders of the floor above, which says so once, when it starts."""

from collections.abc import Callable, Iterable

from people.models import Team
from sla.thresholds import Known

_ASKED: list[Callable[[], Iterable[str]]] = []


def register_ladders(asked: Callable[[], Iterable[str]]) -> None:
    """For `ready()` of an app: a function that gives the names of the ladders there are, in one query."""
    if asked not in _ASKED:
        _ASKED.append(asked)


def known() -> Known:
    ladders = [name for asked in _ASKED for name in asked()]
    return Known(dict(Team.objects.order_by("name").values_list("slug", "name")), ladders)
