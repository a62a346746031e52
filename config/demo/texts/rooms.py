"""What colleagues say in their teams' rooms: (who, how many minutes ago, what)."""

POSTS: dict[str, tuple[tuple[str, int, str], ...]] = {
    "payments": (
        ("rosa", 1500, "The bank does name screening by hand until Thursday. Do not promise times for payouts."),
        ("bruno", 1430, "Got it. I put the trace number into every reply."),
        ("ilya", 380, "Second half of the terminal keys is slow again. Re-sending from the console works."),
        ("anna", 95, "I take the three stores of Livraria Aurora."),
        ("rosa", 90, "Thanks, Anna. Shout if you need me to call the bank."),
    ),
    "settlement": (
        ("dang", 700, "Export now waits ten minutes for the last batch. Tell me if a file is still short."),
        ("nadia", 655, "Three so far, all complete."),
    ),
    "risk": (("elena", 2100, "New card testing network, rules are in. Expect a few angry false positives."),),
    "integrations": (("kofi", 910, "Plugin 4.2.1 is in the market place."), ("priya", 905, "Finally!")),
    "finance": (("marek", 3000, "Fee rule for merged accounts is fixed; credit notes go out tonight."),),
}
