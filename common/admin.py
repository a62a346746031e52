"""What every admin page of the maintenance door shares."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from common import audit
from common.models import ConfigurationChange


class AuditedAdmin(admin.ModelAdmin[Any]):
    """A configuration page whose saves and deletions are kept in the audit trail."""

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        before = audit.snapshot(type(obj)._default_manager.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)
        audit.record_change(by=request.user, subject=_subject(obj), before=before, after=audit.snapshot(obj))

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        before, subject = audit.snapshot(obj), _subject(obj)
        super().delete_model(request, obj)
        audit.record_change(by=request.user, subject=subject, before=before, after={})


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
    return f"{obj._meta.verbose_name} {obj}"
