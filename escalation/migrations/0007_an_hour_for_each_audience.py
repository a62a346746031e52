"""What was one clock for everybody becomes one for each audience (R35); what was promised was promised to customers."""

from typing import Any

from django.db import migrations


def divide(apps: Any, schema_editor: Any) -> None:
    Deadline = apps.get_model("escalation", "Deadline")
    Communication = apps.get_model("escalation", "Communication")
    for hour in Deadline.objects.filter(kind="first_hour", audience="").iterator():
        first = {}
        told = Communication.objects.filter(escalation=hour.escalation_id).order_by("-at").values_list("audience", "at")
        first.update(told)
        for audience in ("customers", "stakeholders"):
            _keep(Deadline, hour, audience, first.get(audience))
    for update in Deadline.objects.filter(kind="update", audience="").iterator():
        said = Communication.objects.filter(escalation=update.escalation_id, next_update_by=update.due_at).first()
        update.audience = said.audience if said else "customers"
        update.save(update_fields=["audience"])


def _keep(model: Any, hour: Any, audience: str, told_at: Any) -> None:
    """The customers keep the row that was there, the stakeholders get one of their own."""
    row = hour if audience == "customers" else model(**_copied(hour))
    row.audience = audience
    if told_at is not None and row.cancelled_at is None:
        row.met_at = told_at
        row.next_moment = None
    row.save()


def _copied(hour: Any) -> dict[str, Any]:
    names = ("escalation_id", "kind", "due_at", "next_moment", "met_at", "missed_at", "cancelled_at", "attempts")
    return {name: getattr(hour, name) for name in names}


class Migration(migrations.Migration):
    dependencies = [("escalation", "0006_communication")]

    operations = [migrations.RunPython(divide, migrations.RunPython.noop)]
