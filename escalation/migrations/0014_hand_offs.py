import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

class Migration(migrations.Migration):

    dependencies = [
        ('escalation', '0013_criteria'),
        ('people', '0004_authority_limits'),
        ('tickets', '0010_services'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='deadline',
            name='kind',
            field=models.CharField(choices=[('first_hour', 'Everybody informed within the hour'), ('update', 'Promised update'), ('approval', 'Decision'), ('hand_off', 'Hand-off accepted'), ('hand_note', 'Hand-over to the next level acknowledged'), ('verify', 'Verification of the resolution'), ('closing', 'Close of what is resolved'), ('analysis', 'Root cause analysis')], max_length=10),
        ),
        migrations.CreateModel(
            name='HandOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent_at', models.DateTimeField(verbose_name='sent')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted')),
                ('returned_at', models.DateTimeField(blank=True, null=True, verbose_name='returned')),
                ('reason', models.TextField(blank=True, verbose_name='why it was returned')),
                ('dropped_at', models.DateTimeField(blank=True, help_text='Its escalation ended before anybody accepted or returned it.', null=True, verbose_name='dropped')),
                ('convened_at', models.DateTimeField(blank=True, help_text='By this return both leads were called together.', null=True, verbose_name='leads convened')),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('escalation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='hand_off', to='escalation.escalation')),
                ('files', models.ManyToManyField(blank=True, related_name='+', to='tickets.attachment', verbose_name='files')),
                ('from_assignee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('from_team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.team')),
                ('messages', models.ManyToManyField(blank=True, related_name='+', to='tickets.message', verbose_name='evidence')),
                ('returned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hand_offs', to='tickets.ticket')),
                ('to_team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.team')),
            ],
            options={
                'ordering': ['sent_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('returned_at', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='handoff_returned_with_a_reason'), models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('dropped_at', None), ('returned_at', None)), fields=('ticket',), name='handoff_waits_once'), models.UniqueConstraint(condition=models.Q(('convened_at', None), _negated=True), fields=('ticket',), name='handoff_convenes_once')],
            },
        ),
    ]
