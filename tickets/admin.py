from django.contrib import admin

from common.admin import AuditedAdmin, ReadOnlyAdmin
from tickets.models import RoutingRule, Tag, Ticket


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    list_display = ["number", "subject", "status", "priority", "team", "assignee", "created_at"]
    list_filter = ["status", "priority", "team"]
    search_fields = ["subject"]


@admin.register(Tag)
class TagAdmin(AuditedAdmin):
    list_display = ["name"]


@admin.register(RoutingRule)
class RoutingRuleAdmin(AuditedAdmin):
    list_display = ["order", "name", "team", "is_enabled"]
