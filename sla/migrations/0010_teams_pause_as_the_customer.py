from django.db import migrations


def without_teams(apps, _editor):
    """A team's own clock stands still with the promise to solve; a word of its own for that says nothing any more."""
    versions = apps.get_model("sla", "PolicyVersion")
    for version in versions.objects.all():
        kept = {wait: [one for one in metrics if one != "internal"] for wait, metrics in version.pauses.items()}
        kept = {wait: metrics for wait, metrics in kept.items() if metrics}
        if kept != version.pauses:
            versions.objects.filter(pk=version.pk).update(pauses=kept)


class Migration(migrations.Migration):
    dependencies = [("sla", "0009_waits")]

    operations = [migrations.RunPython(without_teams, migrations.RunPython.noop, elidable=True)]
