"""What an article says stands in its versions alone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_what_was_written_before")]

    operations = [migrations.RemoveField("article", name) for name in ("body", "version", "approved_by")]
