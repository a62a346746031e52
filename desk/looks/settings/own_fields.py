"""The desk's own fields as their list shows them, and what an escalation says in them."""

from dataclasses import dataclass

from desk.looks.ticket.own_values import own_value
from escalation.models import Escalation
from tickets.enums import BelongsTo
from tickets.models import CustomField


@dataclass(frozen=True, slots=True)
class FieldLine:
    field: CustomField
    is_first: bool
    is_last: bool

    @property
    def choices(self) -> str:
        return ", ".join(self.field.choices)


@dataclass(frozen=True, slots=True)
class FieldsLook:
    of_tickets: list[FieldLine]
    of_escalations: list[FieldLine]
    retired: list[CustomField]


def said_of(escalation: Escalation) -> list[tuple[str, str]]:
    """Label and value of each that it has a value of, those that are retired left out (R22)."""
    if not escalation.fields:
        return []
    has = escalation.fields
    asked = CustomField.objects.in_use(BelongsTo.ESCALATION).filter(key__in=has)
    return [(one.label, own_value(one.type, has[one.key])) for one in asked]


def list_look() -> FieldsLook:
    """One query."""
    rows = list(CustomField.objects.all())
    used = {thing: [row for row in rows if row.is_enabled and row.belongs_to == thing] for thing in BelongsTo}
    lines = {
        thing: [FieldLine(row, at == 0, at == len(those) - 1) for at, row in enumerate(those)]
        for thing, those in used.items()
    }
    return FieldsLook(lines[BelongsTo.TICKET], lines[BelongsTo.ESCALATION], [row for row in rows if not row.is_enabled])
