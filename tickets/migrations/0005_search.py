"""The full-text index over tickets_searchdocument, in each database's own way, and the words of what is there."""

from django.db import migrations

from tickets.words import document

BATCH = 500

FORWARDS = {
    "sqlite": [
        """CREATE VIRTUAL TABLE tickets_words USING fts5(
               everything, content='tickets_searchdocument', content_rowid='ticket_id', tokenize='ascii')""",
        """CREATE TRIGGER tickets_words_insert AFTER INSERT ON tickets_searchdocument BEGIN
               INSERT INTO tickets_words(rowid, everything) VALUES (new.ticket_id, new.everything);
           END""",
        """CREATE TRIGGER tickets_words_delete AFTER DELETE ON tickets_searchdocument BEGIN
               INSERT INTO tickets_words(tickets_words, rowid, everything)
               VALUES ('delete', old.ticket_id, old.everything);
           END""",
        """CREATE TRIGGER tickets_words_update AFTER UPDATE OF everything ON tickets_searchdocument BEGIN
               INSERT INTO tickets_words(tickets_words, rowid, everything)
               VALUES ('delete', old.ticket_id, old.everything);
               INSERT INTO tickets_words(rowid, everything) VALUES (new.ticket_id, new.everything);
           END""",
    ],
    "postgresql": [
        """ALTER TABLE tickets_searchdocument ADD COLUMN vector tsvector
               GENERATED ALWAYS AS (array_to_tsvector(string_to_array(everything, ' '))) STORED""",
        "CREATE INDEX tickets_words ON tickets_searchdocument USING gin (vector)",
    ],
}
BACKWARDS = {
    "sqlite": [
        "DROP TRIGGER tickets_words_update",
        "DROP TRIGGER tickets_words_delete",
        "DROP TRIGGER tickets_words_insert",
        "DROP TABLE tickets_words",
    ],
    "postgresql": ["ALTER TABLE tickets_searchdocument DROP COLUMN vector"],
}


def make_index(apps, schema_editor):
    for statement in FORWARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    for statement in BACKWARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def write_words(apps, schema_editor):
    """Of the tickets that are there; `manage.py reindex` makes them anew at any time."""
    tickets = apps.get_model("tickets", "Ticket").objects
    documents = apps.get_model("tickets", "SearchDocument").objects
    last = 0
    while batch := list(
        tickets.filter(number__gt=last)
        .order_by("number")
        .select_related("requester", "organisation")
        .prefetch_related("messages__attachments")[:BATCH]
    ):
        documents.bulk_create([_words(ticket, documents.model) for ticket in batch])
        last = batch[-1].number


def _words(ticket, model):
    head = [str(ticket.number), ticket.subject, ticket.requester.name, ticket.requester.email]
    head += [ticket.organisation.name] if ticket.organisation else []
    everything, public = list(head), list(head)
    for message in ticket.messages.all():
        texts = [*(file.name for file in message.attachments.all()), message.body]
        everything += texts
        public += texts if message.is_public else []
    return model(ticket_id=ticket.pk, everything=document(*everything), public=document(*public))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_queue")]

    operations = [
        migrations.RunPython(make_index, drop_index),
        migrations.RunPython(write_words, migrations.RunPython.noop),
    ]
