from django.db import migrations

from common import clock


def set_clocks_running(apps, schema_editor):
    """What was past its day before there were clocks is on the list of overdue actions, and rings for nobody today."""
    action, deadline = apps.get_model("escalation", "TrackedAction"), apps.get_model("escalation", "Deadline")
    decided = action.objects.filter(learned_in="analysis", escalation__analysis__submitted_at__isnull=False)
    for one in decided.filter(done_at=None, deadline=None, due_at__gt=clock.now()):
        one.deadline = deadline.objects.create(
            escalation_id=one.escalation_id, kind="action", due_at=one.due_at, next_moment=one.due_at
        )
        one.save(update_fields=["deadline"])


class Migration(migrations.Migration):

    dependencies = [
        ("escalation", "0035_reviews"),
    ]

    operations = [
        migrations.RunPython(set_clocks_running, migrations.RunPython.noop, elidable=True),
    ]
