"""Customers as administrators keep them: one by one, and from lists."""
