"""What every admin page of the maintenance door shares."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from common import audit
from common.languages import as_kept
from common.models import ConfigurationChange


class AuditedAdmin(admin.ModelAdmin[Any]):
    """A configuration page whose saves and deletions are kept in the audit trail, with the rows that hang on it."""

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        known = type(obj)._default_manager.filter(pk=obj.pk).first() if change else None
        vars(request)["audited"] = self._snapshot(known) if known is not None else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Kept here: only now its people and its inner rows are saved, too."""
        super().save_related(request, form, formsets, change)
        before, obj = vars(request).pop("audited", None), form.instance
        if before is None:
            return
        after = self._snapshot(type(obj)._default_manager.get(pk=obj.pk))
        if after != before:
            audit.record_change(by=request.user, subject=_subject(obj), before=before, after=after, of=obj)

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        before, subject = self._snapshot(obj), _subject(obj)
        audit.record_change(by=request.user, subject=subject, before=before, after={}, of=obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: "models.QuerySet[Any]") -> None:
        """Several from the list: each with its own line."""
        for obj in queryset:
            self.delete_model(request, obj)

    def _snapshot(self, obj: models.Model) -> dict[str, Any]:
        inner = {str(inline.model._meta.verbose_name_plural): _rows(inline, obj) for inline in self.inlines}
        return audit.snapshot(obj) | inner


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """A page to look at: rows that only the program writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ConfigurationChange)
class ConfigurationChangeAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "subject"]


def _subject(obj: models.Model) -> str:
    return f"{as_kept(obj._meta.verbose_name)} {obj}"


def _rows(inline: Any, obj: models.Model) -> list[dict[str, Any]]:
    """What hangs on it, without the keys that every new row has anew."""
    relation = next(field for field in inline.model._meta.concrete_fields if field.related_model is type(obj))
    found = inline.model._default_manager.filter(**{relation.name: obj}).order_by("pk")
    unsaid = {inline.model._meta.pk.attname, relation.attname}
    return [{name: value for name, value in audit.snapshot(row).items() if name not in unsaid} for row in found]
