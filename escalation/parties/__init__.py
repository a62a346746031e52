"""Whom an escalation concerns: affected customers, stakeholders, the task force, the recipients of a notice."""
