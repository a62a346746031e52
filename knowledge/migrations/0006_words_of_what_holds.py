"""What holds already is found by its words."""

from typing import Any

from django.db import migrations

from common.words import document
from knowledge.markdown import plain


def find(apps: Any, schema_editor: Any) -> None:
    for article in apps.get_model("knowledge", "Article").objects.exclude(current=None).select_related("current"):
        said = article.current
        article.title_words = f" {document(said.title)} "
        article.words = f" {document(said.title, plain(said.body))} "
        article.save(update_fields=["title_words", "words"])


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0005_for_customers")]

    operations = [migrations.RunPython(find, migrations.RunPython.noop)]
