"""The one announcement of this floor (DESIGN §1), sent by `timeline` inside the writer's transaction.

Receivers get `ticket` (locked by the sender) and `events` (a list of Event, never empty).
"""

from django.dispatch import Signal

ticket_changed = Signal()
