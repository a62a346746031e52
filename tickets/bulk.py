"""One thing done to many tickets: each in a transaction of its own, under its own permission, and taken back for a day.

What one ticket refuses keeps the others from nothing; the answer says why, ticket by ticket.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError, InvalidInput, NotAllowedNow, NotFound
from common.numbers import whole
from common.text import one_line
from people import permissions as people
from people.models import Team, User
from tickets import actions, composer, drafts, labelling, macro_undo, macros, quick_replies, services
from tickets.enums import Deed, DraftKind, Priority
from tickets.models import BulkAct, Draft, Merge, Ticket
from tickets.permissions import May, access_ticket
from tickets.stepping_back import standing, step_back

MOST_AT_ONCE = 200
UNDO_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kind:
    """A deed: how it is done, what of a ticket it is about, and how that is put back."""

    do: Callable[[User, int, str, datetime], object]
    read: Callable[[Ticket, str], Any]
    put_back: Callable[[User, Ticket, BulkAct, Any, datetime], object]
    told_by: Callable[[Any], Any] = lambda seen: seen  # what of `read` tells whether somebody has changed it since
    final: bool = False  # What has had its effect on others is not put back, even where nothing is to be seen of it.
    locks: bool = True  # False where the deed takes two tickets' locks in an order of its own


def act(*, user: User, numbers: Sequence[int], deed: str, value: str, now: datetime) -> BulkAct:
    """Do it to each. Raises InvalidInput where there is nothing to do, or too much at a time."""
    people.check_agent(user)
    chosen = list(dict.fromkeys(numbers))
    if deed not in KINDS:
        raise InvalidInput.of("deed", _("Say what is to be done by its button."))
    if not chosen:
        raise InvalidInput.of("ticket", _("Choose tickets first."))
    if len(chosen) > MOST_AT_ONCE:
        raise InvalidInput.of(
            "ticket",
            _("At most %(most)d tickets at a time; %(chosen)d were chosen, and none was changed.")
            % {"most": MOST_AT_ONCE, "chosen": len(chosen)},
        )
    value = one_line(value, field="value", limit=254)
    done = BulkAct(author=user, at=now, deed=deed, value=value)
    # What the others go into is chosen among them.
    for number in chosen if deed != Deed.MERGE else [one for one in chosen if str(one) != value]:
        try:
            done.steps.append(_step(user, number, deed, value, now))
        except DomainError as error:
            done.refused.append([number, str(error)])
    done.save()
    return done


def access_act(user: User, pk: int) -> BulkAct:
    """One's own act; anybody else's is not there."""
    found = BulkAct.objects.filter(pk=pk, author=user).first() if user.is_active and user.is_agent else None
    if found is None:
        raise NotFound(_("There is nothing here for you."))
    return found


def undo(*, user: User, pk: int, now: datetime) -> BulkAct:
    """Put each ticket back, except where somebody has changed the same thing since: `kept` says where and why."""
    done = access_act(user, pk)
    if now - done.at > UNDO_WITHIN:
        raise NotAllowedNow(_("This was done more than a day ago and cannot be taken back any more."))
    # Two presses of the key at once: the row is claimed by one of them.
    if not BulkAct.objects.filter(pk=pk, undone_at=None).update(undone_at=now):
        raise NotAllowedNow(_("This has been taken back already."))
    kept = []
    for step in done.steps:
        try:
            _step_back(user, done, step, now)
        except DomainError as error:
            kept.append([step["number"], str(error)])
    done.undone_at, done.kept = now, kept
    done.save(update_fields=["undone_at", "kept"])
    return done


@transaction.atomic
def _step(user: User, number: int, deed: str, value: str, now: datetime) -> dict[str, Any]:
    access_ticket(user, number, can=May.WORK)
    kind = KINDS[deed]
    before = kind.read(_ticket(number, kind), value)
    kind.do(user, number, value, now)
    return {"number": number, "before": before, "after": kind.read(Ticket.objects.get(pk=number), value)}


@transaction.atomic
def _step_back(user: User, done: BulkAct, step: dict[str, Any], now: datetime) -> None:
    access_ticket(user, step["number"], can=May.WORK)
    kind = KINDS[done.deed]
    ticket = _ticket(step["number"], kind)
    if step["before"] == step["after"] and not kind.final:
        return
    if kind.told_by(kind.read(ticket, done.value)) != kind.told_by(step["after"]):
        raise NotAllowedNow(_("Somebody has changed it since; it stays as it is."))
    kind.put_back(user, ticket, done, step["before"], now)


def _ticket(number: int, kind: Kind) -> Ticket:
    return actions.lock_ticket(number) if kind.locks else Ticket.objects.get(number=number)


def _owners(ticket: Ticket, value: str) -> list[int | None]:
    return [ticket.team_id, ticket.assignee_id]


def _give_back(user: User, ticket: Ticket, done: BulkAct, before: Any, now: datetime) -> None:
    team, assignee = before
    actions.give_back(
        ticket=ticket,
        now=now,
        by=user,
        team=Team.objects.filter(pk=team).first(),
        assignee=User.objects.active().filter(pk=assignee).first(),
    )


def _status_back(user: User, ticket: Ticket, done: BulkAct, before: Any, now: datetime) -> None:
    step_back(ticket=ticket, was=before, done_at=done.at, now=now, by=user)


def _has_tag(ticket: Ticket, value: str) -> bool:
    return ticket.tags.filter(name=value.casefold()).exists()


def _tag_back(user: User, ticket: Ticket, done: BulkAct, before: Any, now: datetime) -> None:
    put = labelling.add_tag if before else labelling.remove_tag
    put(ticket=ticket, name=done.value.casefold(), now=now, by=user)


def _assign(user: User, number: int, value: str, now: datetime) -> object:
    return services.assign(user=user, number=number, now=now, assignee_email=value)


def _move(user: User, number: int, value: str, now: datetime) -> object:
    return services.assign(user=user, number=number, now=now, team_slug=value)


def _verb(user: User, number: int, value: str, now: datetime) -> object:
    """A step, and behind a colon what is waited for: `hold:supplier`."""
    verb, _colon, waits_for = value.partition(":")
    if verb not in actions.VERBS:
        raise InvalidInput.of("verb", _("There is no such step."))
    return services.change_status(user=user, number=number, verb=verb, now=now, waits_for=waits_for)


def _prioritise(user: User, number: int, value: str, now: datetime) -> object:
    return services.set_priority(user=user, number=number, priority=value, now=now)


def _priority_back(user: User, ticket: Ticket, done: BulkAct, before: Any, now: datetime) -> None:
    actions.set_priority(ticket=ticket, priority=Priority(before), now=now, by=user)


def _tag(user: User, number: int, value: str, now: datetime) -> object:
    return services.add_tag(user=user, number=number, name=value, now=now)


def _untag(user: User, number: int, value: str, now: datetime) -> object:
    return services.remove_tag(user=user, number=number, name=value.casefold(), now=now)


def _merge(user: User, number: int, value: str, now: datetime) -> object:
    target = whole(value)
    if target is None:
        raise InvalidInput.of("merge", _("There is no ticket of this number that you may see."))
    return services.merge(user=user, source=number, target=target, now=now)


def _merge_of(ticket: Ticket, value: str) -> int | None:
    return Merge.objects.filter(source=ticket, undone_at=None).values_list("pk", flat=True).first()


def _unmerge(user: User, ticket: Ticket, done: BulkAct, before: Any, now: datetime) -> None:
    services.unmerge(user=user, merge=_merge_of(ticket, done.value) or 0, now=now)


def _answer(user: User, number: int, value: str, now: datetime) -> object:
    """A prepared text, filled in for this ticket; it waits as every reply does, so that it can be taken back."""
    ticket = access_ticket(user, number, can=May.WORK)
    chosen = next((row for row in quick_replies.for_ticket(ticket) if str(row.pk) == value), None)
    if chosen is None:
        raise InvalidInput.of("reply", _("There is no such prepared text for the team of this ticket."))
    if drafts.being_written(ticket, user, DraftKind.REPLY) is not None:
        raise NotAllowedNow(_("You have begun a reply on it: send that one, or empty its box first."))
    return composer.send_reply(user=user, number=number, body=chosen.body, now=now)


def _on_their_way(ticket: Ticket, value: str) -> list[int]:
    return sorted(Draft.objects.on_their_way().filter(ticket=ticket).values_list("pk", flat=True))


def _unsend(user: User, ticket: Ticket, done: BulkAct, before: Any, now: datetime) -> None:
    after = next(step["after"] for step in done.steps if step["number"] == ticket.number)
    mine = set(after) - set(before)
    if not mine:
        raise NotAllowedNow(_("It has been sent already."))
    for pk in mine:
        draft = drafts.take_back(ticket=ticket, author=user, pk=pk, now=now)
        # Joined with what its author has begun since, it stays there to be seen.
        if draft.pk == pk:
            draft.delete()


def _macro(user: User, number: int, value: str, now: datetime) -> object:
    try:
        return macros.apply(user=user, number=number, macro=_key(value), now=now)
    except NotFound as error:
        raise InvalidInput.of("macro", _("There is no such macro for the team of this ticket.")) from error


def _key(value: str) -> int:
    return whole(value) or 0


KINDS: dict[str, Kind] = {
    Deed.ASSIGNEE: Kind(_assign, _owners, _give_back),
    Deed.TEAM: Kind(_move, _owners, _give_back),
    Deed.STATUS: Kind(
        _verb, lambda ticket, value: standing(ticket), _status_back, told_by=lambda seen: (seen["status"], seen["step"])
    ),
    Deed.PRIORITY: Kind(_prioritise, lambda ticket, value: str(ticket.priority), _priority_back),
    Deed.TAG: Kind(_tag, _has_tag, _tag_back),
    Deed.UNTAG: Kind(_untag, _has_tag, _tag_back),
    Deed.REPLY: Kind(_answer, _on_their_way, _unsend, told_by=lambda seen: None, final=True),
    Deed.MACRO: Kind(_macro, macro_undo.state, macro_undo.put_back, told_by=macro_undo.told_by),
    Deed.MERGE: Kind(_merge, _merge_of, _unmerge, locks=False),
}
