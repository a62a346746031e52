from collections.abc import Callable
from datetime import timedelta

import pytest

from escalation import services, sweep
from escalation.models import Criterion, Escalation, Ladder, LadderLevel, Proposal
from escalation.services import criteria as criteria_services
from notifications.models import Alert
from people.models import User
from tests.factories.people import make_user

REASON = "The whole of it is followed up by Mona."
QUARTER = timedelta(minutes=15)


def run(time, later: timedelta) -> None:
    time.move_to(time.now + later)
    sweep.run()


def climbed() -> list[str]:
    """Whom the ladder told, in order; not those who heard of the opening."""
    told = Alert.objects.filter(dedupe_key__contains=":rung:").order_by("pk")
    return list(told.values_list("recipient__name", flat=True))


def told_of_late(words: str) -> list[str]:
    rows = Alert.objects.filter(kind="overdue", title__contains=words).order_by("recipient__name")
    return list(rows.values_list("recipient__name", flat=True))


def asked(user: User, escalation: Escalation, time) -> dict:
    return {"user": user, "number": escalation.number, "now": time.now}


@pytest.fixture
def breached(policy, open_ticket, time, at) -> Callable[..., Escalation]:
    """A ticket whose first reply was missed, and the escalation that came of it. Severity by its priority."""

    def make(**fields) -> Escalation:
        ticket = open_ticket(now=time.now, **fields)
        time.move_to(time.now + timedelta(hours=6))
        sweep.run()
        return Escalation.objects.get(ticket=ticket)

    return make


@pytest.fixture
def ask_by_hand(open_ticket, anna, time) -> Callable[..., Escalation]:
    """Anna asks her manager to decide something about a new ticket."""

    def make(**fields) -> Escalation:
        given = {"kind": "hierarchical", "severity": 2, "reason": "funding", "summary": "Waive the fee", **fields}
        number = open_ticket(now=time.now).number
        return services.escalate(user=anna, ticket_number=number, now=time.now, **given)

    return make


@pytest.fixture
def viktor(payments):
    """A colleague of the team, without any rank."""
    person = make_user("Viktor Sandell")
    payments.members.add(person)
    return person


@pytest.fixture
def resolving_one(breached, mona, time) -> Escalation:
    """Severity 1, in Resolve."""
    escalation = breached(priority="urgent")
    common = {"user": mona, "number": escalation.number, "now": time.now}
    services.acknowledge(**common)
    services.describe(**common, impact="Nine merchants have no money.")
    services.begin_communication(**common)
    services.begin_resolution(**common, override_reason=REASON)
    return Escalation.objects.get()


@pytest.fixture
def resolved_one(resolving_one, mona, time) -> Escalation:
    services.resolve(user=mona, number=resolving_one.number, now=time.now, override_reason=REASON)
    return Escalation.objects.get()


@pytest.fixture
def criterion(adam):
    def make(name="Money", **terms) -> Criterion:
        given = {"kind": "funding", "conditions": {"keywords": ["refund*"]}, "severity": 2, **terms}
        return criteria_services.define_criterion(user=adam, name=name, **given)

    return make


@pytest.fixture
def fired() -> Callable[[], list[tuple[int, str]]]:
    """Ticket and criterion of every proposal."""
    rows = Proposal.objects.order_by("ticket_id", "criterion_id")
    return lambda: list(rows.all().values_list("ticket_id", "criterion__name"))


@pytest.fixture
def laddered(payments):
    """A ladder of the team's own, with these levels."""

    def make(*levels: dict, **fields) -> Ladder:
        ladder = Ladder.objects.create(name="Own", team=payments, **fields)
        for number, given in enumerate(levels, start=1):
            people = given.pop("people", ())
            level = LadderLevel(ladder=ladder, level=number, **{"reach": "lead", "delay": timedelta(), **given})
            level.save()
            level.people.set(people)
        return ladder

    return make


@pytest.fixture
def lapsed(laddered, breached, rosa, adam, time) -> Escalation:
    """Acknowledged by Rosa, who promised an update within the hour and sent none."""
    laddered({}, {"reach": "admins", "delay": QUARTER})
    escalation = breached(priority="urgent")
    known = {"user": rosa, "number": escalation.number, "now": time.now}
    services.acknowledge(**known)
    promised = {"body": "We are on it.", "next_update_by": time.now + timedelta(minutes=50)}
    for audience in ("customers", "stakeholders"):
        services.communicate(**known, audience=audience, **promised)
    run(time, timedelta(minutes=50))
    return Escalation.objects.get()
