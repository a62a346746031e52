"""The kinds of data that go by their age: which rows, since when, and how they go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from chat.models import Post, Room
from common.models import ConfigurationChange
from escalation import forgetting as escalations
from escalation.models import Analysis, Subscription
from mailroom.enums import IntakeState
from mailroom.models import RawMessage, ReceivedMail, SideConversation, SideFile
from notifications.enums import UNSENT
from notifications.models import Alert, Delivery
from people.models import SignIn
from surveys.models import Question
from tickets import forgetting
from tickets.models import Attachment, Event
from tickets.querysets import TicketQuerySet
from visits import personal as visits

YEAR = 365
# What the law asks of whoever must be able to say who changed what.
AUDIT_FLOOR = YEAR


@dataclass(frozen=True, slots=True)
class Kind:
    """`due`: the rows older than a moment; `since`: their column that says how old; `size`: that of their bytes.

    `go` removes the rows of these keys, in the caller's transaction, and returns how many bytes went with them.
    """

    name: str
    title: Any
    what: Any
    least: int
    since: str
    due: Callable[[datetime], "QuerySet[Any]"]
    go: Callable[[Sequence[Any], datetime], int]
    size: str = ""
    batch: int = 500


def _closed(before: datetime) -> TicketQuerySet:
    """Besides what `tickets` knows: nothing whose analysis is still owed (R50)."""
    analysed = Analysis.objects.owed().values("escalation__ticket")
    return forgetting.closed_before(before).exclude(number__in=analysed)


def _forget(numbers: Sequence[int], now: datetime) -> int:
    """What each floor keeps of the words of these tickets, from the top down."""
    size = forgetting.remove_files(SideFile.objects.filter(message__conversation__ticket__in=numbers))
    SideConversation.objects.filter(ticket__in=numbers).delete()
    ReceivedMail.objects.filter(message__ticket__in=numbers).delete()
    raw = RawMessage.objects.filter(ticket_number__in=numbers)
    size += _sum(raw, "size")
    raw.update(raw=b"", size=0, sender="", subject="")
    Delivery.objects.filter(ticket_number__in=numbers).exclude(state__in=UNSENT).delete()
    Alert.objects.filter(ticket_number__in=numbers).delete()
    Question.objects.filter(ticket__in=numbers).update(words="")
    Post.objects.filter(room__in=Room.objects.filter(subject__in=[f"#{number}" for number in numbers])).delete()
    visits.remove_words(ticket__in=numbers)
    return size + forgetting.forget(numbers, now=now)


def _forget_escalations(numbers: Sequence[int], now: datetime) -> int:
    escalations.forget(numbers, now=now)
    return 0


def _attachments(before: datetime) -> "QuerySet[Attachment]":
    return Attachment.objects.filter(message__ticket__in=_closed(before).values("number"))


def _quarantine(before: datetime) -> "QuerySet[RawMessage]":
    states = (IntakeState.QUARANTINED, IntakeState.DROPPED)
    return RawMessage.objects.filter(state__in=states, received_at__lt=before)


def _raw_mail(before: datetime) -> "QuerySet[RawMessage]":
    """The row stays: by it a mail that a server hands over again is known."""
    return RawMessage.objects.filter(state=IntakeState.FILED, received_at__lt=before, size__gt=0)


def _unread_status(before: datetime) -> "QuerySet[Subscription]":
    return Subscription.objects.filter(Q(confirmed_at=None) | Q(bounced_at__lt=before), asked_at__lt=before)


def _empty_raw(keys: Sequence[int], now: datetime) -> int:
    rows = RawMessage.objects.filter(pk__in=keys)
    size = _sum(rows, "size")
    rows.update(raw=b"", size=0)
    return size


def _sessions(keys: Sequence[int], now: datetime) -> int:
    rows = SignIn.objects.filter(pk__in=keys)
    Session.objects.filter(session_key__in=rows.values("session_key")).delete()
    rows.delete()
    return 0


def _plainly(model: Any, size: str = "") -> Callable[[Sequence[Any], datetime], int]:
    def go(keys: Sequence[Any], now: datetime) -> int:
        rows = model._default_manager.filter(pk__in=keys)
        gone = _sum(rows, size) if size else 0
        rows.delete()
        return gone

    return go


def _sum(rows: "QuerySet[Any]", column: str) -> int:
    return int(rows.aggregate(n=Sum(F(column)))["n"] or 0)


KINDS: Sequence[Kind] = (
    Kind(
        name="tickets",
        title=_("Closed tickets"),
        what=_("What was said, files, mail, search words. Number, times, promises and escalations stay, as figures."),
        least=30,
        since="closed_at",
        due=lambda before: _closed(before).filter(Q(words_removed_at=None) | Q(words_removed_at__lt=F("closed_at"))),
        go=_forget,
        batch=50,
    ),
    Kind(
        name="attachments",
        title=_("Attachments of closed tickets"),
        what=_("The files alone; what was written stays."),
        least=7,
        since="message__ticket__closed_at",
        due=_attachments,
        go=lambda keys, now: forgetting.remove_files(Attachment.objects.filter(pk__in=keys)),
        size="size",
        batch=100,
    ),
    Kind(
        name="escalations",
        title=_("Words of ended escalations"),
        what=_(
            "What was asked, tried, decided and told, and the chat of its task force. Steps, times, analysis, plan and "
            "recommendations stay."
        ),
        least=30,
        since="step_since",
        due=escalations.ended_before,
        go=_forget_escalations,
        batch=50,
    ),
    Kind(
        name="events",
        title=_("Timelines of closed tickets"),
        what=_("Who did what, line by line. A dry run of that time no longer knows how tickets came in."),
        least=180,
        since="at",
        due=lambda before: Event.objects.filter(at__lt=before, ticket__in=_closed(before).values("number")),
        go=_plainly(Event),
    ),
    Kind(
        name="outbox",
        title=_("Sent messages"),
        what=_("What left by mail, messenger and webhook. What still waits stays, however old."),
        least=30,
        since="created_at",
        due=lambda before: Delivery.objects.filter(created_at__lt=before).exclude(state__in=UNSENT),
        go=_plainly(Delivery),
    ),
    Kind(
        name="alerts",
        title=_("Alerts that were read"),
        what=_("Lines of the page of alerts. Unread ones stay."),
        least=30,
        since="created_at",
        due=lambda before: Alert.objects.filter(created_at__lt=before, read_at__isnull=False),
        go=_plainly(Alert),
    ),
    Kind(
        name="raw_mail",
        title=_("Mail as it came"),
        what=_("The bytes of mail that is filed on a ticket; what was read of it stays there."),
        least=7,
        since="received_at",
        due=_raw_mail,
        go=_empty_raw,
        size="size",
        batch=100,
    ),
    Kind(
        name="quarantine",
        title=_("Quarantine and dropped mail"),
        what=_("Mail that nobody released, and mail that was not wanted."),
        least=7,
        since="received_at",
        due=_quarantine,
        go=_plainly(RawMessage, "size"),
        size="size",
        batch=100,
    ),
    Kind(
        name="subscriptions",
        title=_("Status by mail, unread"),
        what=_("Addresses that never confirmed, and those that mail came back from. Who reads on stays."),
        least=2,
        since="asked_at",
        due=_unread_status,
        go=_plainly(Subscription),
    ),
    Kind(
        name="audit",
        title=_("Audit log"),
        what=_("Who changed which setting. What is older than that cannot be returned to."),
        least=AUDIT_FLOOR,
        since="at",
        due=lambda before: ConfigurationChange.objects.filter(at__lt=before),
        go=_plainly(ConfigurationChange),
    ),
    Kind(
        name="sessions",
        title=_("Sign-ins"),
        what=_("From where and when people signed in; a sign-in unused for that long ends."),
        least=1,
        since="used_at",
        due=lambda before: SignIn.objects.filter(used_at__lt=before),
        go=_sessions,
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}
