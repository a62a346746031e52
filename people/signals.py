"""The announcements of this floor (DESIGN §1), sent inside the writer's transaction.

Receivers of `customers_changed` get `people`, the keys of those who are called, reached or placed otherwise than
before, and `organisations`, the same of organisations. Receivers of `organisations_merged` get `before`, the short name
of the one that has gone, `after`, that of the one that it went into, `by` and `now`.
"""

from django.dispatch import Signal

customers_changed = Signal()
organisations_merged = Signal()
