"""Each functional escalation that is there already gets its contract, as far as it is on record."""

from typing import Any

from django.db import migrations

ENDED = ("resolved", "closed", "declined", "withdrawn")


def write_down(apps: Any, schema_editor: Any) -> None:
    """Whoever acknowledged it accepted it, as it was understood then; a return has its event."""
    hand_offs = apps.get_model("escalation", "HandOff").objects
    found = apps.get_model("escalation", "Escalation").objects.filter(kind="functional")
    events = apps.get_model("tickets", "Event").objects.filter(kind="escalation.returned")
    returned = {reference: (at, actor) for reference, at, actor in events.values_list("reference", "at", "actor")}
    for one in found.iterator():
        back_at, back_by = returned.get(f"E-{one.number}", (None, None))
        is_over = one.acknowledged_at is None and back_at is None and one.state in ENDED
        hand_offs.create(
            escalation_id=one.number,
            ticket_id=one.ticket_id,
            from_team_id=one.from_team_id,
            from_assignee_id=one.from_assignee_id,
            to_team_id=one.team_id,
            sent_at=one.opened_at,
            sent_by_id=one.requester_id,
            accepted_at=one.acknowledged_at,
            accepted_by_id=one.acknowledged_by_id,
            returned_at=back_at,
            returned_by_id=back_by,
            reason=(one.end_reason or "–") if back_at else "",
            dropped_at=(one.closed_at or one.resolved_at or one.step_since) if is_over else None,
        )


class Migration(migrations.Migration):
    dependencies = [("escalation", "0014_hand_offs"), ("tickets", "0010_services")]

    operations = [migrations.RunPython(write_down, migrations.RunPython.noop, elidable=True)]
