"""Escalation to the right authority: who may decide, and the decision (R3, R5, R67)."""
