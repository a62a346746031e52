"""The front doors' way to ladders: the permission, then the action (R14, R30)."""

from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import NotFound
from escalation import permissions as may
from escalation.coverage import publishing
from escalation.coverage.terms import LadderTerms
from escalation.models import Ladder, LadderVersion
from people.models import Team, User


def access_ladder(user: User, pk: int) -> Ladder:
    """For whoever sets the rules; to everybody else it is not there."""
    found = Ladder.objects.select_related("team", "calendar").filter(pk=pk).first() if user.sets_rules else None
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found


def create_ladder(*, user: User, name: str, team: Team | None, now: datetime) -> Ladder:
    may.check(user.sets_rules, _("Only an escalation manager may do this."))
    return publishing.create_ladder(name=name, team=team, by=user, now=now)


def save_draft(*, user: User, pk: int, terms: LadderTerms, seen: str, now: datetime) -> LadderVersion:
    ladder = access_ladder(user, pk)
    return publishing.save_draft(ladder=ladder, terms=terms, seen=seen, by=user, now=now)


def discard_draft(*, user: User, pk: int) -> None:
    publishing.discard_draft(ladder=access_ladder(user, pk))


def publish_draft(*, user: User, pk: int, seen: str, reason: str, now: datetime) -> LadderVersion:
    """OpensHolesError where a hole is opened and no reason is given."""
    ladder = access_ladder(user, pk)
    return publishing.publish_draft(ladder=ladder, seen=seen, reason=reason, by=user, now=now)


def return_to(*, user: User, pk: int, version: int, reason: str, now: datetime) -> LadderVersion:
    ladder = access_ladder(user, pk)
    return publishing.return_to(ladder=ladder, number=version, reason=reason, by=user, now=now)
