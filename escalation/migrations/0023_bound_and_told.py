import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

MAJOR = ["acknowledged", "impact_known"]
HANDED = {
    "initiated": ["acknowledged"],
    "resolving": ["customer_answered"],
    "resolved": ["cause_chosen"],
}


def ask_whether_it_was_accepted(apps, schema_editor):
    """Of procedures that are as they were delivered; what somebody has edited stays as he wants it."""
    procedures = apps.get_model("escalation", "Procedure").objects.using(schema_editor.connection.alias)
    for procedure in procedures.all():
        asked = procedure.conditions.get("initiated") if isinstance(procedure.conditions, dict) else None
        is_major = asked == MAJOR and "analysis_submitted" in procedure.conditions.get("resolved", [])
        if is_major or (procedure.kind == "functional" and procedure.conditions == HANDED):
            procedure.conditions = {**procedure.conditions, "initiated": ["hand_off_accepted", *asked]}
            procedure.save(update_fields=["conditions"])


class Migration(migrations.Migration):

    dependencies = [
        ('escalation', '0022_links'),
        ('tickets', '0012_to_be_done_by'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='affectedcustomer',
            name='left_out',
            field=models.TextField(blank=True, verbose_name='why no update goes to him'),
        ),
        migrations.AddField(
            model_name='procedure',
            name='first_to_customers',
            field=models.ForeignKey(blank=True, help_text='Goes out by itself as the first step is left, in each one\'s language, if none went out before.', limit_choices_to={'audience': 'customers'}, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='escalation.updatetemplate', verbose_name='first word to customers'),
        ),
        migrations.AddField(
            model_name='procedure',
            name='first_to_stakeholders',
            field=models.ForeignKey(blank=True, help_text='The same among colleagues.', limit_choices_to={'audience': 'stakeholders'}, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='escalation.updatetemplate', verbose_name='first word to stakeholders'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='next_word_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='proposal',
            name='told',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(('next_word_at__isnull', False)), fields=['next_word_at'], name='proposal_next_word'),
        ),
        migrations.AddField(
            model_name='analysisaction',
            name='task',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='prevents', to='tickets.ticket', verbose_name='task'),
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField(help_text="The Monday on which it is told, in the reader's zone.", verbose_name='week')),
                ('at', models.DateTimeField(verbose_name='written')),
                ('lines', models.PositiveIntegerField(default=0, verbose_name='good words and closes told')),
                ('reader', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='digests', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-week', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('reader', 'week'), name='digest_once_a_week')],
            },
        ),
        migrations.CreateModel(
            name='EscalationChannel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('email', 'E-mail'), ('web', 'Web form'), ('api', 'API'), ('phone', 'Phone'), ('chat', 'Chat')], max_length=8, unique=True, verbose_name='channel')),
                ('is_open', models.BooleanField(default=True, help_text='By hand and by criteria. A missed promise escalates whatever stands here.', verbose_name='escalates')),
            ],
            options={
                'ordering': ['channel'],
            },
        ),
        migrations.CreateModel(
            name='Recommendation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='what')),
                ('why', models.TextField(verbose_name='why')),
                ('about', models.CharField(choices=[('process', 'How we work'), ('product', 'The product')], max_length=8, verbose_name='about')),
                ('state', models.CharField(choices=[('open', 'Open'), ('taken', 'Taken up'), ('done', 'Done'), ('declined', 'Declined')], default='open', max_length=8, verbose_name='state')),
                ('made_at', models.DateTimeField(editable=False, verbose_name='made')),
                ('settled_at', models.DateTimeField(editable=False, null=True, verbose_name='settled')),
                ('made_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
            ],
            options={
                'ordering': ['-made_at', '-pk'],
            },
        ),
        migrations.RunPython(ask_whether_it_was_accepted, migrations.RunPython.noop, elidable=True),
    ]
