"""Who is alerted of an escalation, in which order, and what he is told: ladders and their letters."""
