"""What is typed in the steps Resolve and Close."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.numbers import whole
from desk.forms.escalate import LocalTime
from escalation.close.analyses import LONGEST_WHY, TEXT_LIMIT, WHYS
from escalation.communicate.handing import NOTE_LIMIT
from escalation.enums import Duty, Verdict
from escalation.models import Analysis, Escalation
from escalation.permissions import who_see
from people.models import User

REASON_LIMIT = 500
BLANK_ACTIONS = 2
MOST_ACTIONS = 50

People = list[tuple[str, str]]


def people_of(escalation: Escalation) -> People:
    """Those at the desk who may see it, by address."""
    return list(who_see(escalation).order_by("name").values_list("email", "name"))


def everybody() -> People:
    """Those who can be called to it: to be named lets them in."""
    return list(User.objects.active().staff().order_by("name").values_list("email", "name"))


def _text(label: Any, rows: int = 3, limit: int = TEXT_LIMIT, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=more.pop("required", False), max_length=limit, widget=area, **more)


class PeopleForm(forms.Form):
    """A form whose choices are colleagues; without them every address is taken."""

    chosen: tuple[str, ...] = ()

    def __init__(self, *args: Any, people: People | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.chosen:
            if people is not None:
                widget = self.fields[name].widget
                blank = [] if isinstance(widget, forms.SelectMultiple) else [("", _("Nobody named"))]
                widget.choices = [*blank, *people]


class Addresses(forms.CharField):
    """Several of the addresses of a list; whether they are people of the desk, the domain says."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> Any:
        return [str(one)[:254] for one in value or []][:MOST_ACTIONS]

    def validate(self, value: Any) -> None:
        """An empty list is judged by the domain, with the other one."""

    def run_validators(self, value: Any) -> None:
        """They are looked up, not checked for their length."""


class HandForm(PeopleForm):
    """To whom, and what he has to know (R42)."""

    chosen = ("to",)
    to = forms.CharField(label=_("To"), max_length=254, widget=forms.Select)
    note = _text(_("Note"), limit=NOTE_LIMIT, required=True, help_text=_("How it stands, and what comes next."))


class DutyForm(PeopleForm):
    chosen = ("email",)
    role = forms.ChoiceField(choices=Duty.choices, widget=forms.HiddenInput)
    email = forms.CharField(label=_("Who"), required=False, max_length=254, widget=forms.Select)


class VerifyForm(forms.Form):
    """The architect's tick, and the two notices that go out with it."""

    customers = _text(_("To customers"), help_text=_("What works again, in their words. It goes to every one of them."))
    stakeholders = _text(_("To stakeholders"), help_text=_("What it was, what was done, what is left."))
    note = forms.CharField(label=_("How it was verified"), required=False, max_length=REASON_LIMIT)


class TaskForceForm(PeopleForm):
    chosen = ("members", "experts")
    members = Addresses(label=_("Members"), required=False)
    experts = Addresses(label=_("Experts, who review its plan"), required=False)


class TechnicalPlanForm(forms.Form):
    body = _text(_("Technical plan"), rows=5, required=True)
    reason = forms.CharField(label=_("Why it changes"), required=False, max_length=REASON_LIMIT)


class ReviewForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label=_("Verdict"), choices=Verdict.choices)
    comment = _text(_("Comment"), rows=2, limit=5000)


class RelatedForm(forms.Form):
    tickets = forms.TypedMultipleChoiceField(coerce=int, label=_("Tickets"), widget=forms.CheckboxSelectMultiple)
    body = _text(_("Answer to their customers"), help_text=_("Without one they are solved in silence."))

    def __init__(self, *args: Any, found: list[tuple[int, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["tickets"]
        given = self.data.getlist("tickets") if hasattr(self.data, "getlist") else []
        # What was sent is judged by the domain, which says of each why not.
        numbers = [(number, number) for number in given if whole(number) is not None]
        field.choices = found if found is not None else numbers  # type: ignore[attr-defined] # of a choice field


class RequestForm(forms.Form):
    why = _text(_("Why"), rows=2, limit=2000)
    due_at = forms.DateTimeField(label=_("Due"), required=False, widget=LocalTime)


class KudosForm(PeopleForm):
    chosen = ("to",)
    to = forms.CharField(label=_("To"), max_length=254, widget=forms.Select)
    words = forms.CharField(label=_("What was done well"), max_length=REASON_LIMIT)


class AnalysisForm(forms.Form):
    """The internal analysis; the actions are lines of their own below."""

    timeline = _text(_("What happened, when"), rows=6)
    contributing = _text(_("Contributing causes"))
    problem = forms.IntegerField(label=_("Problem record"), required=False, min_value=1, max_value=2**62)
    findings = _text(_("Findings of the problem"))
    for_customers = _text(
        _("What customers may be told"), help_text=_("The only text of this page that their document begins with.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, WHYS + 1):
            self.fields[f"why{number}"] = forms.CharField(
                label=_("Why? %(number)d") % {"number": number}, required=False, max_length=LONGEST_WHY
            )

    @property
    def whys(self) -> list[forms.BoundField]:
        return [self[f"why{number}"] for number in range(1, WHYS + 1)]

    def given(self) -> dict[str, Any]:
        """As the domain takes it."""
        plain = {name: self.cleaned_data[name] for name in ("timeline", "contributing", "findings", "for_customers")}
        whys = [self.cleaned_data[f"why{number}"] for number in range(1, WHYS + 1)]
        return {**plain, "problem": self.cleaned_data["problem"], "whys": [why for why in whys if why]}


class ActionForm(PeopleForm):
    chosen = ("owner",)
    title = forms.CharField(label=_("Action"), required=False, max_length=200)
    owner = forms.CharField(label=_("Owner"), required=False, max_length=254, widget=forms.Select)
    due_at = forms.DateTimeField(label=_("Due"), required=False, widget=LocalTime)
    for_customers = forms.BooleanField(label=_("Customers may be told"), required=False)


_Actions = forms.formset_factory(ActionForm, extra=BLANK_ACTIONS, max_num=MOST_ACTIONS, absolute_max=MOST_ACTIONS)


def analysis_form(analysis: Analysis, data: Any = None) -> AnalysisForm:
    names = ("timeline", "contributing", "findings", "for_customers")
    known: dict[str, Any] = {name: getattr(analysis, name) for name in names}
    known |= {f"why{number}": why for number, why in enumerate(analysis.whys, start=1)}
    return AnalysisForm(data, initial={**known, "problem": analysis.problem_id})


def actions_form(analysis: Analysis, people: People, data: Any = None) -> "forms.BaseFormSet[ActionForm]":
    lines = [
        {
            "title": one.title,
            "owner": one.owner.email if one.owner else "",
            "due_at": one.due_at,
            "for_customers": one.for_customers,
        }
        for one in analysis.actions.select_related("owner")
    ]
    return _Actions(data, initial=lines if data is None else None, prefix="actions", form_kwargs={"people": people})


class ComposeForm(forms.Form):
    person = forms.IntegerField(widget=forms.HiddenInput)
    body = _text(_("Text"), rows=8)


class DocumentForm(forms.Form):
    """Which document, and its text as it stood on the page: one that was changed there is not what is judged."""

    document = forms.IntegerField(min_value=1, max_value=2**62)
    body = _text(_("Text"))

    def clean_body(self) -> str | None:
        return self.cleaned_data["body"] if "body" in self.data else None


class FinishForm(forms.Form):
    action_id = forms.IntegerField(min_value=1, max_value=2**62)
    done = forms.BooleanField(required=False)
