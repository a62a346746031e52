"""The configuration's audit trail."""

import hashlib
from datetime import date, datetime, time
from typing import Any

from django.db import models

from common import clock
from common.models import ConfigurationChange

# Of these a change is told, and never the value.
SECRET = frozenset({"password", "secret", "old_secret", "digest", "proof", "code_hash"})
HIDDEN = "hidden:"


def snapshot(instance: models.Model) -> dict[str, Any]:
    """The instance's own columns in a form that JSON can hold, and whom or what it has many of, by their keys.

    Of a secret only a mark that changes with it.
    """
    columns = {field.attname: _told(field, instance) for field in instance._meta.concrete_fields}
    if instance.pk is None:
        return columns
    # Of Django's own rights the house makes no use.
    many = [field for field in instance._meta.many_to_many if field.related_model._meta.app_label != "auth"]
    return columns | {
        field.attname: sorted(getattr(instance, field.name).order_by().values_list("pk", flat=True)) for field in many
    }


def record_change(
    *, by: Any, subject: str, before: dict[str, Any], after: dict[str, Any], of: models.Model | None = None
) -> ConfigurationChange:
    """Keep a change, reduced to the fields that differ. `of`: the row that it is about."""
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return ConfigurationChange.objects.create(
        at=clock.now(),
        by=by,
        subject=subject[:200],
        model=of._meta.label_lower if of is not None else "",
        key=str(of.pk) if of is not None and of.pk is not None else "",
        before={key: before[key] for key in changed if key in before},
        after={key: after[key] for key in changed if key in after},
    )


def _told(field: "models.Field[Any, Any]", instance: models.Model) -> Any:
    value = field.value_from_object(instance)
    if field.name not in SECRET:
        return _plain(value)
    return f"{HIDDEN}{hashlib.sha256(str(value).encode()).hexdigest()[:8]}" if value else ""


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, str | int | float | bool | dict | list) or value is None:
        return value
    return str(value)
