"""What the calls about customers take."""

from api.fields import Input, ListOf, Text, YesNo
from people.customers.book import MOST_ROWS


class CustomerRow(Input):
    """A person, an organisation, or both; what is left out or empty changes nothing.

    An organisation is known by the id that the other system gives it, else by its name.
    """

    email = Text(required=False, allow_blank=True, max_length=254)
    name = Text(required=False, allow_blank=True, max_length=200)
    language = Text(required=False, allow_blank=True, max_length=10)
    sight = Text(
        required=False,
        allow_blank=True,
        max_length=10,
        help_text="Which requests the person sees: `own`, or all of the organisation: `reads`, `answers`.",
    )
    organisation = Text(required=False, allow_blank=True, max_length=200)
    organisation_id = Text(required=False, allow_blank=True, max_length=60)
    tier = Text(required=False, allow_blank=True, max_length=12)
    value = Text(required=False, allow_blank=True, max_length=200)
    contract = Text(required=False, allow_blank=True, max_length=200)
    since = Text(required=False, allow_blank=True, max_length=10, help_text="A day as in 2026-11-18.")


class CustomerImport(Input):
    """With `dry_run` nothing is written, and the answer is the same."""

    rows = ListOf(child=CustomerRow(), allow_empty=False, max_length=MOST_ROWS)
    dry_run = YesNo(default=False)
