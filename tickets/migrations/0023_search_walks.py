"""On PostgreSQL the words that are searched stand in the row itself, and the texts that they were made of beside it.

A common word is found by walking from the newest ticket to the oldest, and looking at the words of each: those of a
long conversation had to be fetched from elsewhere each time. Rows that are there already move when they change.
"""

from django.db import migrations

FORWARDS = [
    "ALTER TABLE tickets_searchdocument ALTER COLUMN vector SET STORAGE MAIN",
    "ALTER TABLE tickets_searchdocument SET (toast_tuple_target = 4080)",
]
BACKWARDS = [
    "ALTER TABLE tickets_searchdocument ALTER COLUMN vector SET STORAGE EXTENDED",
    "ALTER TABLE tickets_searchdocument RESET (toast_tuple_target)",
]


def keep_words_inside(apps, schema_editor):
    _execute(FORWARDS, schema_editor)


def keep_words_anywhere(apps, schema_editor):
    _execute(BACKWARDS, schema_editor)


def _execute(statements, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0022_personal_archives")]
    operations = [migrations.RunPython(keep_words_inside, keep_words_anywhere)]
