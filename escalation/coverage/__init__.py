"""Whom each ladder would reach in the days to come, level by level, and where it would reach nobody (R13, R14)."""
