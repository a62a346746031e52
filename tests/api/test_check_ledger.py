"""`docs/check_ledger.py`, which knows nothing of Escala, adds up what the API says of clocks."""

import contextlib
import json
import subprocess
import sys
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from runpy import run_path

import pytest

from api.shapes.ledgers import ledger_shape
from calendars.actions import create_calendar
from common.errors import NotAllowedNow
from people.enums import Role
from people.models import User
from sla.enums import ClockState, Metric
from sla.explain import settled_account_of, with_entries
from sla.ledger import settle
from sla.models import Clock, LedgerEntry
from sla.publishing import create_policy
from sla.sweep import collect
from tests.calendars.scenes import CASES
from tests.factories.sla import HOUR, target
from tests.sla.histories import History, histories
from tickets import actions as tickets

CHECKER = Path(__file__).resolve().parents[2] / "docs" / "check_ledger.py"
check = run_path(str(CHECKER))["check"]
SECOND = timedelta(seconds=1)
SUMS = ("used_seconds", "paused_seconds", "target_seconds", "remaining_seconds")


def book_of(history: History, user: User) -> dict:
    """The answer of the API for entries that are stored nowhere."""
    account = settle(history.entries, until=history.until)
    rows = [
        LedgerEntry(at=e.at, kind=e.kind, target_seconds=e.target and int(e.target.total_seconds()))
        for e in history.entries
        if e.at <= account.until
    ]
    clock = Clock(pk=1, ticket_id=1, metric=Metric.RESOLUTION, state=ClockState.RUNNING)
    clock.target_seconds, clock.thresholds = account.target.total_seconds(), [1, 50, WITH_AN_OFFSET]
    clock.fired = [one.key for amount, one in clock.milestones if amount <= account.used]
    clock.written_lines = rows
    return json.loads(json.dumps(ledger_shape(clock, account, user)))


def refusal(book: dict) -> str:
    with pytest.raises(SystemExit) as stopped:
        check(book)
    return str(stopped.value)


# A microsecond's target cannot be halved, and a minute after it is always there.
WITH_AN_OFFSET = {"offset": 60, "actions": [{"do": "notify", "value": "lead"}]}
READERS = [User(role=Role.AGENT), User(role=Role.CUSTOMER)]


@pytest.mark.once
def test_the_ledger_of_any_history_adds_up_and_any_change_to_it_is_found():
    for number, history in enumerate(histories("books", count=CASES // 20, parts=1)):
        book = book_of(history, READERS[number % 2])
        check(book)
        changed = deepcopy(book)
        tamper = TAMPERINGS[number // 2 % len(TAMPERINGS)]
        if book["segments"] or tamper is _change_a_sum:
            tamper(changed, history.scene.chance(f"tampering {number}"))
            assert refusal(changed).endswith(".")


def _change_a_sum(book: dict, chance: Random) -> None:
    book[chance.choice(SUMS)] += chance.choice([1, -1, 0.000001, 3600])


def _change_what_counted(book: dict, chance: Random) -> None:
    chance.choice(book["segments"])["counted_seconds"] += 60


def _leave_one_out(book: dict, chance: Random) -> None:
    book["segments"].remove(chance.choice(book["segments"]))


def _double_one(book: dict, chance: Random) -> None:
    book["segments"].insert(0, chance.choice(book["segments"]))


def _change_a_kind(book: dict, chance: Random) -> None:
    part = chance.choice(book["segments"])
    part["kind"] = "running" if part["kind"] == "paused" else "paused"


def _move_the_due_time(book: dict, chance: Random) -> None:
    moved = datetime.fromisoformat(book["due_at"] or book["as_of"]) + chance.choice([-1, 1, 86400]) * SECOND
    book["due_at"] = moved.isoformat()


TAMPERINGS = (_change_a_sum, _change_what_counted, _leave_one_out, _double_one, _change_a_kind, _move_the_due_time)


def test_what_was_done_on_the_way_is_told_inside_and_another_time_for_it_is_found(
    policy, open_ticket, anna, cora, calling, at, time
):
    number = open_ticket(now=at).number
    time.move_to(at + timedelta(hours=5))
    collect(time.now)

    path = f"tickets/{number}/clocks/first_response/ledger/"
    book, outside = calling(anna).get(path).json(), calling(cora).get(path).json()
    check(book)
    check(outside)

    (usual,) = book["thresholds"]
    assert (usual["position"], usual["at"], usual["fired"]) == ("75%", "2026-11-18T14:30:00Z", True)
    assert usual["actions"] == [{"do": "notify", "value": "owner"}]
    assert outside["thresholds"] == []
    book["thresholds"][0]["at"] = (at + timedelta(hours=2)).isoformat()

    assert refusal(book).startswith("The threshold at 75%")


def test_what_the_api_says_of_random_tickets_adds_up_and_is_what_the_clocks_say(
    anna, cora, calling, payments, at, time
):
    week = [{"weekday": day, "start": "09:00", "end": "17:30"} for day in range(7)]
    office = create_calendar(name="Office", time_zone="America/Sao_Paulo", periods=week, holidays=[], now=at)
    targets = [
        target(metric, hours * HOUR // factor, priority)
        for priority, factor in (("normal", 1), ("urgent", 4))
        for metric, hours in (("first_response", 4), ("next_response", 3), ("periodic_update", 8), ("resolution", 24))
    ]
    create_policy(name="Office hours", targets=targets, now=at, calendar=office)
    agent, customer = calling(anna), calling(cora)
    seen = set()

    for seed in range(3):
        _live_through(Random(seed), anna, cora, time)
    for clock in Clock.objects.order_by("pk"):
        path = f"tickets/{clock.ticket_id}/clocks/{clock.metric}/ledger/?cycle={clock.cycle}"
        book = agent.get(path).json()
        check(book)
        assert book["due_at"] == (clock.due_at and clock.due_at.isoformat().replace("+00:00", "Z"))
        assert book["state"] == clock.state
        seen.add(clock.state)
    check(customer.get(path).json())

    assert {ClockState.RUNNING, ClockState.MET, ClockState.BREACHED} <= seen


def _live_through(chance: Random, anna, cora, time) -> None:
    """A ticket on which this and that happens at crooked times."""
    ticket = tickets.open_ticket(subject="a", body="b", requester=cora, now=time.now)
    acts = [
        lambda: tickets.reply(ticket=ticket, author=anna, body="x?", now=time.now, then_wait=chance.random() < 0.5),
        lambda: tickets.customer_wrote(ticket=ticket, author=cora, body="x", now=time.now),
        lambda: tickets.set_priority(
            ticket=ticket, priority=chance.choice(["normal", "urgent"]), now=time.now, by=anna
        ),
        lambda: tickets.change_status(ticket=ticket, verb=_possible(ticket, chance), now=time.now, by=anna),
    ]
    for _ in range(6):
        time.move_to(time.now + timedelta(seconds=chance.uniform(1, 5 * HOUR)))
        ticket.refresh_from_db()
        with contextlib.suppress(NotAllowedNow):
            chance.choice(acts)()


def _possible(ticket, chance: Random) -> str:
    names = {transition.name for transition in ticket.get_available_status_transitions()}
    return chance.choice(
        [verb for verb, transition in tickets.VERBS.items() if transition in names and verb != "close"]
    )


@pytest.fixture
def book(anna, calling, policy, open_ticket, time, at) -> dict:
    ticket = open_ticket()
    time.move_to(at + timedelta(minutes=30, microseconds=1))
    return calling(anna).get(f"tickets/{ticket.number}/clocks/resolution/ledger/").json()


def test_it_reads_a_file_or_standard_input_and_says_one_sentence(book, tmp_path):
    file = tmp_path / "ledger.json"
    file.write_text(json.dumps(book))
    wrong = json.dumps({**book, "used_seconds": 1})

    good = subprocess.run([sys.executable, "-I", CHECKER, file], capture_output=True, text=True, check=False)
    bad = subprocess.run([sys.executable, "-I", CHECKER], input=wrong, capture_output=True, text=True, check=False)

    assert (good.returncode, good.stdout, good.stderr) == (0, "It adds up.\n", "")
    assert (bad.returncode, bad.stdout) == (1, "")
    assert bad.stderr == "Used: it says 0:00:01, but the lines give 0:30:00.000001.\n"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"entries": []}', '{"entries": [{"at": "noon"}]}'])
def test_what_is_no_ledger_is_refused_in_one_sentence(text):
    source = CHECKER.read_text().replace("sys.stdin", "io.StringIO(TEXT)").replace("import json", "import io, json")

    with pytest.raises(SystemExit, match=r"^This is no ledger: .*\.$"):
        exec(compile(source, str(CHECKER), "exec"), {"__name__": "__main__", "TEXT": text})  # noqa: S102 – our own script


def test_a_stopped_clock_is_told_as_it_stood_when_it_stopped(policy, open_ticket, anna, at):
    ticket = open_ticket()
    tickets.reply(ticket=ticket, author=anna, body="Here.", now=at + timedelta(hours=1))

    clock = with_entries(Clock.objects.filter(metric=Metric.FIRST_RESPONSE)).get()
    account = settled_account_of(clock, at + timedelta(days=9))

    assert account.until == at + timedelta(hours=1)
    assert account.stood_due_at == clock.due_at == at + timedelta(hours=6)
    assert account.due_at is None
