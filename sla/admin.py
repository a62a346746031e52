"""Promises can be looked at here; they are changed through versions, on their own pages and by the API."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from common.admin import ReadOnlyAdmin
from sla.models import Breach, Clock, Crossing, LedgerEntry, Policy, PolicyVersion, Target, TeamTarget


class _Lines(admin.TabularInline[LedgerEntry, Clock]):
    model = LedgerEntry
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Clock | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Clock | None = None) -> bool:
        return False


class _Targets(admin.TabularInline[Target, PolicyVersion]):
    model = Target
    extra = 0


class _TeamTargets(admin.TabularInline[TeamTarget, PolicyVersion]):
    model = TeamTarget
    extra = 0


@admin.register(Policy)
class PolicyAdmin(ReadOnlyAdmin):
    list_display = ["name", "order", "is_enabled"]


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnlyAdmin):
    list_display = ["policy", "number", "calendar", "created_at"]
    inlines = [_Targets, _TeamTargets]


@admin.register(Clock)
class ClockAdmin(ReadOnlyAdmin):
    list_display = [
        "ticket",
        "metric",
        "responsible_team",
        "state",
        "due_at",
        "next_moment",
        "attempts",
        "quarantined_at",
    ]
    list_filter = ["state", "metric"]
    list_select_related = ["ticket", "responsible_team"]
    inlines = [_Lines]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Clock]:
        """The teams' own too: one that was set aside has to be seen here."""
        return Clock.every.order_by("due_at", "pk")


@admin.register(Breach)
class BreachAdmin(ReadOnlyAdmin):
    list_display = ["ticket", "metric", "due_at", "noticed_at", "answered_at", "quarantined_at"]


@admin.register(Crossing)
class CrossingAdmin(ReadOnlyAdmin):
    list_display = ["ticket", "metric", "position", "crossed_at", "answered_at", "quarantined_at"]
