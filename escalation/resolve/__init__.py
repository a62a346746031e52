"""Step 3: the plan, the guide, the task force (R44-R48)."""
