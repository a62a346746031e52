from django.contrib import admin
from django.http import HttpRequest

from common.admin import AuditedAdmin, ReadOnlyAdmin
from escalation.models import Deadline, Escalation, Ladder, LadderLevel, Procedure, Rung


class _Levels(admin.TabularInline[LadderLevel, Ladder]):
    model = LadderLevel
    extra = 0


class _Rungs(admin.TabularInline[Rung, Escalation]):
    model = Rung
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Escalation | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Escalation | None = None) -> bool:
        return False


@admin.register(Ladder)
class LadderAdmin(AuditedAdmin):
    list_display = ["name", "team"]
    inlines = [_Levels]


@admin.register(Procedure)
class ProcedureAdmin(AuditedAdmin):
    list_display = ["name", "kind", "severity_from", "severity_to", "order"]


@admin.register(Escalation)
class EscalationAdmin(ReadOnlyAdmin):
    list_display = ["reference", "kind", "state", "severity", "ticket", "team", "opened_at"]
    list_filter = ["state", "kind", "severity"]
    inlines = [_Rungs]


@admin.register(Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    list_display = ["escalation", "kind", "due_at", "met_at", "missed_at"]
