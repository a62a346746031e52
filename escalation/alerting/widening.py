"""Not resolved by a set moment: the next up the chain of command are drawn in, once (R13)."""

from datetime import datetime
from functools import partial
from itertools import islice

from common.rows import insert
from escalation.alerting import alerts
from escalation.models import Deadline, Escalation, Involvement, as_names
from escalation.permissions import hearing_of
from escalation.recording import record_of_sweep
from notifications.actions import notify
from notifications.models import Alert
from people.chain import present, teams_upward
from people.models import User


def widen(deadline: Deadline, now: datetime) -> None:
    """The moment has come; the caller holds the lock and knows that it is still open."""
    escalation = deadline.escalation
    people = next_parties(escalation, now)
    deadline.met_at = now
    deadline.save(update_fields=["next_moment", "met_at"])
    rows = [{"escalation_id": escalation.number, "person_id": person.pk, "at": now} for person in people]
    insert(Involvement, rows, unless_there=True)
    notify(
        recipients=people,
        compose=partial(alerts.drawn_in, deadline),
        dedupe=f"escalation:{escalation.number}:widened:{deadline.pk}",
        now=now,
    )
    what = "widened" if people else "widened_to_nobody"
    record_of_sweep(escalation, what, now=now, who=as_names(people))


def next_parties(escalation: Escalation, now: datetime) -> list[User]:
    """Lead and managers of the nearest team above of whom somebody may hear of it and has not (R14, R31); or nobody."""
    heard = set(Alert.objects.filter(escalation_number=escalation.number).values_list("recipient", flat=True))
    hears = hearing_of(escalation)
    for team in islice(teams_upward(escalation.team or escalation.ticket.team), 1, None):
        people = present([*([team.lead] if team.lead else []), *team.managers.all()], now, hears)
        if fresh := [person for person in people if person.pk not in heard and hears(person)]:
            return fresh
    return []
