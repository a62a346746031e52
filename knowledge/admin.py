from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from common import clock
from common.admin import AuditedAdmin
from knowledge.models import Article


@admin.register(Article)
class ArticleAdmin(AuditedAdmin):
    list_display = ["title", "slug", "version", "updated_at"]
    readonly_fields = ["version", "updated_at"]
    prepopulated_fields = {"slug": ["title"]}
    search_fields = ["title"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Each saving is a version of its own, as in `actions.write_article`."""
        obj.updated_at = clock.now()
        obj.version += 1 if change else 0
        super().save_model(request, obj, form, change)
