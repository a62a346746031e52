"""The order in which somebody has the saved views in his rail, and which of them he does without."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import NotFound
from people.models import User
from tickets.models import SavedView, ViewPlace
from tickets.saved import visible_views


@dataclass(frozen=True, slots=True)
class Arranged:
    view: SavedView
    is_hidden: bool


def arranged(user: User) -> list[Arranged]:
    """All that he may see: those that he has placed first, in his order, then the others by name. Two queries."""
    places = {one.view_id: one for one in ViewPlace.objects.filter(user=user)}

    def order(view: SavedView) -> tuple[bool, int]:
        return view.pk not in places, places[view.pk].place if view.pk in places else 0

    views = sorted(visible_views(user), key=order)
    return [Arranged(view, view.pk in places and places[view.pk].is_hidden) for view in views]


@transaction.atomic
def move_view(*, user: User, pk: int, up: bool) -> None:
    """Past its neighbour of those that he sees in his rail, or does not see there; at the end of these it stays."""
    order = _held(user)
    at = _index(order, pk)
    kind = [index for index, one in enumerate(order) if one.is_hidden == order[at].is_hidden]
    to = kind.index(at) + (-1 if up else 1)
    if 0 <= to < len(kind):
        order[at], order[kind[to]] = order[kind[to]], order[at]
        _keep(user, order)


@transaction.atomic
def hide_view(*, user: User, pk: int, hidden: bool) -> SavedView:
    """Out of his rail, or into it again, where it stood. It is hidden from nobody else, and found as before."""
    order = _held(user)
    at = _index(order, pk)
    order[at] = Arranged(order[at].view, hidden)
    _keep(user, order)
    return order[at].view


def _held(user: User) -> list[Arranged]:
    """His order, which nobody else changes meanwhile: not he in another window either."""
    User.objects.select_for_update().get(pk=user.pk)
    return arranged(user)


def _index(order: list[Arranged], pk: int) -> int:
    found = next((index for index, one in enumerate(order) if one.view.pk == pk), None)
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found


def _keep(user: User, order: list[Arranged]) -> None:
    """What he no longer sees loses its place: it would come back as a stranger."""
    ViewPlace.objects.filter(user=user).delete()
    ViewPlace.objects.bulk_create(
        ViewPlace(user=user, view=one.view, place=place, is_hidden=one.is_hidden) for place, one in enumerate(order)
    )
