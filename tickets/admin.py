from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import AuditedAdmin, ReadOnlyAdmin
from common.errors import InvalidInput
from tickets import quick_replies
from tickets.models import CustomField, QuickReply, RoutingRule, Tag, Ticket


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    list_display = ["number", "subject", "status", "priority", "team", "assignee", "created_at"]
    list_filter = ["status", "priority", "team"]
    search_fields = ["subject"]


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
        fields = ["key", "label", "type", "choices", "order", "is_enabled"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["choices"] = "\n".join(self.instance.choices)

    def clean_choices(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["choices"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))


@admin.register(CustomField)
class CustomFieldAdmin(AuditedAdmin):
    """Once a ticket has a value, the key and the type by which it is kept stay."""

    form = CustomFieldForm
    list_display = ["order", "label", "key", "type", "is_enabled"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["key", "type"] if obj is not None and obj.is_used else []


@admin.register(RoutingRule)
class RoutingRuleAdmin(AuditedAdmin):
    list_display = ["order", "name", "team", "is_enabled"]


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


@admin.register(QuickReply)
class QuickReplyAdmin(AuditedAdmin):
    form = _QuickReplyForm
    list_display = ["title", "team", "language", "is_enabled"]
    list_filter = ["team", "language", "is_enabled"]
    search_fields = ["title", "body"]
