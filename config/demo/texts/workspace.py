"""What Meridiano Pay's desk has put up for itself. Data only."""

from typing import Any, NamedTuple

from tickets.enums import FieldType, Kind

PRODUCTS = {
    "payments": "Payouts",
    "settlement": "Settlement",
    "risk": "Chargebacks",
    "integrations": "Webhooks and plugins",
    "finance": "Invoices",
}
# What can fail, by short name, and who sees to it (R18).
SERVICES = (
    ("payouts", "Payouts", "payments"),
    ("settlement-file", "Settlement file", "settlement"),
    ("terminals", "Terminals", "payments"),
    ("webhooks", "Webhooks", "integrations"),
    ("chargebacks", "Chargebacks", "risk"),
)
FIELDS = (
    (
        "product",
        "Product",
        FieldType.CHOICE,
        tuple(PRODUCTS.values()),
    ),
    ("amount", "Amount in question", FieldType.NUMBER, ()),
    ("store", "Store", FieldType.TEXT, ()),
    ("paid_on", "Day of the payment", FieldType.DATE, ()),
)
ASKED_OF_CUSTOMERS = ("amount", "store", "paid_on")


class Asked(NamedTuple):
    """A request type; its fields as those of `tickets.models.RequestType`."""

    slug: str
    name: str
    description: str
    hint: str
    asks: tuple[str, ...]
    kind: Kind
    team: str
    tag: str


REQUEST_TYPES = (
    Asked(
        slug="payout",
        name="A payout is late or missing",
        description="Money of your sales has not reached your account.",
        hint="Which payout it is, and what your bank says. The day and the sum are on the payout's page.",
        asks=("store", "amount", "paid_on"),
        kind=Kind.INCIDENT,
        team="payments",
        tag="payout",
    ),
    Asked(
        slug="terminal",
        name="A card reader does not work",
        description="It does not start, does not print, or refuses cards.",
        hint="What stands on its display, and since when.",
        asks=("store",),
        kind=Kind.INCIDENT,
        team="payments",
        tag="terminal",
    ),
    Asked(
        slug="chargeback",
        name="A customer disputes a purchase",
        description="You have been told of a chargeback and want to answer it.",
        hint="What was sold, and how it was delivered. Receipts can be attached below.",
        asks=("store", "amount", "paid_on"),
        kind=Kind.QUESTION,
        team="risk",
        tag="chargeback",
    ),
)
# What an escalation is asked besides (R22), and what those of severity 1 say.
REGULATOR = ("regulator", "Regulator", ("To be told", "Told", "Not to be told"))
SEVERE_SAY = "Not to be told"


# A chat on the company's website; of a demo the page at /settings/widgets/ that stands for it.
WIDGET: dict[str, Any] = {
    "name": "Meridiano Pay",
    "sites": ["https://www.meridiano.example"],
    "languages": ["en", "pt-br", "es", "ru"],
    "is_enabled": True,
}
WIDGET_KEY = "meridiano-demo"


class View(NamedTuple):
    owner: str
    name: str
    query: str
    base: str = ""
    team: str = ""
    for_all: bool = False
    columns: tuple[str, ...] = ("next", "owner", "customer")


VIEWS = (
    View("anna", "My payouts", "assignee:me tag:payout is:open"),
    View("anna", "Livraria Aurora", '"Livraria Aurora" is:open', columns=("next", "owner", "tags", "opened")),
    View("rosa", "Payouts, unowned", "team:payments assignee:none is:open", team="payments"),
    View("elena", "Chargebacks due", "team:risk is:open", base="due-hour", team="risk"),
    View("viktor", "Enterprise, past due", "tier:enterprise", base="past-due", for_all=True),
    View("ana", "Escalated", "escalated:yes", for_all=True, columns=("next", "owner", "customer", "team")),
)
PROBLEM = "Bank screens names by hand: payouts to new accounts wait"
PROBLEM_BODY = (
    "The bank's automatic name screening is off until Thursday. Payouts to accounts added this month are looked at by"
    " hand, in batches at 11:00 and 16:00. Nothing is lost; it is late."
)
LATE = "payout"
PROBLEM_HOLD = "the bank screens by hand until Thursday"
AGAIN = "I wrote this morning already and do not know whether it arrived. Is there any news?"
RESTS = "The bank's next batch is tomorrow"
BLOCKED = "@cheap-listings.example"
# Who, how many minutes ago, what.
EVERYBODY = (
    ("viktor", 2900, "Quarter's end on Friday: whoever can, keep the afternoon free of meetings."),
    ("yuki", 1600, "The sandbox moves to the new cluster tonight, 22:00 to 23:00 UTC. Ten minutes of 503 at most."),
    ("ana", 300, "Two enterprise renewals this week. If one of them writes, tell Mona or me at once."),
)


class Lesson(NamedTuple):
    """`days` ago its owner said what became of it; `is_taught` by the first escalation of the month."""

    title: str
    why: str
    owner: str
    state: str
    days: float
    figure: str = ""
    team: str = ""
    about: str = "process"
    is_taught: bool = False


LESSONS = (
    Lesson(
        "Leads own what nobody has taken after 10 minutes",
        "Tickets waited for hours for somebody to look at them first, and were then answered in a hurry.",
        "rosa",
        "done",
        31.5,
        "pain.first_reply",
    ),
    Lesson(
        "Check branch codes before a batch leaves",
        "A third of the rejected payouts had a branch code that the bank had closed.",
        "anna",
        "done",
        8,
        "escalations.opened",
        "payments",
        is_taught=True,
    ),
    Lesson(
        "EMV training for whoever has been here for less than six months",
        "They hand terminal questions over which they could answer.",
        "mona",
        "taken",
        3,
        "pain.experience",
        about="training",
    ),
    Lesson(
        "The terminal says which firmware it runs",
        "Every first reply about terminals asks for it.",
        "yuki",
        "open",
        1,
        about="product",
    ),
)

# The short name of an article, and the cause that it helps against.
TRAININGS = {"asking-for-a-decision": "authority", "missed-promise": "load", "major-incident": "third_party"}
HAVE_READ = ("rosa", "anna")
WEEKLY = "SLA of the last month, each Monday"
