"""What happens to an escalation, written on its ticket's timeline under the escalation's own number."""

from datetime import datetime
from typing import Any

from escalation.models import Escalation
from people.models import User
from tickets.timeline import line, record, record_many


def record_step(escalation: Escalation, what: str, /, *, by: User | None, now: datetime, **data: Any) -> None:
    """One event `escalation.<what>`, announced; the caller holds the ticket's lock."""
    record(escalation.ticket, f"escalation.{what}", now=now, actor=by, reference=escalation.reference, **data)


def record_of_sweep(escalation: Escalation, what: str, *, now: datetime, **data: Any) -> None:
    """The same of a sweep's own doing: announced to no floor, for the sweep is where they would be told from."""
    kind = f"escalation.{what}"
    record_many([line(escalation.ticket_id, kind, now=now, reference=escalation.reference, **data)])
