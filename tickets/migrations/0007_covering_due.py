"""On PostgreSQL the index of what is due holds what people search and count open tickets by.

A count up to a thousand then reads index pages that lie together, where it read as many rows of the table as lie
apart from each other. Every one of these columns keeps an update from being heap-only already, by an index or a
condition of its own: only the index's width is the price, of open tickets alone. SQLite knows no such columns.
"""

from django.db import migrations

INDEX = "CREATE INDEX ticket_active_due ON tickets_ticket (next_due_at, number)"
COVERED = "status, priority, severity, team_id, assignee_id, snoozed_until, trashed_at"
WHERE = "WHERE status IN ('new', 'open', 'waiting', 'on_hold')"


def cover(apps, schema_editor):
    _make(schema_editor, f"{INDEX} INCLUDE ({COVERED}) {WHERE}")


def uncover(apps, schema_editor):
    _make(schema_editor, f"{INDEX} {WHERE}")


def _make(schema_editor, statement):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX ticket_active_due")
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_waits")]
    operations = [migrations.RunPython(cover, uncover)]
