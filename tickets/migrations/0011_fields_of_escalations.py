from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0010_services'),
    ]

    operations = [
        migrations.AddField(
            model_name='customfield',
            name='belongs_to',
            field=models.CharField(choices=[('ticket', 'Ticket'), ('escalation', 'Escalation')], default='ticket', max_length=10, verbose_name='belongs to'),
        ),
        migrations.AddField(
            model_name='customfield',
            name='is_kept_above',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AlterField(
            model_name='customfield',
            name='when_opened',
            field=models.BooleanField(default=True, verbose_name='asked when it is opened'),
        ),
    ]
