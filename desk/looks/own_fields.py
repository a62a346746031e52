"""The desk's own fields as their list shows them."""

from dataclasses import dataclass

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
    used: list[FieldLine]
    retired: list[CustomField]


def list_look() -> FieldsLook:
    """One query."""
    rows = list(CustomField.objects.all())
    used = [row for row in rows if row.is_enabled]
    lines = [FieldLine(row, at == 0, at == len(used) - 1) for at, row in enumerate(used)]
    return FieldsLook(lines, [row for row in rows if not row.is_enabled])
