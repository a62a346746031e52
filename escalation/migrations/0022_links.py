import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('escalation', '0021_impact_and_own_fields'),
        ('tickets', '0010_services'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EscalationLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('relation', models.CharField(choices=[('child_of', 'child of'), ('parent_of', 'parent of'), ('caused_by', 'caused by'), ('causes', 'causes'), ('related', 'related to')], max_length=9, verbose_name='relation')),
                ('made_at', models.DateTimeField(verbose_name='since')),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='links_out', to='escalation.escalation')),
                ('target', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links_in', to='escalation.escalation')),
                ('ticket', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='escalation_links', to='tickets.ticket')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'target', 'relation'), name='escalation_link_once'), models.UniqueConstraint(fields=('ticket', 'source', 'relation'), name='escalation_link_to_ticket_once'), models.CheckConstraint(condition=models.Q(models.Q(('target__isnull', True), ('ticket__isnull', False)), models.Q(('target__isnull', False), ('ticket__isnull', True)), _connector='OR'), name='escalation_link_to_one'), models.CheckConstraint(condition=models.Q(('target__isnull', True), models.Q(('target', models.F('source')), _negated=True), _connector='OR'), name='escalation_link_to_another')],
            },
        ),
    ]
