"""Internal articles: the procedures as guides, and what colleagues look up most (R70). Markdown."""

from typing import NamedTuple


class Draft(NamedTuple):
    slug: str
    title: str
    body: str
    # Of a guide; `!` begins one that is required.
    steps: tuple[str, ...] = ()
    author: str = "rosa"
    # What the version before said otherwise, and why that changed.
    reason: str = ""


class Answer(NamedTuple):
    """An article for customers; `of`: the short name of what it translates."""

    slug: str
    title: str
    body: str
    language: str = "en"
    of: str = ""
    readers: str = "everybody"
    reads: int = 0
    author: str = "rosa"


MISSED_PROMISE = """\
For a missed promise of severity 3 or 4. The four steps can be walked in one sitting.

1. **Initiate.** Acknowledge. The ladder stops, and everybody sees that you have it.
2. **Communicate.** Answer the customer: say that you have seen it, what happens next, and by when. Do not explain
   the delay before you have said what you do about it.
3. **Resolve.** Solve the ticket, then declare the escalation resolved.
4. **Close.** Choose the cause. “Too much load” is an answer, “it just happened” is not.

If you find out that more than one customer is affected, stop here and follow *A major incident*.
"""

MAJOR = """\
For severity 1 and 2, whatever set it off.

## In the first hour
* Name who manages it. There is one, not two.
* Tell the stakeholders what is known, what is not, and when they will hear next.
* Tell the affected customers. A short true sentence now is worth more than a page at noon.

## Until it is resolved
* Keep the plan in the escalation: each task has an owner and a time.
* Keep the time you promised for the next update, also when there is nothing new.

## Afterwards
* The manager declares it resolved; the architect verifies it; each customer confirms that the service works.
* Choose the cause, and write down what we change.
"""

DECISION = """\
When what the customer needs is above your authority.

* Say **what** you ask for in the first line: an amount, an exception, two more people.
* Say **until when** it helps. A decision after that is a decision against the customer.
* Say what you **tried**, so that nobody sends you back to try it.

Nobody decides his own request. If your manager is away, it goes to the deputy by itself.
"""

PAYOUT = """\
A payout that stays in “processing” is held in one of three places.

| where | how to see it | what to do |
|---|---|---|
| our batch | batch state “open” after 08:00 | ask Settlement to close it |
| the bank's name screening | trace says `SCR` | correct the name, ask for release |
| the recipient's bank | trace says `ACSP` | give the customer the trace number |

Never promise a time before the bank has given one.
"""

ARTICLES = (
    Draft(
        "missed-promise",
        "A missed promise, severity 3 and 4",
        MISSED_PROMISE,
        ("! Answer the customer before anything else", "Look whether others are affected", "Say when you write next"),
    ),
    Draft(
        "major-incident",
        "A major incident, severity 1 and 2",
        MAJOR,
        (
            "! Name who manages it",
            "! Name the affected customers and services",
            "Ask the bank or the provider for a contact",
            "! Tell stakeholders and customers what is known",
            "Agree when the next update comes",
        ),
        reason="The affected services are named first: the stakeholders' list depends on them.",
    ),
    Draft(
        "asking-for-a-decision",
        "Asking for a decision",
        DECISION,
        (
            "! The sum or the exception stands first",
            "What was tried is written down",
            "Until when it helps",
        ),
        reason="Until when it helps is asked for: two decisions came a day too late.",
    ),
    Draft("payout-in-processing", "A payout that stays in “processing”", PAYOUT),
)
