"""The one announcement of this floor (DESIGN §1), sent inside the writer's transaction.

Receivers get `people`, the keys of those who are called, reached or placed otherwise than before, and
`organisations`, the same of organisations.
"""

from django.dispatch import Signal

customers_changed = Signal()
