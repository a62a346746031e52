"""The steps and their state. What can be read from the desk is; the rest somebody says (`TakenStep`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.errors import InvalidInput
from common.models import ConfigurationChange, Heartbeat, Identity, TakenStep
from desk.first_steps.proof import proof
from escalation.coverage.reports import HEARTBEAT, count_holes
from mailroom.models import Mailbox, SendingDomain
from people.models import Invitation, User


@dataclass(frozen=True, slots=True)
class Kind:
    """`view`: where it is done; `is_done`: whether the desk shows that it was."""

    name: str
    title: Any
    why: Any
    view: str
    label: Any
    minutes: int
    is_done: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """`state`: done, left (somebody said so), or open."""

    kind: Kind
    number: int
    state: str


def _is_named() -> bool:
    return Identity.objects.exclude(name="").exists()


def _hours_were_set() -> bool:
    """Changed since they were made with the desk: a change has a state before it."""
    return ConfigurationChange.objects.filter(model="calendars.calendar").exclude(before={}).exists()


def _has_people() -> bool:
    waiting = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    return User.objects.active().staff().count() > 1 or waiting.exists()


def _has_a_way_in() -> bool:
    return (
        Mailbox.objects.filter(is_paused=False, failing_since=None).exclude(Q(way="imap") & Q(fetched_at=None)).exists()
    )


def _ladders_hold() -> bool:
    return Heartbeat.objects.filter(name=HEARTBEAT).exists() and not count_holes()


def _senders_are_well() -> bool:
    found = SendingDomain.objects.exclude(checked_at=None).values_list("findings", flat=True)
    names = {one["name"] for findings in found for one in findings}
    return "spf_well" in names and not names & {"no_domain", "no_answer", "dmarc_refuses"}


KINDS: Sequence[Kind] = (
    Kind(
        name="name",
        title=_("Name and zone"),
        why=_("What customers read above their requests, and the zone of people who have chosen none."),
        view="desk:own",
        label=_("Name the desk"),
        minutes=1,
        is_done=_is_named,
    ),
    Kind(
        name="hours",
        title=_("Working hours"),
        why=_("Most promises are counted in them: Monday to Friday, 9 to 17, unless you say otherwise."),
        view="desk:calendars",
        label=_("Look at the hours"),
        minutes=1,
        is_done=_hours_were_set,
    ),
    Kind(
        name="people",
        title=_("Colleagues"),
        why=_("Until somebody else works here, you are the lead, the manager and the last resort of everything."),
        view="desk:person_new",
        label=_("Invite somebody"),
        minutes=1,
        is_done=_has_people,
    ),
    Kind(
        name="mailbox",
        title=_("How mail comes in"),
        why=_("A mailbox that is fetched, or an address whose mail is handed over; else people write on the pages."),
        view="desk:mailboxes",
        label=_("Set up a mailbox"),
        minutes=3,
        is_done=_has_a_way_in,
    ),
    Kind(
        name="ladder",
        title=_("Whom a missed promise reaches"),
        why=_("Each ladder is tried for every quarter-hour of the next fourteen days: is there ever nobody?"),
        view="desk:ladders",
        label=_("Look at the ladder"),
        minutes=1,
        is_done=_ladders_hold,
    ),
    Kind(
        name="senders",
        title=_("Your mail is believed"),
        why=_("Whether the world can tell that mail from your address is yours (SPF, DKIM, DMARC)."),
        view="desk:senders",
        label=_("Look at the addresses"),
        minutes=1,
        is_done=_senders_are_well,
    ),
    Kind(
        name="proof",
        title=_("A missed promise, seen"),
        why=_("A test ticket that nobody answers within a minute: the desk escalates it and alerts you."),
        view="",
        label=_("Open a test ticket"),
        minutes=2,
        is_done=lambda: proof().was_seen,
    ),
)


def steps() -> list[Step]:
    taken = set(TakenStep.objects.values_list("name", flat=True))
    found = []
    for number, kind in enumerate(KINDS, 1):
        state = "done" if kind.is_done() else "left" if kind.name in taken else "open"
        found.append(Step(kind, number, state))
    return found


def open_count() -> int:
    return sum(one.state == "open" for one in steps())


@transaction.atomic
def leave(name: str, *, on: bool, by: User, now: datetime) -> None:
    """Say that a step is as it should be, or not for this desk; or that it is to be taken after all."""
    if name not in {kind.name for kind in KINDS}:
        raise InvalidInput.of("step", str(_("There is no such step.")))
    if on:
        TakenStep.objects.get_or_create(name=name, defaults={"at": now, "by": by})
    else:
        TakenStep.objects.filter(name=name).delete()
