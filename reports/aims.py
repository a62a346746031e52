"""The figure that a recommendation should move: named when it is made, or later by whoever sees to it (R85)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from escalation.models import Recommendation
from escalation.permissions import access_to_settle
from escalation.services import ruling
from people.models import Team, User
from reports.asking import reports_for
from reports.enums import Wished
from reports.models import Aim, Effect
from reports.movable import MOVABLE, Movable
from reports.register import REPORTS


def figures_for(user: User) -> list[Movable]:
    """Of the reports that somebody may see."""
    seen = reports_for(user)
    return [one for one in MOVABLE.values() if REPORTS[one.report] in seen]


@transaction.atomic
def recommend(
    *, user: User, now: datetime, figure: str = "", team: str = "", wished: str = "", **said: Any
) -> Recommendation:
    """As `ruling.recommend`, with the figure that it should move, where one is named."""
    made = ruling.recommend(user=user, now=now, **said)
    if figure or team or wished:
        _name(user, made, figure, team, wished)
    return made


@transaction.atomic
def name_figure(*, user: User, pk: int, figure: str, team: str = "", wished: str = "") -> Recommendation:
    """Of one that is in the register, by its owner or whoever sets the rules; no figure takes it back.

    Not once it has been measured: nobody looks for a figure that has happened to move. Raises NotFound, Refused and
    InvalidInput. `team` is the short name of a team, without one it is the whole desk; `wished` is "higher" or "lower",
    without it whatever is better for that figure.
    """
    row = access_to_settle(user, pk)
    if row.settled_at is not None and Effect.objects.filter(pk=pk, settled_at=row.settled_at).exists():
        raise InvalidInput.of("figure", _("It has been measured: its figure stays as it is."))
    if figure or team or wished:
        _name(user, row, figure, team, wished)
    else:
        Aim.objects.filter(pk=row.pk).delete()
    return row


def _name(user: User, row: Recommendation, figure: str, team: str, wished: str) -> None:
    movable = next((one for one in figures_for(user) if one.key == figure), None)
    if movable is None:
        known = ", ".join(one.key for one in figures_for(user))
        raise InvalidInput.of("figure", _("The figure that it should move is one of %(known)s.") % {"known": known})
    if wished and wished not in Wished.values:
        raise InvalidInput.of("wished", _("It should go up (higher) or down (lower)."))
    chosen = Team.objects.open_to(user).filter(slug=team).first() if team else None
    if team and chosen is None:
        raise InvalidInput.of("team", _("There is no team “%(team)s”.") % {"team": team})
    said = {"figure": movable.key, "team": chosen, "wished": wished or movable.better}
    Effect.objects.filter(pk=row.pk).delete()
    Aim.objects.update_or_create(pk=row.pk, defaults=said)
