"""What is typed in an escalation's room."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chat.actions import POST_LIMIT
from desk.forms.escalate import LocalTime
from escalation.models import PlanTask
from escalation.models.causes import KEY_LIMIT
from escalation.resolve.planning import LONGEST_PLAN
from escalation.resolve.planning import REASON_LIMIT as WHY_LIMIT
from people.models import User

REASON_LIMIT = 2000
BLANK_TASKS = 3


class NothingForm(forms.Form):
    """A verb that needs no words."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why; it stays on record.")},
    )


class EndForm(ReasonForm):
    """Off the four steps; what was at the root is asked too, and may be left open (R84)."""

    cause = forms.CharField(label=_("Cause"), required=False, max_length=KEY_LIMIT)


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note"), required=False, max_length=REASON_LIMIT, widget=forms.Textarea(attrs={"rows": 2})
    )


class OverrideForm(forms.Form):
    override_reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=REASON_LIMIT,
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": _("What makes it right to go on now, and who follows up?")}
        ),
    )


class CauseForm(forms.Form):
    cause = forms.CharField(label=_("Cause"), max_length=KEY_LIMIT)


class ChatForm(forms.Form):
    body = forms.CharField(label=_("Message"), max_length=POST_LIMIT, widget=forms.Textarea(attrs={"rows": 2}))


class TickForm(forms.Form):
    task_id = forms.IntegerField()
    done = forms.BooleanField(required=False)


class StepForm(forms.Form):
    step = forms.IntegerField(min_value=1, max_value=100)
    done = forms.BooleanField(required=False)


class TaskForm(forms.Form):
    """A line of the plan; without a title it is left out."""

    title = forms.CharField(label=_("Task"), required=False, max_length=200)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    due_at = forms.DateTimeField(label=_("Due"), required=False, widget=LocalTime)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so eleven lines above; this is for mypy
        field.choices = [("", _("Nobody yet")), *people]


class WhyForm(forms.Form):
    """Beside the lines of a plan that there is already: why it changes, and which version was in hand."""

    reason = forms.CharField(label=_("Why it changes"), required=False, max_length=WHY_LIMIT)
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)


_Tasks = forms.formset_factory(TaskForm, extra=BLANK_TASKS, max_num=LONGEST_PLAN, absolute_max=LONGEST_PLAN)


def plan_form(tasks: list[PlanTask], data: Any = None) -> "forms.BaseFormSet[TaskForm]":
    """The plan as lines to edit, with a few blank ones below."""
    people = list(User.objects.active().staff().order_by("name").values_list("email", "name"))
    lines = [
        {"title": task.title, "owner": task.owner.email if task.owner else "", "due_at": task.due_at} for task in tasks
    ]
    # What was sent is judged by itself: a line that is as somebody else has just saved it is no blank line.
    return _Tasks(data, initial=lines if data is None else None, prefix="plan", form_kwargs={"people": people})


def tasks_of(form: "forms.BaseFormSet[TaskForm]") -> list[dict[str, str | datetime | None]]:
    """The lines that have a title, in order, as the domain takes them."""
    return [dict(line.cleaned_data) for line in form.forms if line.cleaned_data.get("title")]
