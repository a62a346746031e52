"""What is answered in the review of an escalation, what is decided in it, and when one is called for (R92)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.forms.escalate import LocalTime
from desk.forms.resolving import People, PeopleForm
from escalation.close.reviews import LESSONS_FOR_LIMIT, TEXT_LIMIT
from escalation.enums import Avoidable, RecommendedFor
from escalation.models import Review, ReviewTerms
from escalation.services.reviewing import TITLE_LIMIT

QUESTIONS = ("went_well", "went_badly", "next_contact", "avoidable", "lessons_for")


def _answer(label: Any, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=False, max_length=TEXT_LIMIT, widget=area, **more)


class ReviewForm(forms.Form):
    """Nothing is asked for before it is finished."""

    went_well = _answer(_("What went well"))
    went_badly = _answer(_("What went badly"))
    next_contact = _answer(
        _("What we do at the next contact"), help_text=_("The first line becomes the recommendation, if you make one.")
    )
    avoidable = forms.ChoiceField(
        label=_("Was it avoidable?"), choices=Avoidable.choices, required=False, widget=forms.RadioSelect
    )
    lessons_for = forms.CharField(
        label=_("Who should know"),
        required=False,
        max_length=LESSONS_FOR_LIMIT,
        help_text=_("Teams, shifts, partners; empty where nobody else has to."),
    )


class GiveReviewForm(PeopleForm):
    chosen = ("owner",)
    owner = forms.CharField(label=_("Owner"), max_length=254, widget=forms.Select)


class TrackedForm(PeopleForm):
    """Whose an action is, and until when."""

    chosen = ("owner",)
    owner = forms.CharField(label=_("Owner"), max_length=254, widget=forms.Select)
    due_at = forms.DateTimeField(label=_("Due"), widget=LocalTime)


class NewActionForm(TrackedForm):
    title = forms.CharField(label=_("Action"), max_length=TITLE_LIMIT)
    field_order = ("title", "owner", "due_at")


class TickForm(forms.Form):
    done = forms.BooleanField(required=False)


class LessonForm(forms.Form):
    about = forms.ChoiceField(choices=RecommendedFor.choices)


class ReviewTermsForm(forms.ModelForm[ReviewTerms]):
    class Meta:
        model = ReviewTerms
        fields = ("severity", "days", "calendar")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        severity, calendar = self.fields["severity"], self.fields["calendar"]
        severity.choices = [("", _("No review")), *ReviewTerms.SEVERITIES]  # type: ignore[attr-defined] # a choice field
        calendar.empty_label = _("Every day")  # type: ignore[attr-defined] # of a list of rows


def review_form(review: Review, data: Any = None) -> ReviewForm:
    return ReviewForm(data, initial={name: getattr(review, name) for name in QUESTIONS})


def new_action_form(people: People, data: Any = None) -> NewActionForm:
    return NewActionForm(data, people=people, auto_id="action_%s")
