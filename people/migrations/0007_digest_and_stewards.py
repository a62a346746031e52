from django.db import migrations, models

ROLES = [
    ('customer', 'Customer'),
    ('agent', 'Agent'),
    ('manager', 'Manager'),
    ('steward', 'Escalation manager'),
    ('admin', 'Administrator'),
]


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0006_duties'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='weekly_digest',
            field=models.BooleanField(default=True, help_text='On Monday morning, by mail.', verbose_name='the week in good words'),
        ),
        migrations.AddField(
            model_name='team',
            name='urgent_within',
            field=models.PositiveIntegerField(blank=True, help_text='After so long it goes to whoever is on duty, else to the lead; empty: to nobody.', null=True, verbose_name='minutes for which something urgent may be nobody\'s'),
        ),
        migrations.AlterField(
            model_name='user',
            name='role',
            field=models.CharField(choices=ROLES, db_index=True, default='customer', max_length=10, verbose_name='role'),
        ),
        migrations.AlterField(
            model_name='authoritylimit',
            name='role',
            field=models.CharField(blank=True, choices=ROLES, max_length=10, verbose_name='role'),
        ),
    ]
