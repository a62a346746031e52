"""Two entries of one customer become one: who is probably the same, what would move, and the deed."""
