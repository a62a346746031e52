"""How far a forecast looks back and ahead, and how much it takes to learn from (R74). Pure."""

from datetime import timedelta

EVERY = 12 * 3600
"""Seconds between two looks at what is open."""
HORIZON = 48 * 3600
"""Seconds ahead within which an escalation counts as foretold."""
LOOKS_BACK = timedelta(days=182)
WEEK = 7 * 24 * 3600
WEEKS = 4
"""So many of the newest are held out."""
FEWEST = 50
"""Escalations foretold by fewer rows than these teach nothing that would hold."""
