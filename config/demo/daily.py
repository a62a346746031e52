"""What each later start of the demo does: absorb the time switched off, put the last cry away, utter a new one."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max
from django.utils import translation
from django.utils.translation import gettext_noop

from common.models import Heartbeat
from config.demo import cast
from config.demo.company import Cast
from config.demo.texts.fresh import CRIES
from escalation import services as escalations
from escalation.enums import OPEN_STATES, State
from escalation.models import Deadline, Escalation, PlanTask, Rung
from notifications.models import Alert
from sla import clocks
from sla.enums import ClockState
from sla.models import Clock
from sla.sync import earliest_due
from tickets import actions
from tickets.actions import lock_ticket, set_attention
from tickets.enums import Channel, Priority
from tickets.models import Event, Ticket

TAG = "first-steps"
# A quick restart is no absence.
GRACE = timedelta(seconds=30)
PUT_AWAY = "Left over from an earlier start of the demo, put away by the next."
APOLOGY = "Bom dia, Cora. I have called you: it is sorted out. Please write again if anything is left.\n\nBruno"


@transaction.atomic
def begin(company: Cast, now: datetime) -> Ticket:
    """A new day at the desk; returns the ticket that a newcomer sees run out of time."""
    with translation.override("en"):
        for number in _unheard(company):
            _put_away(company, number, now)
        return _cry(company, now)


@transaction.atomic
def absorb(now: datetime) -> timedelta:
    """Let the time since the last sign of life count for nothing; returns how much that was.

    Nothing in the past is edited: each running clock is paused from the last sign of life until now, by the same moves
    and with the same ledger lines as any pause, so that what was left is still left. What an escalation had yet to do
    is put off by as much. What was due before the desk was switched off stays due.
    """
    since = last_sign_of_life()
    if since is None or now - since < GRACE:
        return timedelta()
    gap = now - since
    running = Clock.every.filter(state=ClockState.RUNNING, due_at__gt=since)
    for number in sorted(set(running.values_list("ticket_id", flat=True))):
        ticket = lock_ticket(number)
        for clock in running.filter(ticket=ticket).select_related("policy_version", "calendar_version"):
            clock.ticket = ticket
            clocks.pause(clock, now=since, by=None, reason=gettext_noop("the demo was switched off"), waits_for="")
            clocks.resume(clock, now=now, by=None, reason=gettext_noop("the demo was switched on"))
        set_attention(ticket=ticket, next_due_at=earliest_due(ticket))
    Rung.objects.filter(next_moment__gt=since).update(next_moment=F("next_moment") + gap)
    Deadline.objects.running().filter(due_at__gt=since).update(
        due_at=F("due_at") + gap, next_moment=F("next_moment") + gap
    )
    live = Escalation.objects.live()
    live.filter(next_update_by__gt=since).update(next_update_by=F("next_update_by") + gap)
    live.filter(wanted_by__gt=since).update(wanted_by=F("wanted_by") + gap)
    PlanTask.objects.filter(done_at=None, due_at__gt=since).update(due_at=F("due_at") + gap)
    return gap


def last_sign_of_life() -> datetime | None:
    """The engine's last round, or the last thing that anybody did."""
    beaten = Heartbeat.objects.aggregate(at=Max("beat_at"))["at"]
    happened = Event.objects.aggregate(at=Max("at"))["at"]
    return max((at for at in (beaten, happened) if at is not None), default=None)


def _unheard(company: Cast) -> list[int]:
    """The cries of earlier starts that nobody has answered."""
    mine = Ticket.objects.active().filter(requester=company.people[cast.DEMO_CUSTOMER], tags__name=TAG)
    return list(mine.filter(last_agent_reply_at=None).order_by("number").values_list("number", flat=True))


def _put_away(company: Cast, number: int, now: datetime) -> None:
    """A colleague answers and solves it; the manager ends what it set off, and nobody is bothered."""
    colleague, manager = company.people["bruno"], company.people["mona"]
    ticket = lock_ticket(number)
    actions.reply(ticket=ticket, author=colleague, body=APOLOGY, now=now)
    actions.change_status(ticket=ticket, verb="solve", now=now, by=colleague)
    for escalation in Escalation.objects.live().filter(ticket_id=number).order_by("number"):
        verb, words = ENDINGS[State(escalation.state)]
        verb(user=manager, number=escalation.number, now=now, **{words: PUT_AWAY})
    Alert.objects.unread().filter(ticket_number=number).update(read_at=now)


def _cry(company: Cast, now: datetime) -> Ticket:
    customer = company.people[cast.DEMO_CUSTOMER]
    before = Ticket.objects.filter(requester=customer, tags__name=TAG).count()
    subject, body = CRIES[before % len(CRIES)]
    return actions.open_ticket(
        subject=subject,
        body=body,
        requester=customer,
        priority=Priority.URGENT,
        channel=Channel.WEB,
        tags=[TAG],
        now=now,
    )


ENDINGS: dict[State, tuple[Callable[..., Escalation], str]] = {
    State.REQUESTED: (escalations.withdraw, "reason"),
    **dict.fromkeys(OPEN_STATES, (escalations.deescalate, "reason")),
    State.RESOLVED: (escalations.close, "override_reason"),
}
