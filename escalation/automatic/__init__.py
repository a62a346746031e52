"""Escalations that nobody has to ask for: criteria, the signals they read, and what comes of them (R7, R9, R11)."""
