"""Who writes quick replies (R37): administrators the desk's, whoever answers for a team its own, each person his."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.configuring import check, configure
from common.errors import InvalidInput, NotFound, Refused
from people import permissions as people
from people.models import Team, User
from people.teams import may_edit
from tickets.models import QuickReply
from tickets.quick_replies import check_names, used_by

MOST_OWN = 100


def may_change(user: User, reply: QuickReply) -> bool:
    if reply.owner_id is not None:
        return reply.owner_id == user.pk
    return user.is_admin or (reply.team is not None and may_edit(user, reply.team))


def access_reply(user: User, pk: int, *, to_change: bool = True) -> QuickReply:
    """The reply, or NotFound where it is not his to use; Refused where it is not his to change."""
    people.check_agent(user)
    found = used_by(user).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    if to_change and not may_change(user, found):
        raise Refused(_said(found.team))
    return found


@transaction.atomic
def save_reply(*, user: User, reply: QuickReply | None = None, own: bool = False, **terms: Any) -> QuickReply:
    """A new one, `own` or the desk's or a team's, or other terms of one: each is a column.

    Raises InvalidInput with all that is wrong, Refused where it is not his to say.
    """
    people.check_agent(user)
    reply = QuickReply(owner=user if own else None) if reply is None else access_reply(user, reply.pk)
    if "body" in terms:
        check_names(terms["body"])
    if reply.owner_id is not None:
        return _keep_own(user, reply, terms)
    team = terms.get("team", reply.team)
    if not may_change(user, QuickReply(team=team)):
        raise Refused(_said(team))
    return configure(reply, by=user, **terms)


@transaction.atomic
def remove_reply(*, user: User, pk: int) -> QuickReply:
    """One's own is gone; another is retired, for rules and macros may name it. As it was last."""
    reply = access_reply(user, pk)
    if reply.owner_id is None:
        return configure(reply, by=user, is_enabled=False)
    QuickReply.with_own.filter(pk=reply.pk).delete()
    return reply


def _keep_own(user: User, reply: QuickReply, terms: dict[str, Any]) -> QuickReply:
    """Nobody else's business: the audit trail says nothing of it."""
    if terms.get("team") is not None:
        raise InvalidInput.of("team", _("One of your own is of no team."))
    if reply.pk is None and QuickReply.with_own.filter(owner=user).count() >= MOST_OWN:
        sentence = _("You have %(most)d quick replies of your own. Delete one first.")
        raise InvalidInput.of("title", sentence % {"most": MOST_OWN})
    for name, value in terms.items():
        setattr(reply, name, value)
    check(reply)
    reply.save()
    return reply


def _said(team: Team | None) -> str:
    if team is None:
        return _("Only an administrator writes the quick replies of all teams.")
    return _("The quick replies of %(team)s are written by its lead and its managers.") % {"team": team.name}
