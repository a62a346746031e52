"""Two tickets about one matter become one, and two again if that was a mistake.

The source's words, files, watchers and tags go to the target; the source is closed and points there. What was moved
is kept with the merge, so that it can be taken apart exactly. The clocks follow the events (`sla.sync`): the source's
are set aside, neither kept nor broken, and are taken up again as if nothing had been.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from common.errors import NotAllowedNow
from people.models import User
from tickets import indexing, timeline
from tickets.actions import lock_pair, move
from tickets.enums import EventKind, MergeSide, Status
from tickets.models import Merge, Message, Tag, Ticket
from tickets.rereading import refresh_words


@transaction.atomic
def merge(*, source: Ticket, target: Ticket, now: datetime, by: User | None) -> Merge:
    """Put `source` into `target`. Raises NotAllowedNow, with nothing changed, where that makes no sense."""
    source, target = lock_pair(source.number, target.number)
    _check(source, target)
    made = Merge.objects.create(source=source, target=target, merged_by=by, merged_at=now)
    owed = source.owes_answer
    made.moved = {
        "status": source.status,
        "waits_for": source.waits_for,
        "solved_at": _text(source.solved_at),
        "closed_at": _text(source.closed_at),
        **_move_words(source, target),
        **_share(source, target),
    }
    made.save(update_fields=["moved"])
    source.merged_into = target
    source.save(update_fields=["merged_into"])
    other = source.requester.name if source.requester_id != target.requester_id else ""
    _record(source, MergeSide.AWAY, made, now, by, number=target.number)
    if source.status != Status.CLOSED:
        move(source, source.go_into_another, now=now, actor=by)
    refresh_words(target, now)
    indexing.rebuild([source.number, target.number])
    told = {"number": source.number, "owed": owed, "customer": other, "tags": made.moved["tags"]}
    _record(target, MergeSide.IN, made, now, by, **told)
    if owed and target.status == Status.WAITING:
        reason = _("the customer wrote in #%(number)d") % {"number": source.number}
        move(target, target.resume, now=now, actor=by, reason=reason)
    return made


@transaction.atomic
def unmerge(*, merge: Merge, now: datetime, by: User | None) -> Merge:
    """Take a merge apart: the words go back, the status is what it was, the clocks count as if they had never stopped.

    What was written since stays where it was written.
    """
    source, target = lock_pair(merge.source_id, merge.target_id)
    made = Merge.objects.select_for_update().get(pk=merge.pk)
    if made.undone_at is not None:
        raise NotAllowedNow(_("#%(number)d was taken out again already.") % {"number": source.number})
    if target.merged_into_id is not None:
        raise NotAllowedNow(
            _("#%(number)d itself went into #%(into)d: take those apart first.")
            % {"number": target.number, "into": target.merged_into_id}
        )
    moved = made.moved
    Message.objects.filter(pk__in=moved["messages"], ticket=target).update(ticket=source)
    Message.objects.filter(pk__in=moved["hidden"], ticket=source).update(is_public=True)
    target.tags.remove(*Tag.objects.filter(name__in=moved["tags"]))
    target.watchers.remove(*User.objects.filter(pk__in=moved["watchers"]))
    source.merged_into = None
    source.save(update_fields=["merged_into"])
    refresh_words(source, now)
    refresh_words(target, now)
    indexing.rebuild([source.number, target.number])
    made.undone_at = now
    made.save(update_fields=["undone_at"])
    _record(source, MergeSide.BACK, made, now, by, number=target.number)
    _give_back_status(source, moved, now, by)
    _record(target, MergeSide.OUT, made, now, by, number=source.number, tags=moved["tags"])
    return made


def gathered(ticket: Ticket) -> list[int]:
    """The numbers of all that was merged into it, straight or by way of another. One query for each such step."""
    found: list[int] = []
    layer = [ticket.number]
    while layer:
        layer = list(Ticket.objects.filter(merged_into__in=layer).values_list("number", flat=True))
        found += layer
    return found


def _check(source: Ticket, target: Ticket) -> None:
    """One sentence for each thing that is in the way."""
    known = {
        "source": source.number,
        "target": target.number,
        "into": source.merged_into_id or target.merged_into_id,
        "escalation": f"E-{source.escalation_number}",
        "status": target.get_status_display().lower(),
    }
    refusals = [
        (source.number == target.number, _("#%(source)d cannot go into itself.")),
        (source.merged_into_id is not None, _("#%(source)d was merged into #%(into)d already.")),
        (target.merged_into_id == source.number, _("#%(target)d went into #%(source)d: take those apart first.")),
        (target.merged_into_id is not None, _("#%(target)d was merged into #%(into)d: choose that one.")),
        (source.trashed_at is not None, _("#%(source)d was put away: bring it back first.")),
        (target.trashed_at is not None, _("#%(target)d was put away: bring it back first.")),
        (source.escalation_number is not None, _("%(escalation)s is open on #%(source)d: end it first.")),
        (target.is_done and not source.is_done, _("#%(target)d is %(status)s: reopen it first.")),
    ]
    for holds, sentence in refusals:
        if holds:
            raise NotAllowedNow(sentence % known)


def _move_words(source: Ticket, target: Ticket) -> dict[str, Any]:
    """All messages; those of another customer become internal there, for they were not said to this one."""
    messages = list(source.messages.order_by("pk").values_list("pk", "is_public"))
    keys = [pk for pk, _is_public in messages]
    Message.objects.filter(pk__in=keys).update(ticket=target)
    hidden: list[int] = []
    if source.requester_id != target.requester_id:
        hidden = [pk for pk, is_public in messages if is_public]
        Message.objects.filter(pk__in=hidden).update(is_public=False)
    return {"messages": keys, "hidden": hidden}


def _share(source: Ticket, target: Ticket) -> dict[str, Any]:
    """Tags and watchers; the source keeps its own, what the target had not is remembered."""
    tags = source.tags.exclude(pk__in=target.tags.values("pk"))
    watchers = source.watchers.exclude(pk__in=target.watchers.values("pk"))
    shared = {"tags": [tag.name for tag in tags], "watchers": [person.pk for person in watchers]}
    target.tags.add(*tags)
    target.watchers.add(*watchers)
    return shared


def _give_back_status(source: Ticket, moved: dict[str, Any], now: datetime, by: User | None) -> None:
    if source.status != moved["status"]:
        move(source, lambda: source.come_back(moved["status"]), now=now, actor=by, waits_for=moved.get("waits_for", ""))
    source.solved_at, source.closed_at = _moment(moved["solved_at"]), _moment(moved["closed_at"])
    source.save(update_fields=["solved_at", "closed_at"])


def _record(ticket: Ticket, side: MergeSide, made: Merge, now: datetime, by: User | None, **data: Any) -> None:
    timeline.record(ticket, EventKind.MERGED, now=now, actor=by, side=side.value, merge=made.pk, **data)


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _moment(text: str) -> datetime | None:
    return parse_datetime(text) if text else None
