"""The chat that stands on customers' websites: its script, and the frame that the script shows."""
