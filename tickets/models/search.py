from django.db import models

from tickets.models.ticket import Ticket


class SearchDocument(models.Model):
    """A ticket's words, as `common.words` makes them, one space between two: all of them, and the customer's share.

    A full-text index lies over both columns: FTS5 on SQLite, GIN on PostgreSQL (migration 0005).
    """

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE, related_name="words")
    everything = models.TextField()
    public = models.TextField()

    def __str__(self) -> str:
        return f"words of #{self.ticket_id}"
