"""Values of the desk's own fields (R22) as the reader's language writes them."""

from collections.abc import Sequence

from django.utils import formats
from django.utils.dateparse import parse_date

from desk.templatetags.desk_time import said_day
from tickets.enums import FieldType
from tickets.fields import Value
from tickets.models import CustomField, Ticket
from tickets.saved import OWN


def own_value(kind: str, value: Value) -> str:
    """A date with its month by name, a number with the mark of its fraction; what is neither stands as it is."""
    if kind == FieldType.DATE and (day := parse_date(str(value))):
        return said_day(day, "j M Y")
    return str(formats.localize(value))


def own_cells(numbers: Sequence[int], columns: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """What the rows of a view show of these fields, each with its name, by ticket. Two queries, none without them."""
    asked = [column.removeprefix(OWN) for column in columns if column.startswith(OWN)]
    if not asked:
        return {}
    known = list(CustomField.objects.in_use().filter(key__in=asked))
    rows = Ticket.objects.filter(pk__in=numbers).order_by().values_list("pk", "fields")
    return {number: tuple(_cell(field, has[field.key]) for field in known if field.key in has) for number, has in rows}


def _cell(field: CustomField, value: Value) -> str:
    return f"{field.label}: {own_value(field.type, value)}"
