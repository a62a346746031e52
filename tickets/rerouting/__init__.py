"""The rules after a ticket has arrived: at a change, after quiet time, and where an owner is awaited (R11, R57)."""
