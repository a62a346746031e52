"""Tickets from a CSV file: all of a row or nothing of it, and nothing twice."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from config.importing import writing
from escalation.sweep import run as sweep
from notifications.models import Alert, Delivery
from people.models import User
from sla.models import Clock
from tests.factories.people import make_organisation
from tickets.enums import EventKind, Status
from tickets.models import Event, ImportedRecord, Message, Ticket
from tickets.search import find

GOOD = {
    "id": "12",
    "requester_email": "Petra@Example.org",
    "subject": "Terminal is silent",
    "body": "It does not print.",
    "created_at": "2026-11-10T09:00+01:00",
}


@pytest.fixture
def table(tmp_path):
    """Writes rows into a file, each on top of the good one."""

    def write(*rows, delimiter=",", name="tickets.csv"):
        names = list(dict.fromkeys([*GOOD, *(name for row in rows for name in row)]))
        text = io.StringIO()
        writer = csv.DictWriter(text, names, delimiter=delimiter)
        writer.writeheader()
        writer.writerows({**GOOD, **row} for row in rows)
        path = tmp_path / name
        path.write_bytes(text.getvalue().encode())
        return path

    return write


def run(path, **options) -> str:
    out = io.StringIO()
    call_command("import_tickets", str(path), stdout=out, **options)
    return out.getvalue()


def test_a_ticket_keeps_its_past(table, payments, anna):
    path = table(
        {
            "status": "closed", "priority": "high", "channel": "phone", "tags": "Till; printer",
            "team": "payments", "assignee_email": anna.email, "solved_at": "2026-11-12T12:00Z",
        },
        {"id": "1", "kind": "reply", "ticket": "12", "body": "Is it plugged in?", "author_email": anna.email,
         "created_at": "2026-11-10T11:00Z"},
        {"id": "2", "kind": "note", "ticket": "12", "body": "He sounds angry.", "author_email": "gone@old.example",
         "author_name": "Gina Gone", "created_at": "2026-11-10T11:05Z"},
        {"id": "3", "kind": "customer", "ticket": "12", "body": "It was not.", "created_at": "2026-11-11T08:00Z"},
    )  # fmt: skip

    said = run(path)

    ticket = Ticket.objects.get()
    assert said.startswith("1 ticket with 4 messages imported; 0 were here already; 0 refused.")
    assert (ticket.status, ticket.priority, ticket.channel, ticket.team) == ("closed", "high", "phone", payments)
    assert ticket.requester.email == "petra@example.org"
    assert ticket.assignee == anna
    assert {tag.name for tag in ticket.tags.all()} == {"till", "printer"}
    assert ticket.created_at == datetime(2026, 11, 10, 8, tzinfo=UTC)
    assert ticket.solved_at == ticket.closed_at == datetime(2026, 11, 12, 12, tzinfo=UTC)
    assert ticket.last_agent_reply_at == datetime(2026, 11, 10, 11, tzinfo=UTC)
    assert ticket.last_customer_message_at == datetime(2026, 11, 11, 8, tzinfo=UTC)
    told = [(message.body, message.is_public, message.by_customer) for message in ticket.messages.all()]
    assert told == [
        ("It does not print.", True, True),
        ("Is it plugged in?", True, False),
        ("He sounds angry.", False, False),
        ("It was not.", True, True),
    ]
    assert list(ticket.events.values_list("kind", flat=True)) == [
        EventKind.OPENED, EventKind.ROUTED, EventKind.REPLIED, EventKind.NOTED, EventKind.CUSTOMER_WROTE,
        EventKind.STATUS, EventKind.IMPORTED,
    ]  # fmt: skip


def test_what_was_imported_is_found_by_its_words(table, payments, anna):
    run(table({}, {"id": "1", "kind": "note", "ticket": "12", "body": "Marmalade in the drawer."}))
    run(table({}, {"id": "2", "kind": "reply", "ticket": "12", "body": "A new cable was sent."}))

    for words in ("silent", "print", "marmalade", "cable"):
        assert [ticket.subject for ticket in find(anna, words)] == ["Terminal is silent"]


def test_a_colleague_who_is_gone_keeps_his_name_and_gets_no_door(table, payments):
    run(table({}, {"id": "2", "kind": "note", "ticket": "12", "author_email": "gone@old.example"}))

    gone = User.objects.get(email="gone@old.example")
    assert gone.is_agent and not gone.is_active and not gone.has_usable_password()


def test_a_second_run_adds_only_what_was_written_since(table, payments, at):
    first = table({}, {"id": "13"})
    run(first)
    Ticket.objects.filter(imported_records__key="ticket:12").update(priority="urgent")

    again = run(first)
    longer = table({}, {"id": "13"}, {"id": "7", "kind": "reply", "ticket": "12", "body": "Late, but here."})
    more = run(longer)

    assert again.startswith("0 tickets with 0 messages imported; 2 were here already; 0 refused.")
    assert more.startswith("0 tickets with 1 message imported; 2 were here already; 0 refused.")
    assert Ticket.objects.count() == 2
    assert Message.objects.filter(body="Late, but here.").get().ticket.priority == "urgent"
    assert run(longer).startswith("0 tickets with 0 messages")


def test_two_desks_are_kept_apart_by_their_names(table, payments):
    path = table({})
    run(path)

    assert run(path, source="old-desk").startswith("1 ticket ")
    assert Ticket.objects.count() == 2


def test_a_dry_run_writes_nothing_and_says_the_same(table, payments):
    path = table({}, {"id": "13", "status": "lost"}, {"id": "14", "team": "nobody"})

    tried = run(path, dry_run=True)
    written = [model.objects.count() for model in (Ticket, Message, Event, ImportedRecord)]
    petra = User.objects.filter(email="petra@example.org").exists()
    true = run(path)

    assert written == [0, 0, 0, 0]
    assert not petra
    assert tried.replace("would be imported", "imported") == true
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"status": "lost"}, "status: there is no “lost”"),
        ({"priority": "1"}, "priority: there is no “1”"),
        ({"created_at": "10/11/2026"}, "is not a date like"),
        ({"created_at": "2026-11-10T09:00"}, "has no zone"),
        ({"created_at": "2027-01-01T00:00Z"}, "lies in the future"),
        ({"created_at": "0001-01-01T00:00+14:00"}, "outside of the calendar"),
        ({"status": "solved", "solved_at": "2026-11-01T00:00Z"}, "before created_at"),
        ({"requester_email": ""}, "requester_email: This must not be empty."),
        ({"requester_email": "petra"}, "is not an e-mail address"),
        ({"subject": "x" * 201}, "subject: This is too long"),
        ({"subject": "two\nlines"}, "subject: This must be one line"),
        ({"body": "x" * 100_001}, "body: This is too long"),
        ({"body": "a\x00b"}, "body: This must not hold control characters."),
        ({"id": ""}, "id: This must not be empty."),
        ({"id": "12"}, "stands in row 2 already"),
        ({"organisation": "Nobody Ltd"}, "there is no “Nobody Ltd”"),
        ({"team": "nobody"}, "there is no “nobody” here"),
        ({"kind": "reply", "ticket": "99"}, "is neither here nor in the source"),
        ({"kind": "shout"}, "kind: there is no “shout”"),
    ],
)
def test_a_bad_row_is_refused_by_itself(table, payments, wrong, why):
    said = run(table({}, {"id": "13", **wrong}))

    assert said.startswith("1 ticket with 1 message imported; 0 were here already; 1 refused.")
    assert "row 3" in said
    assert why in said
    assert Ticket.objects.get().imported_records.filter(key="ticket:12").exists()
    assert Message.objects.count() == 1


def test_bytes_that_are_no_text_are_refused_with_their_row(table, payments):
    path = table({}, {"id": "13", "body": "CAFE"})
    path.write_bytes(path.read_bytes().replace(b"CAFE", b"caf\xe9"))

    said = run(path)
    assert "1 ticket with 1 message" in said
    assert "row 3 (id 13): body: no text in UTF-8; --encoding names another." in said
    assert Message.objects.count() == 1
    assert "2 tickets" in run(path, encoding="windows-1252", source="other")
    assert Message.objects.filter(body="café").exists()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_a_file_in_another_encoding_is_said_to_be_in_one(tmp_path, encoding):
    path = tmp_path / "wide.csv"
    path.write_bytes((",".join(GOOD) + "\n").encode(encoding))

    with pytest.raises(CommandError, match="no text in UTF-8; --encoding names another one"):
        run(path)


def test_what_a_quotation_mark_that_is_not_closed_swallows_is_said(table, db):
    path = table({}, {"id": "13"}, {"id": "14"})
    path.write_text(path.read_text().replace("13,Petra@Example.org,Terminal", '13,Petra@Example.org,"Terminal'))

    said = run(path)

    assert "1 ticket with 1 message imported" in said
    assert "row 3 (id 13): A quotation mark is not closed; 1 more lines went into this row." in said


def test_messages_of_a_refused_ticket_are_refused_with_it(table, payments):
    said = run(table({"status": "lost"}, {"id": "1", "kind": "note", "ticket": "12"}))

    assert "2 refused" in said
    assert "Its ticket “12” is refused." in said
    assert not Ticket.objects.exists()


def test_what_only_the_database_refuses_stops_nobody_else(table, payments, monkeypatch):
    def fails(*, past, **given):
        if past.key == "ticket:13":
            raise writing.DatabaseError("disk is on fire")
        return real(past=past, **given)

    real = writing.import_ticket
    monkeypatch.setattr(writing, "import_ticket", fails)

    said = run(table({}, {"id": "13"}, {"id": "14"}))

    assert said.startswith("2 tickets with 2 messages imported; 0 were here already; 1 refused.")
    assert "row 3 (id 13): The database did not take it: disk is on fire" in said


def test_the_report_says_what_and_why_and_holds_no_formula(table, payments, tmp_path):
    run(table({"id": "=1+1", "status": "lost"}), report=tmp_path / "refused.csv")

    rows = list(csv.reader(io.StringIO((tmp_path / "refused.csv").read_text())))
    assert rows[0] == ["where", "id", "why"]
    assert rows[1][:2] == ["row 2", "'=1+1"]


def test_semicolons_a_mark_and_a_zone_of_its_own_are_read(table, payments):
    path = table({"created_at": "2026-11-10 09:00"}, delimiter=";")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    run(path, time_zone="America/Sao_Paulo")

    assert Ticket.objects.get().created_at == datetime(2026, 11, 10, 12, tzinfo=UTC)


def test_an_import_starts_no_clock_sends_no_mail_and_tells_nobody(table, payments, policy, anna, time, at):
    run(table({"status": "open", "assignee_email": anna.email}, {"id": "1", "kind": "reply", "ticket": "12"}))
    time.move_to(at + timedelta(days=9))
    sweep()

    assert Ticket.objects.get().next_due_at is None
    assert not Clock.objects.exists()
    assert not Delivery.objects.exists()
    assert not Alert.objects.exists()


def test_clocks_can_be_started_from_now_on(table, payments, policy, at):
    path = table(
        {"status": "waiting"},
        {"id": "1", "kind": "reply", "ticket": "12"},
        {"id": "13", "status": "open"},
        {"id": "14", "status": "closed"},
    )

    run(path, start_clocks=True)

    found = Clock.objects.values_list("ticket__status", "metric", "state", "started_at")
    assert set(found) == {
        (Status.WAITING, "resolution", "paused", at),
        (Status.OPEN, "first_response", "running", at),
        (Status.OPEN, "resolution", "running", at),
    }


def test_an_organisation_is_found_by_its_name(table, payments):
    aurora = make_organisation()

    run(table({"organisation": "livraria aurora"}))

    assert Ticket.objects.get().organisation == aurora


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"id;subject\n1;x\n", "misses the column"), (b"", "misses the column"), (b"\xff\xfe\x00", "no text in UTF-8")],
)
def test_a_file_that_is_no_table_of_tickets_is_refused_as_a_whole(tmp_path, db, content, why):
    path = tmp_path / "x.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=why):
        run(path)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"time_zone": "Mars/Olympus"}, "There is no time zone"),
        ({"team": ["support"]}, "THEIRS=OURS"),
        ({"encoding": "klingon"}, "cannot be read as klingon"),
    ],
)
def test_a_wrong_option_is_one_sentence(table, db, options, why):
    with pytest.raises(CommandError, match=why):
        run(table({}), **options)
