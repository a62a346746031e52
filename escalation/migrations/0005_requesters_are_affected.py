"""Whoever wrote the ticket of an escalation that is there already is the first of its affected customers."""

from typing import Any

from django.db import migrations

BATCH = 1000


def add_requesters(apps: Any, schema_editor: Any) -> None:
    escalations = apps.get_model("escalation", "Escalation").objects
    rows = apps.get_model("escalation", "AffectedCustomer")
    made = [
        rows(
            escalation_id=number,
            person_id=requester,
            ticket_id=ticket,
            added_at=opened_at,
            access_at=access_at,
            access_by_id=access_by,
        )
        for number, requester, ticket, opened_at, access_at, access_by in escalations.values_list(
            "number", "ticket__requester", "ticket", "opened_at", "access_confirmed_at", "access_confirmed_by"
        )
    ]
    rows.objects.bulk_create(made, batch_size=BATCH)
    escalations.filter(access_confirmed_at__isnull=False).update(access_open=0)


class Migration(migrations.Migration):
    dependencies = [("escalation", "0004_affected_customers")]

    operations = [migrations.RunPython(add_requesters, migrations.RunPython.noop, elidable=True)]
