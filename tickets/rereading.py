"""After messages moved between tickets: what a ticket knows of its conversation is read from it anew."""

from datetime import datetime

from django.db.models import Max, Q

from tickets.models import Ticket


def refresh_words(ticket: Ticket, now: datetime) -> None:
    """Who spoke last, read from the messages that are there."""
    said = Q(is_public=True, by_customer=False, is_automatic=False)
    last = ticket.messages.aggregate(
        asked=Max("created_at", filter=Q(by_customer=True)), answered=Max("created_at", filter=said)
    )
    ticket.last_customer_message_at, ticket.last_agent_reply_at = last["asked"], last["answered"]
    ticket.updated_at = now
    ticket.save(update_fields=["last_customer_message_at", "last_agent_reply_at", "updated_at"])
