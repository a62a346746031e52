"""A row of any table, with whatever it needs; for tests that walk all tables of the desk."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.db import models

from tests.conftest import AT

_NUMBERS = count(1)
# Where a constraint wants more than each column by itself.
_OWN: dict[str, dict[str, Any]] = {
    "people.AuthorityLimit": {"role": ""},
    "tickets.Rating": {"score": 3},
    "tickets.FollowUp": {"score": 3},
}
# What may be empty, but not together with the rest.
_NEEDED = {
    "escalation.EscalationLink": {"ticket"},
    "escalation.Proposal": {"criterion"},
    "surveys.Question": {"ticket"},
}
# Exactly one of these: the first, unless another is given.
_ONE_OF = {"tickets.Hold": ("ticket", "organisation")}
# One of these sets: that of which something is given, else the first.
_TOGETHER = {"people.Distinct": ({"one", "other"}, {"one_house", "other_house"})}


def make(model: type[models.Model], **given: Any) -> Any:
    """Stored as it is: no action's rule is asked, the database's are."""
    values = {**_OWN.get(model._meta.label, {}), **given}
    needed = set(_NEEDED.get(model._meta.label, ()))
    first, *others = _ONE_OF.get(model._meta.label, ("",))
    needed |= {first} - {"" if given.keys().isdisjoint(others) else first}
    first_set, *other_sets = _TOGETHER.get(model._meta.label, (set(),))
    needed |= next((one for one in other_sets if one & given.keys()), first_set)
    for field in model._meta.concrete_fields:
        if field.name not in values and (field.name in needed or not _may_be_left(field)):
            values[field.name] = _value(field)
    (row,) = model._base_manager.bulk_create([model(**values)])
    return row


def _may_be_left(field: Any) -> bool:
    is_made = field.primary_key and not isinstance(field, models.ForeignKey | models.CharField)
    return is_made or field.null or field.has_default() or getattr(field, "auto_now_add", False)


def _value(field: Any) -> Any:
    number = next(_NUMBERS)
    if isinstance(field, models.ForeignKey):
        return make(field.related_model)
    if field.blank and isinstance(field, models.CharField | models.TextField) and not field.unique:
        return ""
    if field.choices:
        return field.choices[0][0]
    kinds: list[tuple[Any, Any]] = [
        (models.EmailField, f"p{number}@x.example"),
        (models.FileField, f"f{number}"),
        (models.CharField | models.TextField, f"t{number}"[: field.max_length or 9]),
        (models.DateTimeField, AT + timedelta(minutes=number)),
        (models.DurationField, timedelta(minutes=number)),
        (models.DateField, AT.date() + timedelta(days=number)),
        (models.BinaryField, b"x"),
        (models.BooleanField, False),
        (models.JSONField, {}),
        (models.Field, number % 30_000),
    ]
    return next(value for kind, value in kinds if isinstance(field, kind))
