"""What this desk wants to know of a ticket or an escalation besides what every desk knows (R22); a ticket's type."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import one_line
from people.models import User
from tickets import timeline
from tickets.actions import lock_workable
from tickets.enums import BelongsTo, EventKind, FieldType, Kind
from tickets.models import CustomField, RequestType, Ticket
from tickets.querysets import CustomFieldQuerySet

TEXT_LIMIT = 500
# As many as a JSON number keeps exactly.
DIGITS = 15

# A fraction of three digits might be thousands.
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,(\d{1,2}|\d{4,})", re.ASCII)

Value = str | int | float


@transaction.atomic
def set_kind(*, ticket: Ticket, kind: str, now: datetime, by: User | None) -> Ticket:
    """Question, incident, problem or task."""
    check_kind(kind)
    ticket = lock_workable(ticket.number)
    before, ticket.kind = ticket.kind, kind
    ticket.updated_at = now
    ticket.save(update_fields=["kind", "updated_at"])
    if before != kind:
        timeline.record(ticket, EventKind.CHANGED, now=now, actor=by, what="kind", before=before, after=kind)
    return ticket


@transaction.atomic
def set_fields(*, ticket: Ticket, values: Mapping[str, Any], now: datetime, by: User | None) -> Ticket:
    """Set those that are given, clear those given as empty, leave the rest. All of them, or InvalidInput and none."""
    ticket = lock_workable(ticket.number)
    wanted = checked(values, before=ticket.fields)
    labels = dict(CustomField.objects.filter(key__in=wanted).values_list("key", "label"))
    before = dict(ticket.fields)
    ticket.fields = merged(before, wanted)
    ticket.updated_at = now
    ticket.save(update_fields=["fields", "updated_at"])
    for key, value in wanted.items():
        if before.get(key, "") != value:
            data = {"what": "field", "key": key, "label": labels[key], "before": before.get(key, ""), "after": value}
            timeline.record(ticket, EventKind.CHANGED, now=now, actor=by, **data)
    return ticket


def find_request_type(slug: str) -> RequestType:
    """InvalidInput where customers are offered no such one."""
    found = next((one for one in RequestType.objects.in_use().select_related("team") if one.slug == slug), None)
    if found is None:
        raise InvalidInput.of("request_type", _("There is no such type of request (any more)."))
    return found


def check_kind(kind: str) -> None:
    if kind not in Kind.values:
        raise InvalidInput.of("kind", _("A type is one of %(known)s.") % {"known": ", ".join(Kind.values)})


def checked(
    values: Mapping[str, Any], *, before: Mapping[str, Value] | None = None, of: BelongsTo = BelongsTo.TICKET
) -> dict[str, Value]:
    """The values as they are kept: numbers as such, for the search compares them; empty where one is to be cleared.

    What there was `before` may stay, also where the field would not take it any more: a choice that is gone.
    Raises InvalidInput with a sentence for each that is wrong, under `fields.<key>`.
    """
    had = before or {}
    changed = {key: value for key, value in values.items() if key not in had or str(had[key]) != str(value)}
    return _checked(CustomField.objects.in_use(of), changed) if changed else {}


def asked_at_opening(
    *, of_customer: bool, of: BelongsTo = BelongsTo.TICKET, what: RequestType | None = None
) -> CustomFieldQuerySet:
    """What is asked of whoever opens it: of a ticket an agent for a caller, or the customer himself.

    A customer is asked for what the type of his request names, and for what no type names for itself.
    """
    if not of_customer:
        return CustomField.objects.in_use(of).filter(when_opened=True)
    named = {key for asks in RequestType.objects.in_use().values_list("asks", flat=True) for key in asks}
    return CustomField.objects.of_customers(of).exclude(key__in=named.difference(what.asks if what else ()))


def checked_at_opening(
    values: Mapping[str, Any] | None,
    *,
    of_customer: bool = False,
    of: BelongsTo = BelongsTo.TICKET,
    what: RequestType | None = None,
) -> dict[str, Value]:
    """The same of what is being opened, without what is empty; None where nobody was asked.

    Customers are taken at their word only for what customers are asked. Whoever is asked gives what is required.
    """
    if values is None:
        return {}
    asked = asked_at_opening(of_customer=of_customer, of=of, what=what)
    given = {field.key: "" for field in asked if field.is_required} | dict(values)
    known = CustomField.objects.of_customers(of) if of_customer else CustomField.objects.in_use(of)
    return {key: value for key, value in _checked(known, given).items() if value != ""}


def told_to(ticket: Ticket) -> list[tuple[CustomField, Value]]:
    """What the customer sees of the ticket's fields: those that customers are asked."""
    if not ticket.fields:
        return []
    asked = CustomField.objects.of_customers()
    return [(field, ticket.fields[field.key]) for field in asked if field.key in ticket.fields]


def keep_above(keys: Collection[str]) -> None:
    """What stands on a floor above has values of these fields: their keys and types are fixed from now on."""
    if keys:
        CustomField.objects.filter(key__in=keys, is_kept_above=False).update(is_kept_above=True)


def _checked(fields: Iterable[CustomField], values: Mapping[str, Any]) -> dict[str, Value]:
    known = {field.key: field for field in fields}
    errors: dict[str, list[str]] = {}
    found: dict[str, Value] = {}
    for key, value in values.items():
        try:
            found[key] = _one(known.get(key), value)
        except ValueError as error:
            errors[f"fields.{key}"[:80]] = [str(error)]
    if errors:
        raise InvalidInput(errors)
    return found


def merged(before: Mapping[str, Value], wanted: Mapping[str, Value]) -> dict[str, Value]:
    return {key: value for key, value in {**before, **wanted}.items() if value != ""}


def _one(field: CustomField | None, value: Any) -> Value:
    """ValueError, with the sentence, for what does not fit the field."""
    if field is None:
        raise ValueError(_("There is no such field."))
    if isinstance(value, bool) or not isinstance(value, str | int | float | None):
        raise ValueError(_("Give a text or a number."))
    text = "" if value is None else str(value).strip()
    if not text and field.is_required:
        raise ValueError(_("This is needed."))
    return _READERS[FieldType(field.type)](field, text) if text else ""


def _text(field: CustomField, text: str) -> str:
    try:
        return one_line(text, field=field.key, limit=TEXT_LIMIT)
    except InvalidInput as error:
        raise ValueError(str(error)) from error


def _number(field: CustomField, text: str) -> Value:
    """“12,5” is twelve and a half wherever it is written so; “12,500” could be either and is none."""
    try:
        number = Decimal(text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > DIGITS or len(number.as_tuple().digits) > DIGITS:
        raise ValueError(
            _("This is not a number such as 12.5, or has more than %(digits)d digits.") % {"digits": DIGITS}
        )
    return int(number) if number == number.to_integral_value() else float(number)


def _date(field: CustomField, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ValueError(_("This must be a date such as 2026-11-18.")) from error


def _choice(field: CustomField, text: str) -> str:
    if text not in field.choices:
        raise ValueError(_("Choose one of %(known)s.") % {"known": ", ".join(field.choices)})
    return text


_READERS: dict[FieldType, Callable[[CustomField, str], Value]] = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
}
