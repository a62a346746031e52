from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from calendars.actions import change_calendar, checked_content, create_calendar
from calendars.models import Calendar, CalendarVersion
from common import clock
from common.admin import AuditedAdmin
from common.errors import InvalidInput


class CalendarForm(forms.ModelForm[Calendar]):
    """The hours in force; saving other ones makes a new version and leaves the old one to history."""

    time_zone = forms.CharField(label=_("time zone"), max_length=60, help_text=_("For example America/Sao_Paulo."))
    periods = forms.JSONField(
        label=_("working hours"),
        required=False,  # An empty list gets the calendar's own sentence.
        help_text=_(
            'A list such as [{"weekday": 0, "start": "09:00", "end": "17:00"}]. Weekday 0 is Monday; an end not after '
            "its start lies on the next day."
        ),
    )
    holidays = forms.JSONField(
        label=_("holidays"),
        required=False,
        initial=list,
        help_text=_('A list such as [{"date": "2026-12-25", "name": "Christmas"}]. No shift starts on these days.'),
    )

    class Meta:
        model = Calendar
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            version = self.instance.current
            for name in ("time_zone", "periods", "holidays"):
                self.initial.setdefault(name, getattr(version, name))

    def clean_periods(self) -> Any:
        return self.cleaned_data["periods"] or []

    def clean_holidays(self) -> Any:
        return self.cleaned_data["holidays"] or []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                checked_content(**self.content(), now=clock.now())
            except InvalidInput as error:
                for field, sentences in error.errors.items():
                    self.add_error(field, sentences)
        return cleaned

    def content(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "time_zone", "periods", "holidays")}


class VersionInline(admin.TabularInline[CalendarVersion, Calendar]):
    model = CalendarVersion
    fields = ("number", "time_zone", "periods", "holidays", "created_at")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Calendar)
class CalendarAdmin(AuditedAdmin):
    form = CalendarForm
    fields = ("name", "time_zone", "periods", "holidays")
    list_display = ["name", "time_zone", "version"]
    search_fields = ["name"]
    inlines = [VersionInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Calendar]:
        return Calendar.objects.with_current()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """History hangs on its versions: a calendar that nobody uses is archived in the settings."""
        return False

    @admin.display(description=_("time zone"))
    def time_zone(self, obj: Calendar) -> str:
        return obj.current.time_zone

    @admin.display(description=_("version"))
    def version(self, obj: Calendar) -> int:
        return obj.current.number

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the actions, which keep the audit trail themselves."""
        given = {**form.content(), "now": clock.now(), "by": request.user}
        if change:
            change_calendar(calendar=obj, **given)
            return
        created = create_calendar(**given)
        obj.pk, obj.created_at = created.pk, created.created_at
