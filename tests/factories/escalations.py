# What a proposal asks for, where a test makes one by itself.
ASKED = {"escalate_as": "hierarchical", "severity": 3, "reason": "staff"}
