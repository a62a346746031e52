from typing import Any

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.socialaccount.admin import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import AuditedAdmin
from common.errors import NotAllowedNow
from people.administration import check_stays_governed
from people.models import Absence, AuthorityLimit, Duty, Organisation, Skill, Team, User, UserSkill

admin.site.unregister(Group)
# Second factors, company accounts and addresses have pages of their own, which keep an account of what is changed.
admin.site.unregister([Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken])


class _CreationForm(AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("email", "name", "role")


class _ChangeForm(UserChangeForm[User]):
    class Meta:
        model = User
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        """The last administrator stays one (R32)."""
        given = super().clean() or self.cleaned_data
        role, is_active = given.get("role", self.instance.role), given.get("is_active", self.instance.is_active)
        try:
            check_stays_governed(self.instance, role=role, is_active=is_active)
        except NotAllowedNow as error:
            self.add_error("role", str(error))
        return given


@admin.register(User)
class UserAdmin(AuditedAdmin, DjangoUserAdmin[User]):
    form = _ChangeForm
    add_form = _CreationForm
    ordering = ["name"]
    list_display = ["name", "email", "role", "organisation", "is_active"]
    list_filter = ["role", "is_senior", "is_active"]
    search_fields = ["name", "email"]
    filter_horizontal = ()
    autocomplete_fields = ["organisation", "oversees", "deputy"]
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        (_("At the desk"), {"fields": ["role", "organisation", "deputy", "is_senior", "is_active"]}),
        (_("As a customer"), {"fields": ["oversees", "answers_for_it"]}),
        (_("What rules give"), {"fields": ["gravest_severity", "capacity"]}),
        (_("Reading"), {"fields": ["language", "time_zone", "theme"]}),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An administrator is made something else first, so that somebody is left (R32)."""
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.is_admin)

    add_fieldsets = [(None, {"fields": ["email", "name", "role", "usable_password", "password1", "password2"]})]


@admin.register(Team)
class TeamAdmin(AuditedAdmin):
    list_display = ["name", "lead", "parent", "is_fallback", "restricted"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["lead", "managers", "members"]


@admin.register(Organisation)
class OrganisationAdmin(AuditedAdmin):
    list_display = ["name", "tier", "contract", "value"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Skill)
class SkillAdmin(AuditedAdmin):
    list_display = ["name"]


@admin.register(UserSkill)
class UserSkillAdmin(AuditedAdmin):
    list_display = ["user", "skill", "level"]


@admin.register(Absence)
class AbsenceAdmin(AuditedAdmin):
    list_display = ["user", "starts_at", "ends_at"]


@admin.register(Duty)
class DutyAdmin(AuditedAdmin):
    """Who is on duty for which team, and when."""

    list_display = ["team", "person", "starts_at", "ends_at"]
    list_filter = ["team"]
    date_hierarchy = "starts_at"
    autocomplete_fields = ["person"]


@admin.register(AuthorityLimit)
class AuthorityLimitAdmin(AuditedAdmin):
    list_display = ["__str__", "role", "person", "currency", "amount"]
    autocomplete_fields = ["person"]
