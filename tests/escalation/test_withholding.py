"""What programs are told of alerts about what a restricted team keeps to itself (R31; docs/alerts.md)."""

import json

from escalation.models import Escalation
from notifications import routing
from notifications.actions import notify
from notifications.letters import Letter
from notifications.models import Delivery, Endpoint
from notifications.webhooks import payload
from tests.factories.anything import make
from tickets.models import Ticket


def test_r31_a_title_of_a_restricted_team_goes_only_where_that_team_is_named(mona, at, open_ticket, payments):
    payments.restricted = True
    payments.save()
    kept, open_one = open_ticket(), open_ticket()
    Ticket.objects.filter(pk=open_one.pk).update(team=None)
    matter = make(Escalation, ticket=kept)
    common = {"url": "https://crm.example/", "kinds": ["breach"], "with_words": True, "created_at": at}
    everybody, theirs = (Endpoint.objects.create(name=name, **common) for name in ("Everybody", "Theirs"))
    theirs.teams.add(payments)
    Delivery.objects.all().delete()
    for key, about in {
        "kept": {"ticket_number": kept.number},
        "open": {"ticket_number": open_one.number},
        "matter": {"escalation_number": matter.number},
    }.items():
        letter = Letter(kind="breach", title=f"The {key} one", severity=2, **about)
        notify(recipients=[mona], compose=lambda _person, letter=letter: letter, dedupe=key, now=at)

    routing.route(at)

    calls = Delivery.objects.filter(channel="webhook").select_related("endpoint")
    told = {(call.endpoint.name, call.dedupe_key.split(":")[0]): json.loads(payload(call))["data"] for call in calls}
    assert {where for where, data in told.items() if "title" not in data} == {
        (everybody.name, "kept"),
        (everybody.name, "matter"),
    }
    # What is no matter of theirs is not told to whoever wants one team's alone.
    assert {what for name, what in told if name == theirs.name} == {"kept", "matter"}
    assert {what for name, what in told if name == everybody.name} == {"kept", "open", "matter"}
    assert (told[everybody.name, "kept"]["ticket"], told[everybody.name, "kept"]["severity"]) == (kept.number, 2)
