"""What a desk keeps lists of: one row here for each kind, and no page of its own (`desk.pages.catalogue`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.db import models
from django.db.models import F
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.errors import InvalidInput
from desk.forms.macros import MacroForm
from desk.forms.row_form import RowForm
from escalation.enums import Kind as Kinds
from escalation.enums import State
from escalation.gates import GATED, NAMES
from escalation.models import OwnCause, Procedure
from escalation.procedures.conditions import RULES
from people.models import Team, User
from people.teams import edited_by
from tickets.models import CustomField, Macro, QuickReply, RequestType, Service, Tag
from tickets.quick_replies import NAMES as PLACEHOLDERS
from tickets.quick_replies import check_names
from tickets.routing.grammar import Known, in_words, read

Rows = models.QuerySet[Any]


class QuickReplyForm(RowForm):
    def clean_body(self) -> Any:
        """A placeholder that nobody can fill is refused here, not before a customer's eyes."""
        try:
            check_names(self.cleaned_data["body"])
        except InvalidInput as error:
            raise forms.ValidationError(error.errors["body"]) from error
        return self.cleaned_data["body"]


def _of_their_teams(form: forms.BaseForm, user: User) -> None:
    """Who answers for some teams alone writes for one of them."""
    field = cast("forms.ModelChoiceField[Team]", form.fields["team"])
    field.queryset = edited_by(user)
    field.required, field.help_text = True, ""
    if len(field.queryset) == 1:
        field.initial = field.queryset[0]


class RequestTypeForm(RowForm):
    """Among the fields that customers are asked; without any the question is left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(CustomField.objects.of_customers().values_list("key", "label"))
        if not known:
            del self.fields["asks"]
            return
        self.fields["asks"] = forms.MultipleChoiceField(
            label=_now("Fields that it asks"),
            help_text=_now("Those that customers are asked. One that a type names is asked in no other request."),
            choices=known,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class ProcedureForm(RowForm):
    """What must hold before each step is left is ticked; which of them there are, `escalation.gates` says."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _now("Every kind")), *Kinds.choices]  # type: ignore[attr-defined] # a choice field
        known = self.instance.conditions if isinstance(self.instance.conditions, dict) else {}
        for state in GATED:
            self.fields[f"leave_{state}"] = forms.MultipleChoiceField(
                label=_now("Before “%(step)s” is left") % {"step": State(state).label},
                choices=[(name, RULES[name].sentence) for name in NAMES],
                required=False,
                initial=known.get(state, []),
                widget=forms.CheckboxSelectMultiple,
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        chosen = {str(state): given.get(f"leave_{state}", []) for state in GATED}
        conditions = {state: names for state, names in chosen.items() if names}
        self.instance.conditions = given["conditions"] = conditions
        return given

    @property
    def terms(self) -> dict[str, Any]:
        return {**super().terms, "conditions": self.cleaned_data["conditions"]}


@dataclass(frozen=True, slots=True)
class Kind:
    """`switch` is the column by which one is retired; without one it is removed, as long as nothing has it.

    `lines`: what a row says below its name. `used`: how many have it, by which it stays.
    `by_leads`: whoever answers for a team sets the lines of that team, with a form narrowed so.
    `beside`: the address of a page of its own about one, and what it is called.
    `is_suggested`: the list says what the desk would make one of, and a new one can begin with that.
    """

    model: type[models.Model]
    title: Promise
    what: Promise
    new: Promise
    icon: str
    fields: tuple[str, ...]
    lines: Callable[[Any], list[str]]
    switch: str = ""
    form: type[RowForm] = RowForm
    labels: Mapping[str, Any] = field(default_factory=dict)
    helps: Mapping[str, Any] = field(default_factory=dict)
    used: Callable[[Any], bool] = lambda _row: False
    narrowed: Callable[[Rows], Rows] = lambda rows: rows
    by_rules: bool = False
    by_leads: Callable[[forms.BaseForm, User], None] | None = None
    is_suggested: bool = False
    beside: tuple[str, Promise] | None = None

    def rows(self) -> Rows:
        """With what their lines say of others, in one query."""
        return self.narrowed(self.model._default_manager.all())

    def in_use(self) -> int:
        """For the rail."""
        rows = self.model._default_manager.all()
        return rows.filter(**{self.switch: True}).count() if self.switch else rows.count()

    def form_for(self, data: Any, row: Any, *, by: User) -> RowForm:
        made = forms.modelform_factory(
            self.model, form=self.form, fields=list(self.fields), labels=dict(self.labels), help_texts=dict(self.helps)
        )
        form = cast(RowForm, made(data, instance=row))
        for one in form.fields.values():
            if isinstance(one, forms.ModelChoiceField) and one.empty_label is not None:
                one.empty_label = "–"
        if self.by_leads and not by.is_admin:
            self.by_leads(form, by)
        return form


def _team_words(row: Any) -> str:
    return row.team.name if row.team else _now("all teams")


def _public_words(row: Any) -> str:
    return _now("public status") if row.is_public else ""


def _asks(row: Any) -> list[str]:
    return [ngettext("%(n)d field", "%(n)d fields", len(row.asks)) % {"n": len(row.asks)}] if row.asks else []


def _does_words(row: Any) -> list[str]:
    """As it was written: a team, a person and a procedure by what they are kept as."""
    return in_words(read(row.actions), Known())


def _uses(row: Any) -> list[str]:
    return [ngettext("on %(n)d ticket", "on %(n)d tickets", row.uses) % {"n": row.uses}] if row.uses else []


KINDS: Mapping[str, Kind] = {
    "services": Kind(
        Service,
        _("Services"),
        _("what customers use, and what can fail"),
        _("New service"),
        "server",
        ("name", "slug", "description", "team", "is_active", "is_public"),
        lambda row: [row.slug, _public_words(row), row.team.name if row.team else "", row.description],
        switch="is_active",
        narrowed=lambda rows: rows.select_related("team"),
        beside=("subscribers", _("Readers by mail")),
    ),
    "request_types": Kind(
        RequestType,
        _("Request types"),
        _("what customers ask for, each with its own form"),
        _("New request type"),
        "forms",
        ("name", "slug", "description", "hint", "asks", "kind", "team", "tag", "order", "is_active"),
        lambda row: [row.team.name if row.team else _now("by routing"), *row.tags, *_asks(row), row.description],
        switch="is_active",
        form=RequestTypeForm,
        narrowed=lambda rows: rows.select_related("team"),
    ),
    "quick_replies": Kind(
        QuickReply,
        _("Quick replies"),
        _("prepared texts, for a team or for all"),
        _("New quick reply"),
        "message-circle",
        ("title", "body", "team", "language", "is_enabled"),
        lambda row: [_team_words(row), row.get_language_display(), Truncator(row.body).chars(110)],
        switch="is_enabled",
        form=QuickReplyForm,
        by_leads=_of_their_teams,
        labels={"team": _("Team")},
        helps={
            "team": _("Without one it is for all teams."),
            "body": _("Filled in when it is used: %(names)s.")
            % {"names": ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)},
        },
        narrowed=lambda rows: rows.select_related("team"),
    ),
    "macros": Kind(
        Macro,
        _("Macros"),
        _("several actions under one name, for a team or for all"),
        _("New macro"),
        "list-check",
        ("name", "team", "is_enabled"),
        lambda row: [_team_words(row), *_does_words(row)],
        switch="is_enabled",
        form=MacroForm,
        labels={"team": _("Team")},
        helps={"team": _("Without one it is for all teams.")},
        is_suggested=True,
        narrowed=lambda rows: rows.select_related("team"),
    ),
    "tags": Kind(
        Tag,
        _("Tags"),
        _("words that tickets carry"),
        _("New tag"),
        "tag",
        ("name",),
        _uses,
        used=lambda row: row.tickets.exists(),
        narrowed=lambda rows: rows.annotate(uses=models.Count("tickets")),
    ),
    "causes": Kind(
        OwnCause,
        _("Causes"),
        _("what was at the root, besides what every desk knows"),
        _("New cause"),
        "git-compare",
        ("name", "key", "is_active"),
        lambda row: [row.key],
        switch="is_active",
        by_rules=True,
    ),
    "procedures": Kind(
        Procedure,
        _("Procedures"),
        _("what must hold before each step of an escalation is left"),
        _("New procedure"),
        "checklist",
        (
            *("name", "kind", "severity_from", "severity_to", "order", "guide", "quorum", "is_exception"),
            *("first_to_customers", "first_to_stakeholders"),
        ),
        lambda row: [
            row.get_kind_display() or _now("every kind"),
            f"S{row.severity_from}–S{row.severity_to}",
            _now("%(n)d conditions") % {"n": sum(map(len, row.conditions.values()))},
        ],
        form=ProcedureForm,
        helps={"order": _("The first that fits by kind and severity is taken.")},
        used=lambda row: row.escalations.exists(),
        narrowed=lambda rows: rows.order_by(F("order"), "pk"),
        by_rules=True,
    ),
}
