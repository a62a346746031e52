from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from api.models import ApiToken, digest_of, new_secret
from common import clock
from common.admin import AuditedAdmin


@admin.register(ApiToken)
class ApiTokenAdmin(AuditedAdmin):
    """Tokens are made and taken away here; the secret is on the page after saving, and never again."""

    list_display = ["name", "user", "can_write", "expires_at", "last_used_at"]
    fields = ["user", "name", "can_write", "hands_over_only", "expires_at"]
    autocomplete_fields = ["user"]

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        if not change and isinstance(obj, ApiToken):
            secret = new_secret()
            obj.digest = digest_of(secret)
            obj.created_at = clock.now()
            messages.warning(request, _("The token, shown this once: %(secret)s") % {"secret": secret})
        super().save_model(request, obj, form, change)
