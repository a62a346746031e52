"""The process that reads mail for us: whatever happens to it, the next mail is read."""

import os
import signal
from pathlib import Path

import pytest

from mailroom.parse import ParsedMail, ParseError, parse
from mailroom.reader import keeper, wire
from mailroom.reader.keeper import Keeper
from mailroom.reader.limits import Limits
from tests.mailroom.mails import NAMES, compose, kept


@pytest.fixture
def keep():
    """Makes keepers, and sends their readers home."""
    made = []

    def make(**limits) -> Keeper:
        made.append(Keeper(Limits(**limits)))
        return made[-1]

    yield make
    for one in made:
        one.close()


def outcome(read, raw):
    try:
        return read(raw)
    except ParseError as error:
        return str(error)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_elsewhere_is_what_is_read_here(name):
    assert outcome(keeper.read, kept(name)) == outcome(parse, kept(name))


def test_a_person_who_has_looked_at_it_has_it_read_leniently():
    assert keeper.read(kept("truncated"), lenient=True) == parse(kept("truncated"), lenient=True)


def held(one: Keeper, number: signal.Signals, monkeypatch) -> None:
    """The reader takes each mail, and before it has read any of it gets a signal."""
    send = wire.send

    def fatal(line, head, blobs, **given):
        os.kill(one._process.pid, signal.SIGSTOP)
        send(line, head, blobs, **given)
        if number != signal.SIGSTOP:
            os.kill(one._process.pid, number)
            os.kill(one._process.pid, signal.SIGCONT)

    monkeypatch.setattr(wire, "send", fatal)


def test_a_mail_that_kills_the_reader_twice_cannot_be_read_and_the_next_one_can(keep, monkeypatch):
    one = keep()
    with monkeypatch.context() as patch:
        held(one, signal.SIGKILL, patch)
        with pytest.raises(ParseError, match=r"^Reading it ends the program that reads \(SIGKILL\)\.$"):
            one.read(compose())
    assert one.started == 2

    assert one.read(compose()).text == "Since yesterday."
    assert one.started == 3


def test_a_death_that_happens_once_is_nobodys_fault(keep):
    one = keep()
    one.read(compose())
    os.kill(one._process.pid, signal.SIGKILL)

    assert one.read(compose()).subject == "Payouts are stuck"
    assert one.started == 2


def test_a_mail_that_stalls_the_reader_is_given_up_in_time(keep, monkeypatch):
    one = keep()
    one.read(compose())
    patient, one.limits = one.limits, Limits(wall=0.2)
    with monkeypatch.context() as patch:
        held(one, signal.SIGSTOP, patch)
        with pytest.raises(ParseError, match="longer than 0 seconds"):
            one.read(compose())

    one.limits = patient
    assert one.read(compose()).sender == "cora@livraria-aurora.example"


def test_a_mail_that_takes_the_processor_is_ended_by_the_kernel(keep):
    one = keep(cpu=0.2)

    with pytest.raises(ParseError, match="longer than 0 seconds"):
        one.read(compose("x\n" * 14_000_000))
    assert one.started == 1


def test_a_mail_that_wants_too_much_memory_is_refused_and_the_reader_replaced(keep):
    one = keep(memory=160 * 1024 * 1024)

    with pytest.raises(ParseError, match="more than 160 MB of memory"):
        one.read(compose("äöü " * 4_000_000))
    assert one.read(compose()).text == "Since yesterday."
    assert one.started == 2


def test_a_reader_is_replaced_after_its_share(keep):
    one = keep(mails=2)

    for number in range(5):
        assert one.read(compose(f"Number {number}")).text == f"Number {number}"
    assert one.started == 3


def test_the_reader_knows_no_secret_of_the_desk_and_loads_none_of_its_tables(keep, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "s" * 50)
    one = keep()
    one.read(compose())

    surroundings = Path(f"/proc/{one._process.pid}/environ").read_bytes()
    assert b"SECRET_KEY" not in surroundings and b"DATABASE_URL" not in surroundings
    assert b"sqlite" not in Path(f"/proc/{one._process.pid}/maps").read_bytes()


@pytest.mark.parametrize(
    "answer", [{}, [], {"message_id": 7}, {"message_id": {"__class__": "os"}}, {"attachments": [{"content": 5}]}]
)
def test_an_answer_that_is_none_is_not_believed(answer):
    told = {**wire.packed(parse(compose()), []), **answer} if answer else answer

    with pytest.raises(wire.WireError):
        wire.unpacked(ParsedMail, told, [])
