"""What the demo customer writes at each start, in turn."""

from typing import NamedTuple


class Cry(NamedTuple):
    subject: str
    body: str


CRIES = (
    Cry(
        "Payout of R$ 48.200 has not arrived and the supplier is at the door",
        "Bom dia. The payout of this morning to the Paulista store has not arrived, and our supplier is waiting in "
        "the shop. "
        "Please call me as soon as you know anything.\n\nCora",
    ),
    Cry(
        "All terminals in Moema refuse payments",
        "Every terminal in the Moema store refuses payments since five minutes ago. We have to send customers "
        "away.\n\nCora",
    ),
    Cry(
        "Customers are charged twice at the Paulista counter",
        "Three customers in a row were charged twice for one payment. We have stopped taking cards.\n\nCora",
    ),
    Cry(
        "Payment page shows an error to everybody",
        "Our payment page shows an error to everybody who wants to pay. The book fair has just begun.\n\nCora",
    ),
)
