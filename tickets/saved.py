"""Saved views: a search with a name, its owner's own, a team's, or everybody's."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotFound, Refused
from common.text import one_line
from people import permissions as people
from people.models import Team, User
from people.teams import edited_by
from tickets.bases import NARROW
from tickets.models import CustomField, SavedView, Ticket
from tickets.querysets import TicketQuerySet
from tickets.search import find

NAME_LIMIT = 60
MOST_VIEWS = 50
COLUMNS = ("next", "owner", "customer", "tags", "team", "opened", "changed")
USUAL_COLUMNS = ("next", "owner", "customer")
# What stands before the key of one of the desk's own fields.
OWN = "fields."


def visible_views(user: User) -> "QuerySet[SavedView]":
    """One's own, those of one's teams, and those for everybody."""
    if not (user.is_active and user.is_agent):
        return SavedView.objects.none()
    mine = Q(owner=user) | Q(is_shared=True) | Q(team__in=_teams_of(user).values("pk"))
    return SavedView.objects.filter(mine).select_related("team", "owner").order_by("name", "pk")


def access_view(user: User, pk: int, *, to_change: bool = False) -> SavedView:
    """The view, or NotFound where it is not for this person; Refused where it is not his to change."""
    found = visible_views(user).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    if to_change and not may_change(user, found):
        raise Refused(_("This view is %(name)s’s to change.") % {"name": found.owner.name})
    return found


def tickets_of(user: User, view: SavedView, now: datetime) -> TicketQuerySet:
    """What the view shows this person now. A search that means nothing any more raises InvalidInput."""
    tickets = find(user, view.query, now=now) if view.query else Ticket.objects.visible_to(user).active()
    return tickets.filter(NARROW.get(view.base, NARROW[""])(user, now))


def columns_offered() -> dict[str, str]:
    """What a row can show, in its order; with its name where it is one of the desk's own fields."""
    own = CustomField.objects.in_use().values_list("key", "label")
    return dict.fromkeys(COLUMNS, "") | {f"{OWN}{key}": label for key, label in own}


def may_change(user: User, view: SavedView) -> bool:
    """Of one that he sees."""
    return view.owner_id == user.pk or changeable_views(user).filter(pk=view.pk).exists()


def changeable_views(user: User) -> "QuerySet[SavedView]":
    """Its owner's; managers' what is shared with all; whoever answers for the team's. Of those that he sees."""
    views = visible_views(user)
    if user.role == "admin":
        return views
    his = Q(owner=user) | Q(team__in=edited_by(user).values("pk"))
    return views.filter(his | Q(is_shared=True) if user.is_manager else his)


def teams_to_share_with(user: User) -> "QuerySet[Team]":
    """Managers share with any team, others with their own."""
    return (Team.objects.all() if user.is_manager else _teams_of(user)).order_by("name")


@transaction.atomic
def save_view(
    *,
    user: User,
    name: str,
    query: str,
    base: str = "",
    order: str = "",
    columns: Sequence[str] = USUAL_COLUMNS,
    team: Team | None = None,
    for_all: bool = False,
    view: SavedView | None = None,
) -> SavedView:
    """A new view, or another shape of one. Raises InvalidInput where the search means nothing, Refused to share."""
    people.check_agent(user)
    if view is None and SavedView.objects.filter(owner=user).count() >= MOST_VIEWS:
        raise InvalidInput.of("name", _("You have %(most)d views. Delete one first.") % {"most": MOST_VIEWS})
    if for_all and not user.is_manager:
        raise Refused(_("Only a manager shares a view with everybody."))
    if team is not None and not teams_to_share_with(user).filter(pk=team.pk).exists():
        raise Refused(_("You are not of the team %(team)s.") % {"team": team.name})
    find(user, query)
    saved = SavedView(owner=user) if view is None else access_view(user, view.pk, to_change=True)
    saved.name = one_line(name, field="name", limit=NAME_LIMIT)
    saved.query, saved.base, saved.order = query, base, order
    saved.columns = [column for column in columns_offered() if column in columns]
    saved.team, saved.is_shared = team, for_all
    saved.save()
    return saved


def delete_view(*, user: User, pk: int) -> None:
    access_view(user, pk, to_change=True).delete()


def _teams_of(user: User) -> "QuerySet[Team]":
    return Team.objects.filter(Q(members=user) | Q(lead=user) | Q(managers=user)).distinct()
