"""Step 2: who is told what and when, and what was promised (R35-R43)."""
