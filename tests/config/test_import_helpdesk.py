"""Tickets from django-helpdesk's tables, in a small SQLite file of its shape."""

import io
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from tests.factories.people import make_team
from tickets.models import Attachment, Message, Ticket

TABLES = """
CREATE TABLE auth_user (id INTEGER PRIMARY KEY, username TEXT, email TEXT, first_name TEXT, last_name TEXT);
CREATE TABLE helpdesk_queue (id INTEGER PRIMARY KEY, title TEXT, slug TEXT);
CREATE TABLE helpdesk_ticket (
    id INTEGER PRIMARY KEY, title TEXT, queue_id INTEGER, created TEXT, modified TEXT, submitter_email TEXT,
    assigned_to_id INTEGER, status INTEGER, on_hold BOOLEAN, description TEXT, resolution TEXT, priority INTEGER);
CREATE TABLE helpdesk_followup (
    id INTEGER PRIMARY KEY, ticket_id INTEGER, date TEXT, title TEXT, comment TEXT, public BOOLEAN,
    user_id INTEGER, new_status INTEGER, message_id TEXT);
CREATE TABLE helpdesk_ticketcc (id INTEGER PRIMARY KEY, ticket_id INTEGER, user_id INTEGER, email TEXT);
CREATE TABLE helpdesk_followupattachment (id INTEGER PRIMARY KEY, followup_id INTEGER, file TEXT, filename TEXT);
INSERT INTO auth_user VALUES (1, 'anna', 'anna@meridiano.example', 'Anna', 'L'), (2, 'old', '', 'Olaf', 'Old');
INSERT INTO helpdesk_queue VALUES (1, 'Support', 'support');
"""


class OtherDesk:
    """The file, and rows put into it."""

    def __init__(self, path):
        self.path = path
        self.do(TABLES)

    def do(self, script):
        with closing(sqlite3.connect(self.path)) as file:
            file.executescript(script)

    def ticket(self, number=1, **given):
        row = {
            "id": number, "title": "Till is silent", "queue_id": 1, "created": "2026-11-10 08:00:00",
            "modified": "2026-11-12 09:30:00.5", "submitter_email": "petra@example.org", "assigned_to_id": 1,
            "status": 1, "on_hold": False, "description": "It does not print.", "resolution": None, "priority": 3,
            **given,
        }  # fmt: skip
        self._add("helpdesk_ticket", row)

    def follow_up(self, number, **given):
        row = {
            "id": number, "ticket_id": 1, "date": "2026-11-11 10:00:00", "title": "Comment", "comment": "Words.",
            "public": True, "user_id": None, "new_status": None, "message_id": None, **given,
        }  # fmt: skip
        self._add("helpdesk_followup", row)

    def copy(self, number, email):
        self._add("helpdesk_ticketcc", {"id": number, "ticket_id": 1, "user_id": None, "email": email})

    def _add(self, table, row):
        with closing(sqlite3.connect(self.path)) as file:
            marks = ", ".join("?" * len(row))
            file.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))  # noqa: S608 - a test's own names
            file.commit()


@pytest.fixture
def other(tmp_path):
    return OtherDesk(tmp_path / "helpdesk.sqlite3")


def run(other, **options) -> str:
    out = io.StringIO()
    given = {"team": ["support=payments"], **options}
    call_command("import_tickets", django_helpdesk=str(other.path), stdout=out, **given)
    return out.getvalue()


def test_a_ticket_comes_with_everything_that_was_said(other, payments, anna, rosa):
    other.ticket(status=3, priority=1)
    other.follow_up(1, comment="It does not print.", title="E-Mail Received", message_id="<1@example.org>")
    other.follow_up(2, comment="Plug it in.", user_id=1, date="2026-11-11 11:00:00")
    other.follow_up(3, comment="He is angry.", user_id=2, public=False, date="2026-11-11 11:05:00")
    other.follow_up(4, comment="Now it prints.", date="2026-11-11 12:00:00")
    other.follow_up(5, comment="", user_id=1, new_status=3, date="2026-11-11 12:30:00")
    other.copy(1, rosa.email)
    other.copy(2, "x@example.org")

    said = run(other)

    ticket = Ticket.objects.get()
    assert said.startswith("1 ticket with 4 messages imported; 0 were here already; 0 refused.")
    assert (ticket.status, ticket.priority, ticket.team, ticket.assignee) == ("solved", "urgent", payments, anna)
    assert ticket.created_at == datetime(2026, 11, 10, 8, tzinfo=UTC)
    assert ticket.solved_at == datetime(2026, 11, 11, 12, 30, tzinfo=UTC)
    assert list(ticket.watchers.all()) == [rosa]
    told = [(m.body, m.is_public, m.by_customer, m.author.name) for m in ticket.messages.all()]
    assert told == [
        ("It does not print.", True, True, "petra"),
        ("Plug it in.", True, False, anna.name),
        ("He is angry.", False, False, "Olaf Old"),
        ("Now it prints.", True, True, "petra"),
    ]
    assert ticket.messages.first().external_id == "<1@example.org>"


@pytest.mark.parametrize(
    ("given", "status", "priority"),
    [
        ({"status": 1, "priority": 2}, "open", "high"),
        ({"status": 2, "priority": 3}, "open", "normal"),
        ({"status": 1, "on_hold": True, "priority": 4}, "on_hold", "low"),
        ({"status": 4, "on_hold": True, "priority": 5}, "closed", "low"),
        ({"status": 5}, "closed", "normal"),
    ],
)
def test_their_states_and_priorities_have_ours(other, payments, given, status, priority):
    other.ticket(**given)

    run(other)

    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.priority) == (status, priority)
    assert ticket.tags.filter(name="duplicate").exists() == (given["status"] == 5)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"submitter_email": None}, "nobody is named who asked"),
        ({"status": 9}, "status: 9 is none"),
        ({"priority": 0}, "priority: 0 is none"),
        ({"created": "yesterday"}, "is not a date"),
        ({"title": "\x01"}, "title: This must not be empty."),
    ],
)
def test_what_cannot_be_kept_is_refused_by_itself(other, payments, given, why):
    other.ticket(1, **given)
    other.ticket(2)

    said = run(other)

    assert "1 ticket with 1 message" in said
    assert why in said


def test_a_second_run_adds_only_newer_follow_ups(other, payments):
    other.ticket()
    run(other)
    other.follow_up(1, comment="And another thing.")

    assert run(other).startswith("0 tickets with 1 message imported; 1 was here already")
    assert run(other).startswith("0 tickets with 0 messages imported; 1 was here already")
    assert Message.objects.count() == 2


def test_a_queue_needs_a_team_or_the_rules(other, payments):
    make_team("Support")
    other.ticket()

    assert "there is no “nobody” here" in run(other, team=["support=nobody"])
    run(other, team=[])
    assert Ticket.objects.get().team.slug == "support"
    run(other, team=["support="], source="again")
    assert Ticket.objects.first().team == payments


def test_files_come_from_inside_of_their_folder_only(other, payments, tmp_path):
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "log.txt").write_bytes(b"one line")
    (tmp_path / "secret.txt").write_bytes(b"not yours")
    other.ticket()
    other.follow_up(1)
    other.do(
        "INSERT INTO helpdesk_followupattachment VALUES"
        " (1, 1, 'log.txt', 'log.txt'), (2, 1, '../secret.txt', 'secret.txt'), (3, 1, 'gone.txt', 'gone.txt')"
    )

    said = run(other, media=tmp_path / "media")

    assert "2 refused" in said
    assert [file.name for file in Attachment.objects.all()] == ["log.txt"]
    assert Message.objects.filter(body="Words.").exists()


def test_a_dry_run_stores_no_file_either(other, payments, tmp_path):
    (tmp_path / "log.txt").write_bytes(b"one line")
    other.ticket()
    other.follow_up(1)
    other.do("INSERT INTO helpdesk_followupattachment VALUES (1, 1, 'log.txt', 'log.txt')")

    assert "1 ticket with 2 messages would be imported" in run(other, media=tmp_path, dry_run=True)
    assert not Ticket.objects.exists()


def test_the_other_desk_is_only_read(other, payments):
    other.ticket()
    before = other.path.read_bytes()

    run(other)

    assert other.path.read_bytes() == before


def test_a_database_that_is_none_or_another_is_one_sentence(tmp_path, db):
    empty = OtherDesk(tmp_path / "other.sqlite3")
    empty.do("DROP TABLE helpdesk_ticket")
    with pytest.raises(CommandError, match="is not django-helpdesk's"):
        run(empty)
    empty.path = tmp_path / "absent.sqlite3"
    with pytest.raises(CommandError, match="cannot be read"):
        run(empty)
    with pytest.raises(CommandError, match="is no name of a table"):
        run(OtherDesk(tmp_path / "third.sqlite3"), user_table="auth_user; DROP TABLE x")
