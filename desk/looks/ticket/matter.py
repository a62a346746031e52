"""What the matter is: its type, the desk's own fields, and of a solved problem what is left to do."""

from typing import Any

from desk.forms.fields import PREFIX, FieldsForm
from desk.looks.ticket.own_values import own_value
from people.models import User
from tickets.enums import Kind
from tickets.models import Ticket
from tickets.problems import incidents_of


def matter(ticket: Ticket) -> dict[str, Any]:
    """For the sidebar: the form to change the fields, and the same as labels and values."""
    form = FieldsForm(values=ticket.fields)
    values = [(field.label, _value(ticket, form, name)) for name, field in form.fields.items()]
    return {"kinds": Kind.choices, "fields_form": form, "own_fields": values}


def _value(ticket: Ticket, form: FieldsForm, name: str) -> str:
    return own_value(form.types[name], ticket.fields.get(name.removeprefix(PREFIX), ""))


def waiting_incidents(ticket: Ticket, user: User) -> int:
    """How many incidents of a problem are open though it is solved."""
    if ticket.kind != Kind.PROBLEM or not ticket.is_done:
        return 0
    return incidents_of(ticket, user).active().count()
