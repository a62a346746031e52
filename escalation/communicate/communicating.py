"""An update to one audience (R35, R36): who is told, what is met by it, and what is promised next."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from escalation import wording
from escalation.actions import check_live, lock_escalation
from escalation.alerting import alerts
from escalation.communicate import broadcast, subscribers
from escalation.deadlines import promises
from escalation.enums import INFORMED, OPEN_STATES, Audience, DeadlineKind, Purpose, State, Trend
from escalation.models import Communication, Escalation
from escalation.parties import recipients
from escalation.parties.recipients import Recipient
from escalation.recording import record_step
from escalation.wording import Update
from notifications.actions import notify
from people.models import User
from tickets import actions as tickets
from tickets.enums import EventKind
from tickets.models import Event, Message, Ticket
from tickets.promises import FIELD as PROMISE


@transaction.atomic
def communicate(*, number: int, by: User, update: Update, now: datetime) -> Escalation:
    """One update to one audience. A promise of the next one is a clock of its own; this one meets the last.

    To customers it goes as a public reply on each one's own ticket, else as a mail; to stakeholders as alert and
    mail. Sent twice under one key it is one. Raises NotAllowedNow where it would go to other numbers than expected.
    """
    if update.audience not in INFORMED:
        known = ", ".join(INFORMED)
        raise InvalidInput.of("audience", _("An audience is one of %(known)s.") % {"known": known})
    escalation = lock_escalation(number)
    check_live(escalation)
    if update.key and Communication.objects.filter(key=update.key).exists():
        return escalation
    _check_not_too_early(escalation, update)
    communication = _written(escalation, update, by, now)
    communication.recipients = _SENDERS[update.audience](communication, update, now)
    communication.subscribers_from = subscribers.beginning_for(communication)
    communication.save(update_fields=["recipients", "languages", "subscribers_from"])
    _set_trend(escalation, update.trend)
    promises.answer(escalation, update.audience, update.next_update_by, now)
    record_step(
        escalation, "communicated", by=by, now=now, audience=update.audience, recipients=communication.recipients
    )
    return escalation


@transaction.atomic
def send_summary(*, number: int, by: User, update: Update, people: Sequence[User], now: datetime) -> Escalation:
    """The executive summary to chosen senior people (R43), whatever its state. It meets no other audience's clock.

    Raises InvalidInput on `to` without anybody, or with somebody who is not senior to it.
    """
    if not people:
        raise InvalidInput.of("to", _("Choose at least one person."))
    escalation = lock_escalation(number)
    others = [person.name for person in people if person not in recipients.seniors(escalation, now)]
    if others:
        known = {"names": ", ".join(others)[:300], "ref": escalation.reference}
        raise InvalidInput.of("to", _("Not in the chain of command above %(ref)s: %(names)s.") % known)
    if update.key and Communication.objects.filter(key=update.key).exists():
        return escalation
    communication = _written(escalation, update, by, now)
    communication.recipients = _tell(communication, people, now)
    communication.save(update_fields=["recipients", "languages"])
    names = ", ".join(person.name for person in people)
    record_step(escalation, "summary_sent", by=by, now=now, whom=names[:300])
    return escalation


def keep_promises_of_replies(*, ticket: Ticket, events: Sequence[Event], now: datetime) -> None:
    """What an agent's public reply on the ticket means for its escalation; called with the ticket's lock held.

    A promise of the next update is the escalation's own while it runs (R36). And the first word to a customer who is
    alone in it, a quick reply for one, is the first notice to the customers (R37).
    """
    replied = [event for event in events if event.kind == EventKind.REPLIED]
    if not replied or ticket.escalation_number is None or ticket.escalation_state == State.REQUESTED:
        return
    promised = [event.data[PROMISE] for event in replied if PROMISE in event.data]
    at = parse_datetime(promised[-1]) if promised else None
    if at is None and ticket.escalation_state not in OPEN_STATES:
        return
    _keep(ticket, replied[-1], at, now)


def _keep(ticket: Ticket, replied: Event, next_update_by: datetime | None, now: datetime) -> None:
    escalation = lock_escalation(ticket.escalation_number or 0)
    waits = escalation.deadlines.unanswered().filter(kind=DeadlineKind.FIRST_HOUR, audience=Audience.CUSTOMERS)
    # An update that goes out as this very reply has its row already.
    if waits.exists() and not escalation.communications.filter(audience=Audience.CUSTOMERS).exists():
        _take_as_first_notice(escalation, replied, next_update_by, now)
    if next_update_by is not None:
        promises.promise(escalation, Audience.CUSTOMERS, next_update_by, now)


def _take_as_first_notice(
    escalation: Escalation, replied: Event, next_update_by: datetime | None, now: datetime
) -> None:
    affected = recipients.customers(escalation)
    if len(affected) > 1:
        return
    message = Message.objects.select_related("author").get(pk=replied.data["message"])
    communication = Communication.objects.create(
        escalation=escalation,
        audience=Audience.CUSTOMERS,
        purpose=Purpose.FIRST_NOTICE,
        body=message.body,
        next_update_by=next_update_by,
        recipients=1,
        languages=recipients.by_language(affected),
        by=message.author,
        at=now,
    )
    broadcast.record_told(communication, [escalation.ticket.requester], now)
    promises.answer(escalation, Audience.CUSTOMERS, next_update_by, now)


def _check_not_too_early(escalation: Escalation, update: Update) -> None:
    """That it is over, nobody is told before the architect's tick, where the procedure asks for that (R47).

    Neither as the notice of the resolution nor, once it is declared, by a word to customers after which none follows.
    """
    tells = update.purpose == Purpose.RESOLUTION
    tells |= update.is_last and update.audience == Audience.CUSTOMERS and escalation.state == State.RESOLVED
    asks = "verified" in escalation.procedure.conditions.get(State.RESOLVED, [])
    if tells and asks and escalation.verified_at is None:
        raise NotAllowedNow(
            _("%(ref)s is not verified yet: that it is resolved is told after the architect's tick.")
            % {"ref": escalation.reference}
        )


def _written(escalation: Escalation, update: Update, by: User, now: datetime) -> Communication:
    promises.check(escalation, update.audience, update.next_update_by, is_last=update.is_last, now=now)
    subject, body, texts = wording.checked(update, escalation, by)
    return Communication.objects.create(
        escalation=escalation,
        audience=update.audience,
        purpose=update.purpose or _purpose(escalation, update.audience),
        subject=subject,
        body=body,
        texts={language: {"subject": text.subject, "body": text.body} for language, text in texts.items()},
        template=update.template,
        next_update_by=update.next_update_by,
        is_last=update.is_last,
        trend=_checked_trend(update.trend),
        by=by,
        at=now,
        key=update.key or None,
    )


def _checked_trend(trend: str) -> str:
    if trend and trend not in Trend.values:
        raise InvalidInput.of("trend", _("A trend is one of %(known)s.") % {"known": ", ".join(Trend.values)})
    return trend


def _set_trend(escalation: Escalation, trend: str) -> None:
    if trend and trend != escalation.trend:
        escalation.trend = trend
        escalation.save(update_fields=["trend"])


def _purpose(escalation: Escalation, audience: str) -> str:
    is_first = not escalation.communications.filter(audience=audience).exists()
    return Purpose.FIRST_NOTICE if is_first else Purpose.UPDATE


def _to_customers(communication: Communication, update: Update, now: datetime) -> int:
    """The requester at once, so that what his ticket refuses is said here; the others are queued."""
    ticket = communication.escalation.ticket
    first, *others = affected = recipients.customers(communication.escalation)
    _check_count(update, affected)
    if ticket.is_done and update.purpose == Purpose.RESOLUTION:
        # The last word comes when the ticket takes no reply any more.
        others = [first._replace(ticket_id=None), *others]
    else:
        _reply_to_requester(communication, now)
    broadcast.queue(communication, others, now)
    communication.languages = recipients.by_language(affected)
    return sum(communication.languages.values())


def _reply_to_requester(communication: Communication, now: datetime) -> None:
    ticket, author = communication.escalation.ticket, communication.by
    assert author is not None  # noqa: S101 - written two calls above; this is for mypy
    tickets.reply(
        ticket=ticket,
        author=author,
        body=wording.read_by(communication, ticket.requester, now).body,
        now=now,
        next_update_by=communication.next_update_by,
    )
    broadcast.record_told(communication, [ticket.requester], now)


def _check_count(update: Update, affected: Sequence[Recipient]) -> None:
    count = sum(one.can_be_told for one in affected)
    if update.expected is not None and update.expected != count:
        raise NotAllowedNow(
            _("It would go to %(now)d people now, and not to the %(then)d that you saw. Look again, then send it.")
            % {"now": count, "then": update.expected}
        )


def _to_stakeholders(communication: Communication, update: Update, now: datetime) -> int:
    return _tell(communication, recipients.stakeholders(communication.escalation, now), now)


def _tell(communication: Communication, people: Sequence[User], now: datetime) -> int:
    """Colleagues: an alert and a mail to each."""
    for person in people:
        communication.languages[person.language] = communication.languages.get(person.language, 0) + 1
    broadcast.record_told(communication, people, now)
    return notify(
        recipients=people,
        compose=partial(alerts.update, communication),
        dedupe=f"communication:{communication.pk}",
        now=now,
    )


_SENDERS: dict[str, Callable[[Communication, Update, datetime], int]] = {
    Audience.CUSTOMERS: _to_customers,
    Audience.STAKEHOLDERS: _to_stakeholders,
}
