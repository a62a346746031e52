"""How long data is kept, by kind, and what goes each night (docs/decisions/0032)."""
