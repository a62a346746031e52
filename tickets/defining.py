"""Which fields of its own a desk has (R22): made, changed, put in order, retired and brought back. All is audited."""

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.errors import InvalidInput
from common.text import one_line
from common.words import words_of
from people.models import User
from tickets.enums import FieldType
from tickets.models import CustomField
from tickets.models.workspace import CHOICE_LIMIT
from tickets.search.terms import KEYS

KEY_LIMIT = 40
LABEL_LIMIT = 80
_GAP = 10
# What an administrator sets; the key is made of the label where none is given.
TERMS = ("label", "belongs_to", "type", "choices", "is_required", "when_opened", "for_customers")


@transaction.atomic
def define_field(*, by: User | None, key: str = "", **terms: Any) -> CustomField:
    """A new field, the last in the order. Raises InvalidInput with a sentence for each term that is wrong."""
    field = CustomField(order=_last() + _GAP)
    _set(field, terms)
    field.key = key.strip() or _key_of(field.label)
    _check(field)
    field.save()
    audit.record_change(by=by, subject=_subject(field), before={}, after=audit.snapshot(field), of=field)
    return field


@transaction.atomic
def redefine_field(*, field: CustomField, by: User | None, **terms: Any) -> CustomField:
    """Other terms for a field. Once there are values of it, its key, its type and what it belongs to stay."""
    field = CustomField.objects.select_for_update().get(pk=field.pk)
    before = audit.snapshot(field)
    _set(field, terms)
    if key := str(terms.get("key", "")).strip():
        field.key = key
    _check(field)
    return _kept(field, before, by)


@transaction.atomic
def switch_field(*, field: CustomField, on: bool, by: User | None) -> CustomField:
    """Retire it, or bring it back. The values that there are stay where they are."""
    field = CustomField.objects.select_for_update().get(pk=field.pk)
    before = audit.snapshot(field)
    field.is_enabled = on
    return _kept(field, before, by)


@transaction.atomic
def move_field(*, field: CustomField, up: bool, by: User | None) -> None:
    """One place towards the beginning or the end, past one of its kind.

    Those of tickets are of another kind than those of escalations, and those in use than those retired.
    """
    rows = list(CustomField.objects.select_for_update().order_by("order", "pk"))
    here = next(at for at, row in enumerate(rows) if row.pk == field.pk)
    beyond = range(here - 1, -1, -1) if up else range(here + 1, len(rows))
    there = next((at for at in beyond if _kind(rows[at]) == _kind(rows[here])), None)
    if there is None:
        return
    rows.insert(there, rows.pop(here))
    for place, row in enumerate(rows, start=1):
        before = audit.snapshot(row)
        row.order = place * _GAP
        if row.pk == field.pk:
            _kept(row, before, by)
        elif row.order != before["order"]:
            row.save(update_fields=["order"])


def _kind(field: CustomField) -> tuple[str, bool]:
    return field.belongs_to, field.is_enabled


def _kept(field: CustomField, before: dict[str, Any], by: User | None) -> CustomField:
    after = audit.snapshot(field)
    if after != before:
        field.save()
        audit.record_change(by=by, subject=_subject(field), before=before, after=after, of=field)
    return field


def _set(field: CustomField, terms: dict[str, Any]) -> None:
    for name in TERMS:
        if name in terms:
            setattr(field, name, terms[name])
    field.choices = _choices(field.choices) if field.type == FieldType.CHOICE else []


def _choices(given: Sequence[str]) -> list[str]:
    """In the order in which they are offered, without blanks and doubles."""
    wanted = (one for one in given if one.strip())
    return list(dict.fromkeys(one_line(one, field="choices", limit=CHOICE_LIMIT) for one in wanted))


def _check(field: CustomField) -> None:
    field.label = one_line(field.label, field="label", limit=LABEL_LIMIT)
    if field.key in KEYS:
        raise InvalidInput.of("key", _("“%(key)s” is a word of the search already.") % {"key": field.key})
    same = CustomField.objects.in_use(field.belongs_to).filter(label__iexact=field.label).exclude(pk=field.pk)
    if same.exists():
        raise InvalidInput.of("label", _("There is a field of this name already."))
    try:
        field.full_clean()
    except ValidationError as error:
        found = error.message_dict
        raise InvalidInput({"" if name == "__all__" else name: list(said) for name, said in found.items()}) from error


def _key_of(label: str) -> str:
    """For searches and programs: “Contract number” is contract_number, and contract_number_2 if that is taken."""
    plain = re.sub(r"[^a-z0-9_]", "", "_".join(words_of(label))).strip("_")
    begun = plain if plain[:1].isalpha() else f"field_{plain}".strip("_")
    base = begun[: KEY_LIMIT - 4]
    taken = {*KEYS, *CustomField.objects.filter(key__startswith=base).values_list("key", flat=True)}
    return next(key for at in range(1, len(taken) + 2) if (key := base if at == 1 else f"{base}_{at}") not in taken)


def _last() -> int:
    return CustomField.objects.order_by("-order").values_list("order", flat=True).first() or 0


def _subject(field: CustomField) -> str:
    return f"custom field {field.label}"
