"""What stands in the way of a ticket's own work: that it went into another, sleeps, or has been put away."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from people.models import User
from tickets.models import Merge, Ticket


@dataclass(frozen=True, slots=True)
class Away:
    """Where the matter goes on; without address and number for whoever may not see that ticket."""

    at: datetime
    number: int | None = None
    subject: str = ""
    url: str = ""
    undo: str = ""


def where_it_went(ticket: Ticket, user: User) -> Away | None:
    if ticket.merged_into_id is None:
        return None
    made = Merge.objects.get(source=ticket, undone_at=None)
    target = Ticket.objects.visible_to(user).filter(number=ticket.merged_into_id).first()
    if target is None:
        return Away(made.merged_at)
    url = reverse("desk:ticket", args=[target.number])
    return Away(made.merged_at, target.number, target.subject, url, reverse("desk:unmerge", args=[made.pk]))
