import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

REASONS = [
    ("funding", "Funding"),
    ("staff", "Staff"),
    ("tools", "Tools"),
    ("technical", "Technical"),
    ("functionality", "Functionality"),
]


def as_the_criterion_says(apps, schema_editor):
    """What a proposal asks for was read from its criterion until now."""
    criterion = apps.get_model("escalation", "Criterion").objects.filter(pk=OuterRef("criterion"))
    names = ("escalate_as", "severity", "reason")
    apps.get_model("escalation", "Proposal").objects.update(
        **{name: Subquery(criterion.values(name)[:1]) for name in names},
        team=Subquery(criterion.values("team")[:1]),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("escalation", "0026_recommendations_of_an_escalation"),
        ("people", "0009_routing"),
        ("tickets", "0015_routing_rounds"),
    ]

    operations = [
        migrations.AlterField(
            model_name="proposal",
            name="criterion",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposals",
                to="escalation.criterion",
            ),
        ),
        migrations.AddField(
            model_name="proposal", name="rule_key", field=models.BigIntegerField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="proposal",
            name="escalate_as",
            field=models.CharField(
                choices=[
                    ("functional", "to a team with the skill"),
                    ("hierarchical", "to someone with the authority"),
                ],
                default="hierarchical",
                max_length=12,
                verbose_name="escalates",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="proposal",
            name="severity",
            field=models.PositiveSmallIntegerField(default=3, verbose_name="severity"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="proposal",
            name="reason",
            field=models.CharField(choices=REASONS, default="staff", max_length=16, verbose_name="reason"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="proposal",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.team",
            ),
        ),
        migrations.AddField(
            model_name="proposal", name="ladder", field=models.CharField(blank=True, max_length=80)
        ),
        migrations.RunPython(as_the_criterion_says, migrations.RunPython.noop),
    ]
