"""Who has a ticket open at this moment, and who writes. Rows grow old by themselves: nobody has to say goodbye."""

from datetime import datetime, timedelta

from people.models import User
from tickets.models import Presence, Ticket

# A page says every ten seconds that it is there; a lost one is forgotten after three times that.
STALE = timedelta(seconds=30)


def be_here(*, ticket: Ticket, user: User, writing: str, now: datetime) -> None:
    """The person has the ticket open; `writing` is the kind of draft that he types in, or nothing."""
    Presence.objects.update_or_create(ticket=ticket, user=user, defaults={"writing": writing, "seen_at": now})


def leave(*, ticket: Ticket, user: User) -> None:
    Presence.objects.filter(ticket=ticket, user=user).delete()


def others(ticket: Ticket, user: User, now: datetime) -> list[Presence]:
    """Everybody else who is there, writers first."""
    rows = Presence.objects.filter(ticket=ticket, seen_at__gt=now - STALE, user__is_active=True)
    return list(rows.exclude(user=user).select_related("user").order_by("-writing", "user__name", "pk"))


def forget_old(*, now: datetime) -> None:
    Presence.objects.filter(seen_at__lte=now - STALE).delete()
