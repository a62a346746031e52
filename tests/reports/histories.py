"""A desk to which anything happens, by everybody's own buttons, and what its facts should be, counted by hand."""

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Max
from hypothesis import strategies as st

from common import clock
from common.errors import DomainError
from escalation import services, sweep
from escalation.models import Deadline, Escalation, HandOff
from people.enums import Role
from people.models import User
from reports import keeping
from reports.models import EscalationFact, FactTail, LoadHour, PromiseFact, TicketFact
from sla.explain import settled_account_of
from sla.models import Clock
from tests.factories.people import make_organisation, make_team, make_user
from tests.factories.sla import make_policy
from tickets import merging, trash
from tickets import services as tickets
from tickets.models import Event, OwnerSpell, Ticket

# The night in which the clocks of Berlin go back lies in the days of each history.
START = datetime(2026, 10, 23, 9, 30, tzinfo=UTC)
FACTS = (TicketFact, PromiseFact, EscalationFact)
DEEDS = (
    *("open", "reply", "reply and wait", "customer", "note", "solve", "reopen", "resume", "hold", "rate", "take"),
    *("to risk", "to payments", "escalate", "ask", "decide", "accept", "return", "acknowledge", "tell", "cause"),
    *("go on", "withdraw", "merge", "put away", "bring back", "sweep", "keep"),
)


def histories(length: int) -> "st.SearchStrategy[list[tuple[int, str, int]]]":
    """Minutes until a deed, the deed, and which of what there is it is done to."""
    one = st.tuples(st.integers(1, 600), st.sampled_from(DEEDS), st.integers(0, 3))
    return st.lists(one, min_size=length // 2, max_size=length)


class Desk:
    def __init__(self, at: datetime = START) -> None:
        self.now = at
        clock.freeze(at)
        self.mona = make_user("Mona Farias", Role.MANAGER)
        self.anna, self.rosa = make_user("Anna Lindqvist"), make_user("Rosa Quiroga")
        self.cora = make_user("Cora Menezes", Role.CUSTOMER, organisation=make_organisation())
        self.payments = make_team("Payments", lead=self.anna, managers=[self.mona], is_fallback=True)
        self.risk = make_team("Risk", lead=self.rosa, managers=[self.mona], members=[self.rosa], restricted=True)
        make_policy(at, first_response=2 * 3600, resolution=30 * 3600)
        self.open()

    def live(self, history: Sequence[tuple[int, str, int]]) -> None:
        for minutes, deed, which in history:
            self.now += timedelta(minutes=minutes)
            clock.freeze(self.now)
            with contextlib.suppress(DomainError):
                self.do(deed, which)

    def open(self) -> None:
        tickets.ask(user=self.cora, subject="Stuck", body="Help.", now=self.now)

    def do(self, deed: str, which: int) -> None:
        if deed in {"open", "sweep", "keep"}:
            {"open": self.open, "sweep": sweep.run, "keep": keeping.run}[deed]()
            return
        numbers = list(Ticket.objects.order_by("number").values_list("number", flat=True))
        raised = list(Escalation.objects.order_by("number").values_list("number", flat=True))
        if deed in _ON_TICKETS:
            _ON_TICKETS[deed](self, numbers[which % len(numbers)], numbers)
        elif raised:
            _ON_ESCALATIONS[deed](self, raised[which % len(raised)])

    def keep(self) -> None:
        """Until nothing is left to be done but what somebody is still writing."""
        for _round in range(4):
            keeping.run()
        _go_on_until(_is_kept)


def settle() -> None:
    """Until all that was written is settled: nobody may be writing."""
    _go_on_until(lambda: keeping.settled() == _newest())


def _go_on_until(is_done: Callable[[], bool]) -> None:
    """The transactions of whoever else tests on the same server hold a round up, for moments."""
    for _round in range(400):
        if is_done():
            return
        time.sleep(0.05)
        keeping.run()
    raise AssertionError("The facts are not kept after twenty seconds.")


def _is_kept() -> bool:
    tail = FactTail.objects.get()
    return tail.recount_below is None and tail.newest == _newest()


def _newest() -> int:
    return int(Event.objects.aggregate(newest=Max("pk"))["newest"] or 0)


def _write(who: str, wait: bool = False) -> Any:
    def act(desk: Desk, number: int, _numbers: Sequence[int]) -> None:
        user: User = getattr(desk, who)
        tickets.reply(user=user, number=number, body="Which one?", now=desk.now, then_wait=wait)

    return act


def _turn(verb: str) -> Any:
    def act(desk: Desk, number: int, _numbers: Sequence[int]) -> None:
        tickets.change_status(user=desk.mona, number=number, verb=verb, now=desk.now)

    return act


def _send(team: str) -> Any:
    def act(desk: Desk, number: int, _numbers: Sequence[int]) -> None:
        tickets.assign(user=desk.mona, number=number, now=desk.now, team_slug=team)

    return act


def _escalate(kind: str) -> Any:
    def act(desk: Desk, number: int, _numbers: Sequence[int]) -> None:
        services.escalate(
            user=desk.anna,
            ticket_number=number,
            kind=kind,
            severity=2,
            reason="technical",
            summary="Beyond me.",
            team_slug="risk" if kind == "functional" else "",
            now=desk.now,
        )

    return act


def _rate(desk: Desk, number: int, numbers: Sequence[int]) -> None:
    tickets.rate(user=desk.cora, number=number, score=1 + (number + len(numbers)) % 5, now=desk.now)


def _take(desk: Desk, number: int, _numbers: Sequence[int]) -> None:
    tickets.assign(user=desk.mona, number=number, now=desk.now, assignee_email=desk.rosa.email)


def _note(desk: Desk, number: int, _numbers: Sequence[int]) -> None:
    tickets.note(user=desk.mona, number=number, body="Look.", now=desk.now)


def _merge(desk: Desk, number: int, numbers: Sequence[int]) -> None:
    source, target = Ticket.objects.get(number=number), Ticket.objects.get(number=numbers[0])
    merging.merge(source=source, target=target, now=desk.now, by=desk.mona)


def _put_away(desk: Desk, number: int, _numbers: Sequence[int]) -> None:
    trash.put_away(ticket=Ticket.objects.get(number=number), what="spam", now=desk.now, by=desk.mona)


def _bring_back(desk: Desk, _number: int, _numbers: Sequence[int]) -> None:
    for ticket in Ticket.objects.filter(trashed_at__isnull=False):
        trash.bring_back(ticket=ticket, now=desk.now, by=desk.mona)


def _on(verb: str, who: str = "mona", **given: Any) -> Any:
    def act(desk: Desk, number: int) -> None:
        getattr(services, verb)(user=getattr(desk, who), number=number, now=desk.now, **given)

    return act


def _go_on(desk: Desk, number: int) -> None:
    reason = "It has been agreed with the customer on the phone."
    for verb in ("begin_communication", "begin_resolution", "resolve", "close"):
        with contextlib.suppress(DomainError):
            getattr(services, verb)(user=desk.mona, number=number, now=desk.now, override_reason=reason)
            return


_ON_TICKETS = {
    "reply": _write("anna"),
    "reply and wait": _write("anna", wait=True),
    "customer": _write("cora"),
    "note": _note,
    **{verb: _turn(verb) for verb in ("solve", "reopen", "resume", "hold")},
    "rate": _rate,
    "take": _take,
    "to risk": _send("risk"),
    "to payments": _send("payments"),
    "escalate": _escalate("functional"),
    "ask": _escalate("hierarchical"),
    "merge": _merge,
    "put away": _put_away,
    "bring back": _bring_back,
}
_ON_ESCALATIONS = {
    "decide": _on("decide", decision="approve"),
    "accept": _on("accept", "rosa"),
    "return": _on("return_to_sender", "rosa", reason="Not ours."),
    "acknowledge": _on("acknowledge"),
    "tell": _on("communicate", audience="customers", body="We are on it."),
    "cause": _on("choose_cause", cause="ownership"),
    "go on": _go_on,
    "withdraw": _on("withdraw", "anna", reason="Found it."),
}


def written() -> dict[str, list[dict[str, Any]]]:
    """All facts as they stand."""
    found = {model.__name__: list(model.objects.order_by("pk").values()) for model in FACTS}
    load = LoadHour.objects.order_by("hour", "team").values("hour", "team", "open", "people")
    return {**found, "LoadHour": list(load)}


def check_tickets() -> None:
    """Each ticket's facts against its own rows, looked through one by one."""
    counted = {fact.ticket_id: fact for fact in TicketFact.objects.all()}
    alive = Ticket.objects.filter(trashed_at=None, merged_into=None)
    assert set(counted) == set(alive.values_list("number", flat=True))
    for ticket in alive:
        fact, events = counted[ticket.number], list(Event.objects.filter(ticket=ticket))
        replied = [event.at for event in events if event.kind == "ticket.replied"]
        spells = list(OwnerSpell.objects.filter(ticket=ticket).order_by("started_at", "pk"))
        nobodys = [spell for spell in spells if spell.owner_id is None]
        seconds = sum(int((spell.ended_at - spell.started_at).total_seconds()) for spell in nobodys if spell.ended_at)
        people = {spell.owner_id for spell in spells} | {
            event.actor_id for event in events if event.kind in {"ticket.replied", "ticket.noted"}
        }
        moved = [event for event in events if event.kind == "ticket.assigned" and event.data.get("team")]
        assert (fact.first_reply_at, fact.replies) == (min(replied, default=None), len(replied))
        assert fact.unowned_seconds == seconds
        assert (fact.unowned_since is None) == all(spell.ended_at for spell in nobodys)
        assert fact.parties == len(people - {None})
        assert fact.bounces <= fact.hand_offs <= len(spells)
        assert fact.solved_at == (ticket.solved_at if ticket.status in {"solved", "closed"} else None)
        assert moved or fact.bounces == 0


def check_promises() -> None:
    """A clock's own row says how it ended; the fact has it from the ledger."""
    expected = {}
    for one in Clock.objects.filter(ticket__trashed_at=None).exclude(state="cancelled"):
        if one.breached_at or one.met_at:
            expected[one.pk] = (one.breached_at or one.met_at, one.breached_at is None)
    facts = list(PromiseFact.objects.select_related("clock"))
    assert {fact.clock_id: (fact.decided_at, fact.is_kept) for fact in facts} == expected
    for fact in facts:
        explained = settled_account_of(fact.clock, fact.decided_at)
        assert (fact.used_seconds, fact.paused_seconds) == (
            int(explained.used.total_seconds()),
            int(explained.paused.total_seconds()),
        )
        assert fact.is_kept or fact.used_seconds == fact.target_seconds


def check_escalations() -> None:
    facts = {fact.escalation_id: fact for fact in EscalationFact.objects.all()}
    rows = list(Escalation.objects.filter(ticket__trashed_at=None))
    assert set(facts) == {one.number for one in rows}
    for one in rows:
        fact, hand_off = facts[one.number], HandOff.objects.filter(escalation=one).first()
        hours = Deadline.objects.filter(escalation=one, kind="first_hour")
        assert (fact.state, fact.cause, fact.opened_at) == (one.state, one.cause, one.opened_at)
        assert fact.is_bounced == (None if hand_off is None else hand_off.returned_at is not None)
        late = [due for due in hours if due.missed_at or (due.met_at and due.met_at > due.due_at)]
        assert (fact.is_told_in_time is False) == bool(late)


def check_load() -> None:
    """Each hour by itself, from whose each ticket was at that instant."""
    tail = FactTail.objects.get()
    rows = {(row.hour, row.team_id): (row.open, row.people) for row in LoadHour.objects.all()}
    assert tail.load_from is not None
    spells = list(OwnerSpell.objects.all())
    hour = START.replace(minute=0)
    while hour < tail.load_from:
        now = [one for one in spells if one.started_at <= hour and (one.ended_at is None or one.ended_at > hour)]
        open_ = Counter(one.team_id for one in now)
        people = {team: {one.owner_id for one in now if one.team_id == team} - {None} for team in open_}
        assert {key[1]: value for key, value in rows.items() if key[0] == hour} == {
            team: (count, len(people[team])) for team, count in open_.items()
        }
        hour += timedelta(hours=1)
