from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import ReadOnlyAdmin
from mailroom import source
from mailroom.models import Mailbox, RawMessage


@admin.register(RawMessage)
class RawMessageAdmin(ReadOnlyAdmin):
    list_display = ["received_at", "sender", "subject", "state", "reason", "ticket_number"]
    list_filter = ["state"]
    search_fields = ["sender", "subject", "message_id"]
    fields = [
        "received_at", "sender", "subject", "message_id", "digest", "state", "reason", "ticket_number", "attempts",
        "source",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[RawMessage]:
        return super().get_queryset(request).defer("raw")

    @admin.display(description=_("as it came"))
    def source(self, row: RawMessage) -> str:
        return source.as_text(bytes(row.raw))


@admin.register(Mailbox)
class MailboxAdmin(ReadOnlyAdmin):
    """To look at: the settings' own page changes it, checked and recorded."""

    list_display = ["address", "way", "team", "host", "is_paused", "fetched_at", "last_error"]
    list_filter = ["way", "is_paused"]
    search_fields = ["address", "host", "username"]
    fields = [
        "address", "way", "team", "host", "port", "security", "username", "proof", "secret_name", "folder",
        "afterwards", "move_to", "is_paused", "fetched_at", "failing_since", "last_error", "uidvalidity", "last_uid",
    ]  # fmt: skip
