"""Escalation to the right skill: the hand-off contract and its sides (R4, R42)."""
