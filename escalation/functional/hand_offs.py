"""The hand-off contract of a functional escalation: sent with evidence, accepted or returned, and the third bounce.

A bounce is a hand-off that came back. They are counted over the ticket, and over what was merged into it: each return
ends its escalation, and the next one begins with a clean sheet that the matter does not have.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from chat import actions as chat
from common.errors import InvalidInput, NotAllowedNow
from common.text import many_lines
from escalation.actions import check_live, go, lock_escalation, take_on
from escalation.attention import refresh_attention
from escalation.deadlines.winding import wind_down
from escalation.enums import DeadlineKind, Kind
from escalation.functional import hand_off_letters as letters
from escalation.models import Escalation, HandOff
from escalation.querysets import HandOffQuerySet
from escalation.recording import record_step
from notifications.actions import notify
from people.chain import hearing_of, leads_of, managers_of
from people.models import Team, User
from tickets import actions as tickets
from tickets.merging import gathered
from tickets.models import Attachment, Message, Ticket
from tickets.permissions import who_see

BOUNCES_THAT_CONVENE = 3
MOST_EVIDENCE = 20


@dataclass(frozen=True, slots=True)
class Evidence:
    """Keys of messages and of files of the ticket that the receiver has to see."""

    messages: Sequence[int] = ()
    files: Sequence[int] = ()


NO_EVIDENCE = Evidence()


def send(escalation: Escalation, evidence: Evidence, now: datetime) -> HandOff:
    """The contract of an escalation that is being raised, under the ticket's lock. InvalidInput on `evidence`."""
    messages, files = _found(escalation.ticket, evidence)
    hand_off = HandOff.objects.create(
        escalation=escalation,
        ticket=escalation.ticket,
        from_team=escalation.from_team,
        from_assignee=escalation.from_assignee,
        to_team=escalation.team,
        sent_at=now,
        sent_by=escalation.requester,
    )
    hand_off.messages.set(messages)
    hand_off.files.set(files)
    return hand_off


def _found(ticket: Ticket, evidence: Evidence) -> tuple[list[Message], list[Attachment]]:
    wanted = len(set(evidence.messages)) + len(set(evidence.files))
    if wanted > MOST_EVIDENCE:
        raise InvalidInput.of("evidence", _("Name at most %(most)d pieces of evidence.") % {"most": MOST_EVIDENCE})
    messages = list(ticket.messages.filter(pk__in=evidence.messages)) if evidence.messages else []
    files = list(Attachment.objects.filter(pk__in=evidence.files, message__ticket=ticket)) if evidence.files else []
    if len(messages) + len(files) < wanted:
        sentence = _("Evidence is a message or a file of #%(number)d.")
        raise InvalidInput.of("evidence", sentence % {"number": ticket.number})
    return messages, files


@transaction.atomic
def accept(*, number: int, by: User, now: datetime) -> Escalation:
    """The receiving team takes the contract (R42), late or not; whoever accepts has acknowledged it, too."""
    escalation = lock_escalation(number)
    hand_off = _contract(escalation)
    check_live(escalation)
    if not hand_off.is_waiting:
        raise NotAllowedNow(_("%(ref)s waits for nobody to accept it.") % {"ref": escalation.reference})
    hand_off.accepted_at, hand_off.accepted_by = now, by
    hand_off.save(update_fields=["accepted_at", "accepted_by"])
    escalation.deadlines.unanswered().filter(kind=DeadlineKind.HAND_OFF).update(met_at=now, next_moment=None)
    record_step(escalation, "accepted", by=by, now=now, team=str(hand_off.to_team or ""))
    take_on(escalation, by, now)
    senders = _senders(hand_off, now, but=by)
    seeing = set(who_see(escalation.ticket).filter(pk__in=[one.pk for one in senders]).values_list("pk", flat=True))
    notify(
        recipients=senders,
        compose=partial(letters.accepted, hand_off, seeing),
        dedupe=f"escalation:{number}:accepted",
        now=now,
    )
    return escalation


@transaction.atomic
def return_to_sender(*, number: int, by: User, reason: str, now: datetime) -> Escalation:
    """The receiving team gives it back with a reason: the ticket is whose it was before. The third time convenes."""
    reason = many_lines(reason, field="reason", limit=2000)
    escalation = lock_escalation(number)
    hand_off = _contract(escalation)
    go(escalation, "return_to_sender", now)
    hand_off.returned_at, hand_off.returned_by, hand_off.reason = now, by, reason
    hand_off.save(update_fields=["returned_at", "returned_by", "reason"])
    escalation.end_reason = reason
    escalation.closed_at = now
    wind_down(escalation, now)
    escalation.save(update_fields=["state", "step_since", "end_reason", "closed_at", "next_update_by"])
    record_step(escalation, "returned", by=by, now=now, reason=reason[:300])
    escalation.ticket = tickets.give_back(
        ticket=escalation.ticket, now=now, by=by, team=_home(hand_off), assignee=_still_here(hand_off.from_assignee)
    )
    refresh_attention(escalation.ticket, now)
    notify(
        recipients=_senders(hand_off, now, but=by) or managers_of(hand_off.from_team, now),
        compose=partial(letters.returned, hand_off),
        dedupe=f"escalation:{number}:returned",
        now=now,
    )
    _convene_if_it_bounces(escalation, hand_off, by, now)
    return escalation


def of_matter(ticket: Ticket) -> HandOffQuerySet:
    """The hand-offs of a ticket and of all that was merged into it, the first one first."""
    return HandOff.objects.filter(ticket__in=[ticket.number, *gathered(ticket)])


def evidence_of(hand_off: HandOff, user: User) -> tuple[list[Message], list[Attachment]]:
    """What of it this person may see: a message that was split off is where its own ticket is."""
    seen = Ticket.objects.visible_to(user)
    messages = hand_off.messages.select_related("author").filter(ticket__in=seen)
    files = hand_off.files.select_related("message").filter(message__ticket__in=seen)
    return list(messages), list(files)


def _contract(escalation: Escalation) -> HandOff:
    hand_off = HandOff.objects.with_people().filter(escalation=escalation).first()
    if hand_off is None or escalation.kind != Kind.FUNCTIONAL:
        raise NotAllowedNow(_("Only a functional escalation is accepted or returned."))
    hand_off.escalation = escalation
    return hand_off


def _home(hand_off: HandOff) -> Team | None:
    """Where it came from; what came from nowhere, or from a team that is gone, goes to whoever takes such."""
    return hand_off.from_team or Team.objects.fallback()


def _still_here(person: User | None) -> User | None:
    return person if person is not None and person.is_active and person.is_agent else None


def _senders(hand_off: HandOff, now: datetime, *, but: User) -> list[User]:
    """Whoever handed it over, and whose it was; the lead of the team where neither works here any more."""
    named = [_still_here(person) for person in (hand_off.sent_by, hand_off.from_assignee)]
    found = [person for person in named if person is not None and person != but]
    return list(dict.fromkeys(found)) or [person for person in leads_of(hand_off.from_team, now) if person != but]


def _convene_if_it_bounces(escalation: Escalation, hand_off: HandOff, by: User, now: datetime) -> None:
    """Once in the life of a matter. Under the ticket's lock, so that two returns at once are not both the third."""
    bounces = list(of_matter(escalation.ticket).returned().values_list("convened_at", flat=True))
    if len(bounces) < BOUNCES_THAT_CONVENE or any(bounces):
        return
    hand_off.convened_at = now
    hand_off.save(update_fields=["convened_at"])
    hears = hearing_of(escalation.ticket.team)
    sides = [leads_of(team, now, hears) for team in (hand_off.from_team, hand_off.to_team)]
    people = list(dict.fromkeys(person for side in sides for person in side))
    known = {
        "number": escalation.ticket_id,
        "count": len(bounces),
        "names": ", ".join(person.name for person in people),
        "why": hand_off.reason,
    }
    record_step(escalation, "convened", by=None, now=now, whom=known["names"], count=len(bounces))
    body = _(
        "#%(number)d has come back %(count)d times. %(names)s decide together whose it is. The last reason: %(why)s"
    )
    # Whoever is named hears of it by the alert below, and not a second time.
    chat.say(subject=escalation.reference, author=by, body=body % known, now=now, may_read=lambda _person: False)
    notify(
        recipients=people,
        compose=partial(letters.convened, hand_off, len(bounces)),
        dedupe=f"ticket:{escalation.ticket_id}:convened",
        now=now,
    )
