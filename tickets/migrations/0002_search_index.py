"""The full-text index over tickets_searchdocument, in each database's own way."""

from django.db import migrations

FORWARDS = {
    "sqlite": [
        """CREATE VIRTUAL TABLE IF NOT EXISTS tickets_words USING fts5(
               everything, content='tickets_searchdocument', content_rowid='ticket_id', tokenize='ascii')""",
        """CREATE TRIGGER IF NOT EXISTS tickets_words_insert AFTER INSERT ON tickets_searchdocument BEGIN
               INSERT INTO tickets_words(rowid, everything) VALUES (new.ticket_id, new.everything);
           END""",
        """CREATE TRIGGER IF NOT EXISTS tickets_words_delete AFTER DELETE ON tickets_searchdocument BEGIN
               INSERT INTO tickets_words(tickets_words, rowid, everything)
               VALUES ('delete', old.ticket_id, old.everything);
           END""",
        """CREATE TRIGGER IF NOT EXISTS tickets_words_update AFTER UPDATE OF everything ON tickets_searchdocument BEGIN
               INSERT INTO tickets_words(tickets_words, rowid, everything)
               VALUES ('delete', old.ticket_id, old.everything);
               INSERT INTO tickets_words(rowid, everything) VALUES (new.ticket_id, new.everything);
           END""",
    ],
    "postgresql": [
        """ALTER TABLE tickets_searchdocument ADD COLUMN IF NOT EXISTS vector tsvector
               GENERATED ALWAYS AS (array_to_tsvector(string_to_array(everything, ' '))) STORED""",
        "CREATE INDEX IF NOT EXISTS tickets_words ON tickets_searchdocument USING gin (vector)",
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


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [migrations.RunPython(make_index, drop_index)]
