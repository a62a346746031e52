"""What each article says becomes its first kept version; who wrote it, nobody knows any more."""

from typing import Any

from django.db import migrations


def keep(apps: Any, schema_editor: Any) -> None:
    Article, Version = apps.get_model("knowledge", "Article"), apps.get_model("knowledge", "ArticleVersion")
    for article in Article.objects.all():
        at = article.updated_at
        article.current = Version.objects.create(
            article=article,
            number=article.version,
            title=article.title,
            body=article.body,
            written_at=at,
            approved_by=article.approved_by,
            approved_at=at,
        )
        article.save(update_fields=["current"])


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0002_versions")]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
