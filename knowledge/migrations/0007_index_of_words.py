"""What holds already is found by its words' rows."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Coalesce

from common.words import BREAK


def index(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("knowledge", "ArticleWord").objects
    for article in apps.get_model("knowledge", "Article").objects.exclude(current=None).iterator():
        in_title = set(article.title_words.split())
        rows.bulk_create(
            [
                rows.model(article=article, word=word, in_title=word in in_title)
                for word in sorted(set(article.words.split()) - {BREAK})
            ],
            batch_size=500,
        )


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0006_words_of_what_holds")]

    operations = [
        migrations.CreateModel(
            name="ArticleWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=60)),
                ("in_title", models.BooleanField(default=False)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="index", to="knowledge.article"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("word", "article"), name="article_word_once")],
            },
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(Coalesce("translates", "id"), name="article_root"),
        ),
        migrations.RunPython(index, migrations.RunPython.noop),
    ]
