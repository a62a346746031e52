"""How a row of the desk's set-up is kept: checked by its own model, saved, and told in the audit trail.

For settings that are no more than their columns. What has rules beyond them has an action of its own.
"""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from common import audit
from common.errors import InvalidInput, NotAllowedNow
from common.languages import as_kept
from common.models import ConfigurationChange

_Row = TypeVar("_Row", bound=models.Model)


@transaction.atomic
def configure(row: _Row, *, by: Any, **terms: Any) -> _Row:
    """Make it, or give it other terms; nothing is told where nothing changes. InvalidInput with all that is wrong."""
    before: dict[str, Any] = {}
    if not row._state.adding:
        row = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
        before = audit.snapshot(row)
    for name, value in terms.items():
        setattr(row, name, value)
    check(row)
    if not before or audit.snapshot(row) != before:
        row.save()
        audit.record_change(by=by, subject=subject_of(row), before=before, after=audit.snapshot(row), of=row)
    return row


@transaction.atomic
def remove(row: models.Model, *, by: Any) -> None:
    """Take it away; NotAllowedNow where something stands on it."""
    subject, before = subject_of(row), audit.snapshot(row)
    audit.record_change(by=by, subject=subject, before=before, after={}, of=row)
    try:
        row.delete()
    except models.ProtectedError as error:
        raise NotAllowedNow(_("“%(name)s” is in use and cannot be taken away.") % {"name": row}) from error


def check_unchanged(row: models.Model, *, seen: int) -> None:
    """Holds the row for its caller; NotAllowedNow where somebody has changed it since the change `seen`."""
    type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if changes_of(row).filter(pk__gt=seen).exists():
        raise NotAllowedNow(_("Somebody has changed it meanwhile."))


def changes_of(row: models.Model) -> "models.QuerySet[ConfigurationChange]":
    """The newest first."""
    return ConfigurationChange.objects.filter(model=row._meta.label_lower, key=str(row.pk)).order_by("-pk")


def check(row: models.Model) -> None:
    """Raises InvalidInput with the model's own sentences; what is about no field stands under the empty name."""
    try:
        row.full_clean()
    except ValidationError as error:
        found = error.message_dict
        raise InvalidInput({"" if name == "__all__" else name: list(said) for name, said in found.items()}) from error


def version_at(change: ConfigurationChange, row: models.Model, *, before: bool) -> dict[str, Any]:
    """The columns of a row as they were right before a change, or right after it: what came since is taken back."""
    known = set(returnable(row))
    state = audit.snapshot(row)
    later = ConfigurationChange.objects.filter(model=change.model, key=change.key, pk__gt=change.pk)
    for one in [*later.order_by("-pk"), *([change] if before else [])]:
        state.update(one.before)
    return {name: value for name, value in state.items() if name in known}


def returnable(row: models.Model) -> dict[str, "models.Field[Any, Any]"]:
    """Its columns by name, but for its key, what people do not set, and secrets."""
    return {
        one.attname: one
        for one in row._meta.concrete_fields
        if one.editable and not one.primary_key and one.name not in audit.SECRET
    }


def subject_of(row: models.Model) -> str:
    return f"{as_kept(row._meta.verbose_name)} {row}"
