from django.conf import settings
from django.db import migrations

BATCH = 2000
DONE = ("solved", "closed")


def tell_from_what_is_known(apps, schema_editor):
    """Who had a ticket first is on its timeline; since then, whose it is now is the best that is known."""
    Ticket, Event = apps.get_model("tickets", "Ticket"), apps.get_model("tickets", "Event")
    OwnerSpell = apps.get_model("tickets", "OwnerSpell")
    numbers = list(Ticket.objects.filter(owner_spells=None).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), BATCH):
        batch = Ticket.objects.filter(pk__in=numbers[start : start + BATCH])
        taken = {}
        kinds = ["ticket.replied", "ticket.assigned"]
        events = Event.objects.filter(ticket__in=batch, kind__in=kinds).order_by("-at", "-pk")
        for number, kind, at, data in events.values_list("ticket_id", "kind", "at", "data"):
            if kind == "ticket.replied" or data.get("assignee"):
                taken[number] = at
        spells = []
        for ticket in batch:
            spells += _spells(OwnerSpell, ticket, taken.get(ticket.pk))
        OwnerSpell.objects.bulk_create(spells)


def _spells(OwnerSpell, ticket, taken_at):
    ends = (ticket.solved_at or ticket.closed_at or ticket.updated_at) if ticket.status in DONE else None
    if ticket.trashed_at:
        ends = ends or ticket.trashed_at
    common = {"ticket": ticket, "team_id": ticket.team_id}
    started = ticket.created_at
    if ticket.assignee_id is None or taken_at is None or taken_at <= started:
        owner = {"owner_id": ticket.assignee_id}
        return [OwnerSpell(**common, **owner, started_at=started, ended_at=max(ends, started) if ends else None)]
    ends = max(ends, taken_at) if ends else None
    return [
        OwnerSpell(**common, started_at=started, ended_at=taken_at),
        OwnerSpell(**common, owner_id=ticket.assignee_id, started_at=taken_at, ended_at=ends),
    ]


class Migration(migrations.Migration):

    dependencies = [
        ("tickets", "0007_bulk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(tell_from_what_is_known, migrations.RunPython.noop)]
