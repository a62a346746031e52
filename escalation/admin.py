from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common import clock
from common.admin import AuditedAdmin, ReadOnlyAdmin
from common.dates import said
from common.errors import InvalidInput
from escalation import wording
from escalation.alerting.foretelling import served_by, would_reach
from escalation.enums import RecommendationState
from escalation.models import (
    Analysis,
    Cadence,
    Criterion,
    CustomerAnalysis,
    CustomerRight,
    Deadline,
    Escalation,
    EscalationChannel,
    Ladder,
    LadderLevel,
    OwnCause,
    PlanTemplate,
    Procedure,
    Proposal,
    Recommendation,
    Rung,
    Stakeholder,
    TaskForce,
    UpdateTemplate,
)
from people.models import Team
from tickets.conditions import as_lines, from_lines
from tickets.vocabulary import vocabulary_for

# A ladder that serves all teams is shown for the first of them.
MOST_TEAMS = 12


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
    readonly_fields = ["reached_now"]

    @admin.display(description=_("Who would be reached now"))
    def reached_now(self, ladder: Ladder) -> str:
        """As it is saved, for a ticket that nobody owns: level by level, with the holes (R13, R14)."""
        if ladder.pk is None:
            return str(_("Known once it is saved."))
        now = clock.now()
        teams = served_by(ladder)
        lines = [(f"{team}:", _foretold(ladder, team, now)) for team in teams[:MOST_TEAMS]]
        more = len(teams) - len(lines)
        rest = [(ngettext("and %(n)d more team", "and %(n)d more teams", more) % {"n": more}, "")] if more else []
        return format_html_join("", "<p><b>{}</b></p>{}", [*lines, *rest]) or str(_("It serves no team."))


def _foretold(ladder: Ladder, team: Team, now: datetime) -> SafeString:
    rows = [
        (
            said(localtime(coming.at), "D H:i"),
            coming.rung.get_reach_display(),
            ", ".join(person.name for person in coming.told) or coming.hole,
        )
        for coming in would_reach(ladder, team, now)
    ]
    return format_html("<ol>{}</ol>", format_html_join("", "<li>{} {}: {}</li>", rows))


@admin.register(Procedure)
class ProcedureAdmin(AuditedAdmin):
    list_display = ["name", "kind", "severity_from", "severity_to", "order"]


@admin.register(EscalationChannel)
class EscalationChannelAdmin(AuditedAdmin):
    """Through which channels is escalated (R30)."""

    list_display = ["channel", "is_open"]


@admin.register(Recommendation)
class RecommendationAdmin(AuditedAdmin):
    """What is recommended to team and management, and what became of it (R30, R85)."""

    list_display = ["title", "about", "owner", "state", "made_at"]
    list_filter = ["state", "about"]
    autocomplete_fields = ["owner"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        now = clock.now()
        if not change:
            obj.made_by, obj.made_at = request.user, now
        is_settled = obj.state in (RecommendationState.DONE, RecommendationState.DECLINED)
        obj.settled_at = (obj.settled_at or now) if is_settled else None
        obj.settled_by = (obj.settled_by or request.user) if is_settled else None
        super().save_model(request, obj, form, change)


@admin.register(OwnCause)
class OwnCauseAdmin(AuditedAdmin):
    """The desk's own categories (R84). What was chosen once is retired and not deleted, so that reports name it."""

    list_display = ["name", "key", "is_active"]
    prepopulated_fields = {"key": ["name"]}


@admin.register(PlanTemplate)
class PlanTemplateAdmin(AuditedAdmin):
    list_display = ["name", "severity_from", "severity_to", "service", "reason", "order", "is_active"]


@admin.register(Stakeholder)
class StakeholderAdmin(AuditedAdmin):
    """Who is told of which escalations besides those who work on them (R29)."""

    list_display = ["person", "service", "organisation", "severity_to"]
    list_filter = ["severity_to", "service"]
    autocomplete_fields = ["person", "organisation"]


class CriterionForm(forms.ModelForm[Criterion]):
    """The conditions as lines to be read and typed; unmeetable ones are said in one sentence."""

    conditions = forms.CharField(
        label=_("conditions"),
        help_text=_("One a line, all must hold: “keywords has one of outage, refund*”, “waiting is at least 30”."),
        widget=forms.Textarea(attrs={"rows": 6, "cols": 80, "spellcheck": "false"}),
    )

    class Meta:
        model = Criterion
        fields = [
            "name", "kind", "conditions", "severity", "reason", "escalate_as", "team", "mode", "order", "is_enabled",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["conditions"] = as_lines(self.instance.conditions)

    def clean_conditions(self) -> dict[str, Any]:
        """Whether they make sense the model says."""
        try:
            return from_lines(self.cleaned_data["conditions"], vocabulary_for(with_signals=True))
        except InvalidInput as error:
            raise forms.ValidationError(error.errors["conditions"]) from error


@admin.register(Criterion)
class CriterionAdmin(AuditedAdmin):
    form = CriterionForm
    list_display = ["order", "name", "kind", "escalate_as", "severity", "mode", "is_enabled"]
    list_filter = ["is_enabled", "mode"]


@admin.register(CustomerRight)
class CustomerRightAdmin(AuditedAdmin):
    """One row, which stays."""

    list_display = ["__str__", "is_allowed", "lowest_tier", "after_minutes", "one_at_a_time"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not CustomerRight.objects.exists()


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    list_display = ["source", "ticket", "mode", "at", "end", "by"]
    list_select_related = ["criterion", "ticket", "by"]


@admin.register(Escalation)
class EscalationAdmin(ReadOnlyAdmin):
    list_display = ["reference", "kind", "state", "severity", "ticket", "team", "opened_at"]
    list_filter = ["state", "kind", "severity"]
    inlines = [_Rungs]


@admin.register(Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    list_display = ["escalation", "kind", "due_at", "met_at", "missed_at"]


@admin.register(Cadence)
class CadenceAdmin(AuditedAdmin):
    list_display = ["severity", "minutes"]


class UpdateTemplateForm(forms.ModelForm):  # type: ignore[type-arg] # generic only in the stubs
    """A placeholder that the audience is not told is refused before anybody chooses the text."""

    class Meta:
        model = UpdateTemplate
        fields = [
            "name", "audience", "purpose", "language", "severity_from", "severity_to", "subject", "body", "is_enabled",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or self.cleaned_data
        for name in ("subject", "body"):
            try:
                wording.check_names(given.get(name) or "", given.get("audience") or "")
            except InvalidInput as error:
                self.add_error(name, str(error))
            except KeyError:
                return given
        if (given.get("severity_from") or 1) > (given.get("severity_to") or 4):
            self.add_error("severity_to", _("The most severe comes first: 1 to 4, not 4 to 1."))
        return given


@admin.register(UpdateTemplate)
class UpdateTemplateAdmin(AuditedAdmin):
    form = UpdateTemplateForm
    list_display = ["name", "audience", "purpose", "language", "severity_from", "severity_to", "is_enabled"]
    list_filter = ["audience", "purpose", "language"]


@admin.register(TaskForce)
class TaskForceAdmin(ReadOnlyAdmin):
    list_display = ["escalation", "formed_by", "formed_at", "suspended_at"]


@admin.register(Analysis)
class AnalysisAdmin(ReadOnlyAdmin):
    list_display = ["escalation", "requested_at", "due_at", "submitted_at", "submitted_by"]


@admin.register(CustomerAnalysis)
class CustomerAnalysisAdmin(ReadOnlyAdmin):
    list_display = ["analysis", "person", "composed_by", "checked_by", "sent_by", "sent_at"]
