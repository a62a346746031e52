"""The configuration's audit trail."""

from datetime import date, datetime, time
from typing import Any

from django.db import models

from common import clock
from common.models import ConfigurationChange


def snapshot(instance: models.Model) -> dict[str, Any]:
    """The instance's own columns in a form that JSON can hold."""
    return {field.attname: _plain(field.value_from_object(instance)) for field in instance._meta.concrete_fields}


def record_change(*, by: Any, subject: str, before: dict[str, Any], after: dict[str, Any]) -> ConfigurationChange:
    """Keep a change, reduced to the fields that differ."""
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return ConfigurationChange.objects.create(
        at=clock.now(),
        by=by,
        subject=subject[:200],
        before={key: before[key] for key in changed if key in before},
        after={key: after[key] for key in changed if key in after},
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, str | int | float | bool | dict | list) or value is None:
        return value
    return str(value)
