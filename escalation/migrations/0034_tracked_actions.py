import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def say_whose_the_actions_are(apps, schema_editor):
    """Those that there are were all decided in an analysis, which hangs on one escalation."""
    action, analysis = apps.get_model("escalation", "TrackedAction"), apps.get_model("escalation", "Analysis")
    of_it = analysis.objects.filter(pk=OuterRef("analysis_id")).values("escalation")
    action.objects.update(escalation=Subquery(of_it))


class Migration(migrations.Migration):

    dependencies = [
        ("escalation", "0033_who_settled"),
    ]

    operations = [
        migrations.RenameModel(old_name="AnalysisAction", new_name="TrackedAction"),
        migrations.AddField(
            model_name="trackedaction",
            name="escalation",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="actions", to="escalation.escalation"),
        ),
        migrations.AddField(
            model_name="trackedaction",
            name="learned_in",
            field=models.CharField(choices=[("analysis", "Root cause analysis"), ("review", "Review")], default="analysis", max_length=8, verbose_name="learned in"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="trackedaction",
            name="deadline",
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="tracked", to="escalation.deadline"),
        ),
        migrations.RunPython(say_whose_the_actions_are, migrations.RunPython.noop, elidable=True),
    ]
