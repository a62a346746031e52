"""The front doors' way to what is done with whole tickets: permission first, then the action."""

from datetime import datetime

from django.utils.translation import gettext as _

from common.errors import NotFound, Refused
from people.models import User
from tickets import merging
from tickets.models import Merge
from tickets.permissions import May, access_ticket


def merge(*, user: User, source: int, target: int, now: datetime) -> Merge:
    """Put one ticket into another; those of two customers only a manager may put together.

    Raises NotAllowedNow with one sentence where it makes no sense.
    """
    goes = access_ticket(user, source, can=May.WORK)
    into = access_ticket(user, target, can=May.WORK)
    if goes.requester_id != into.requester_id and not user.is_manager:
        raise Refused(
            _("#%(source)d is %(one)s’s and #%(target)d is %(other)s’s: only a manager may merge them.")
            % {"source": source, "one": goes.requester.name, "target": target, "other": into.requester.name}
        )
    return merging.merge(source=goes, target=into, now=now, by=user)


def unmerge(*, user: User, merge: int, now: datetime) -> Merge:
    """Take a merge apart again. NotFound for whoever may not see both tickets."""
    made = Merge.objects.filter(pk=merge).first()
    if made is None:
        raise NotFound(_("There is nothing here for you."))
    access_ticket(user, made.source_id, can=May.WORK)
    access_ticket(user, made.target_id, can=May.WORK)
    return merging.unmerge(merge=made, now=now, by=user)
