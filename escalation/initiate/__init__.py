"""Step 1: an escalation is opened, described, and what and whom it affects is recorded (R16-R22)."""
