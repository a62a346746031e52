"""How was it? By the link of the mail, without a sign-in; following it answers nothing, its button does, once."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import DomainError, InvalidInput, NotAllowedNow, NotFound
from desk.answers import BAD_INPUT, CONFLICT, blame, show
from people.models import User
from surveys import answering
from surveys.enums import About
from surveys.links import question_behind
from surveys.models import Question
from tickets.enums import Score

GONE = 404
_QUESTIONS = {
    About.TICKET: _("How were you answered?"),
    About.ESCALATION: _("How did we handle it?"),
    About.CAMPAIGN: _("How likely is it that you would recommend us to a colleague?"),
}


class SurveyForm(forms.Form):
    score = forms.TypedChoiceField(label=_("Your answer"), coerce=int, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What should we know?"),
        required=False,
        max_length=answering.WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any, question: Question, score: str = "") -> None:
        super().__init__(data, initial={"score": score})
        field: Any = self.fields["score"]
        is_campaign = question.about == About.CAMPAIGN
        field.choices = [(n, str(n)) for n in answering.scale(question)] if is_campaign else Score.choices


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """In the language of the one who is asked, as the mail was."""
    reader = request.user if isinstance(request.user, User) else None
    try:
        question = question_behind(token, reader)
    except NotFound as error:
        return _gone(request, error, GONE)
    with override(question.person.language):
        return _asked(request, question, token, reader)


def _asked(request: HttpRequest, question: Question, token: str, reader: User | None) -> HttpResponse:
    form = SurveyForm(request.POST if request.method == "POST" else None, question, request.GET.get("score", ""))
    try:
        if form.is_valid():
            answering.answer(token=token, reader=reader, now=clock.now(), **form.cleaned_data)
            return show(request, "portal/survey.html", {"state": "done"})
    except NotFound as error:
        return _gone(request, error, GONE)
    except NotAllowedNow as error:
        return _gone(request, error, CONFLICT)
    except InvalidInput as error:
        blame(form, error)
    context = {"form": form, "asked": _QUESTIONS[About(question.about)], "wide": question.about == About.CAMPAIGN}
    return show(request, "portal/survey.html", context, status=BAD_INPUT if form.is_bound else 200)


def _gone(request: HttpRequest, why: DomainError, status: int) -> HttpResponse:
    return show(request, "portal/survey.html", {"why": str(why), "state": "gone"}, status=status)
