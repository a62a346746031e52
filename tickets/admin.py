from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common import clock
from common.admin import AuditedAdmin, ReadOnlyAdmin
from common.errors import InvalidInput
from people.models import User
from tickets import macros, quick_replies, routing, vocabulary
from tickets.conditions import FIELD, KEYS, as_lines, from_lines, shadows
from tickets.enums import RuleEvent
from tickets.models import CustomField, Macro, QuickReply, RequestType, RoutingRule, Service, Tag, Ticket
from tickets.routing.editing import keep_version
from tickets.routing.existing import known_now


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    list_display = ["number", "subject", "status", "priority", "team", "assignee", "created_at"]
    list_filter = ["status", "priority", "team"]
    search_fields = ["subject"]


@admin.register(Service)
class ServiceAdmin(AuditedAdmin):
    """The catalogue (R18)."""

    list_display = ["name", "slug", "team", "is_active"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(RequestType)
class RequestTypeAdmin(AuditedAdmin):
    list_display = ["order", "name", "slug", "team", "is_active"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Tag)
class TagAdmin(AuditedAdmin):
    list_display = ["name"]


class CustomFieldForm(forms.ModelForm):  # type: ignore[type-arg] # generic only in the stubs
    """The choices, one a line."""

    choices = forms.CharField(
        label=_("choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line, for the type “choice” only."),
    )

    class Meta:
        model = CustomField
        fields = [
            "key",
            "label",
            "belongs_to",
            "type",
            "choices",
            "order",
            "is_required",
            "when_opened",
            "for_customers",
            "is_enabled",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["choices"] = "\n".join(self.instance.choices)

    def clean_choices(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["choices"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))


@admin.register(CustomField)
class CustomFieldAdmin(AuditedAdmin):
    """Once there is a value, the key and the type by which it is kept stay, and what it belongs to."""

    form = CustomFieldForm
    list_display = ["order", "label", "key", "belongs_to", "type", "is_enabled"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["key", "type", "belongs_to"] if obj is not None and obj.is_used else []


class _RoutingRuleForm(forms.ModelForm[RoutingRule]):
    """The conditions as lines to be read and typed; what is wrong in them is said in one sentence."""

    conditions = forms.CharField(
        label=_("conditions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "cols": 80, "spellcheck": "false"}),
    )

    class Meta:
        model = RoutingRule
        fields = ["name", "order", "conditions", "actions", "goes_on", "is_enabled"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["conditions"] = as_lines(self.instance.conditions)
        example = "priority is urgent, high\nchannel is not chat\nkeywords has one of late payment, payout*"
        self.fields["conditions"].help_text = format_html(
            "{}<pre>{}</pre>{}",
            _("One a line, all must hold; empty takes every ticket. For example:"),
            example,
            _("Known: %(keys)s. Said by: is, is not, is each of, has one of, is at least, is at most, is given.")
            % {"keys": ", ".join((*KEYS, f"{FIELD}…"))},
        )

    def clean_conditions(self) -> dict[str, Any]:
        text = self.cleaned_data["conditions"]
        try:
            return vocabulary.check(from_lines(text, vocabulary.vocabulary_for()))
        except InvalidInput as error:
            raise forms.ValidationError(error.errors["conditions"]) from error

    def clean_actions(self) -> list[dict[str, Any]]:
        try:
            return routing.grammar.check(self.cleaned_data["actions"] or [], known_now())
        except InvalidInput as error:
            raise forms.ValidationError(error.errors["actions"]) from error


@admin.register(RoutingRule)
class RoutingRuleAdmin(AuditedAdmin):
    form = _RoutingRuleForm
    list_display = ["order", "name", "event", "when", "is_enabled"]

    @admin.display(description=_("conditions"))
    def when(self, rule: RoutingRule) -> str:
        return as_lines(rule.conditions).replace("\n", "; ") or str(_("every ticket"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Saved as it was asked for, as a version; a rule that is never reached, by this or before, is told about."""
        if change:
            keep_version(RoutingRule.objects.get(pk=obj.pk), None, clock.now())
        super().save_model(request, obj, form, change)
        rules = routing.compiled().of(RuleEvent.ARRIVAL)
        for at, takers in shadows([rule.conditions for rule in rules]).items():
            names = ", ".join(rules[one].name for one in takers)
            sentence = _("“%(name)s” is never reached: %(takers)s takes everything first.")
            self.message_user(request, sentence % {"name": rules[at].name, "takers": names}, messages.WARNING)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        keep_version(RoutingRule.objects.get(pk=form.instance.pk), cast(User, request.user), clock.now())


class _QuickReplyForm(forms.ModelForm[QuickReply]):
    class Meta:
        model = QuickReply
        fields = ["title", "body", "team", "language", "is_enabled"]

    def clean_body(self) -> Any:
        """A placeholder that nobody can fill is refused here, not before a customer's eyes."""
        body = self.cleaned_data["body"]
        try:
            quick_replies.check_names(body)
        except InvalidInput as error:
            raise forms.ValidationError(error.errors["body"]) from error
        return body


class _MacroForm(forms.ModelForm[Macro]):
    class Meta:
        model = Macro
        fields = ["name", "team", "actions", "is_enabled"]

    def clean_actions(self) -> list[dict[str, Any]]:
        try:
            return macros.checked(self.cleaned_data["actions"])
        except InvalidInput as error:
            raise forms.ValidationError(error.errors["actions"]) from error


@admin.register(Macro)
class MacroAdmin(AuditedAdmin):
    form = _MacroForm
    list_display = ["name", "team", "is_enabled"]


@admin.register(QuickReply)
class QuickReplyAdmin(AuditedAdmin):
    form = _QuickReplyForm
    list_display = ["title", "team", "language", "is_enabled"]
    list_filter = ["team", "language", "is_enabled"]
    search_fields = ["title", "body"]
