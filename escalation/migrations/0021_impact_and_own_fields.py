from django.db import migrations, models

BEFORE = {
    "initiated": ["acknowledged"],
    "communicating": ["customers_informed", "stakeholders_informed", "plan_owned", "next_update_promised"],
    "resolving": ["plan_done", "technical_plan_accepted"],
    "resolved": [
        *("verified", "notices_sent", "access_confirmed", "ticket_solved", "related_resolved"),
        *("review_requested", "analysis_submitted", "cause_chosen"),
    ],
}
# As it was before the review was asked for.
OLDER = {**BEFORE, "resolved": [name for name in BEFORE["resolved"] if name != "review_requested"]}


def ask_major_matters_for_their_impact(apps, schema_editor):
    """Of procedures that are as they were delivered; what somebody has edited stays as he wants it."""
    procedures = apps.get_model("escalation", "Procedure").objects.using(schema_editor.connection.alias)
    for procedure in procedures.all():
        if procedure.conditions in (BEFORE, OLDER):
            procedure.conditions = {**procedure.conditions, "initiated": ["acknowledged", "impact_known"]}
            procedure.save(update_fields=["conditions"])


class Migration(migrations.Migration):

    dependencies = [
        ('escalation', '0020_own_causes'),
    ]

    operations = [
        migrations.AddField(
            model_name='escalation',
            name='impact',
            field=models.TextField(blank=True, verbose_name='impact'),
        ),
        migrations.AddField(
            model_name='escalation',
            name='fields',
            field=models.JSONField(blank=True, default=dict, verbose_name='fields'),
        ),
        migrations.RunPython(ask_major_matters_for_their_impact, migrations.RunPython.noop, elidable=True),
    ]
