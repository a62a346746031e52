from django.contrib import admin

from common.admin import ReadOnlyAdmin
from notifications.models import Alert, Delivery, Host


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "recipient", "kind", "title", "read_at"]
    list_filter = ["kind"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "address", "subject", "state", "attempts", "last_error"]
    list_filter = ["state"]


@admin.register(Host)
class HostAdmin(ReadOnlyAdmin):
    list_display = ["name", "failures", "closed_until", "slow_until", "last_answer"]
