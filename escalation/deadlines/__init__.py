"""The clocks of an escalation itself: promises of a next update, what is armed at each step, what ends with it."""
