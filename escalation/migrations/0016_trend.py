from django.db import migrations, models

CHOICES = [("improving", "Improving"), ("same", "Unchanged"), ("declining", "Declining")]


class Migration(migrations.Migration):
    dependencies = [("escalation", "0015_contracts_on_record")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="trend",
            field=models.CharField(blank=True, choices=CHOICES, default="", max_length=9, verbose_name="trend"),
            preserve_default=False,
        )
        for model in ("escalation", "communication")
    ]
