"""The reader: a process of its own that parses mail for us, within bounds, and may die of one (decision 23)."""
