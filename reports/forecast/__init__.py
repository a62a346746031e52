"""What is coming (R74): which tickets are likely to be escalated, and which promises nobody will reach in time."""
