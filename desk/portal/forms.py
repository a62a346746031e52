"""What a customer fills in. The domain checks again; here the browser is told in time."""

from django import forms
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from common.text import BODY_LIMIT, SUBJECT_LIMIT
from desk.uploads import FilesField, hint
from escalation.close.analyses import WHY_LIMIT
from escalation.enums import Reason
from knowledge.judging import WORDS_LIMIT
from sla.models import default_severities
from tickets.enums import Score
from tickets.satisfaction import COMMENT_LIMIT

SUMMARY_LIMIT = 300
FILES_HINT = lazy(hint, str)()
# What is missing, in the customer's words, and what the desk calls it (R9).
CONCERNS = [
    (Reason.STAFF, _("It takes too long")),
    (Reason.TECHNICAL, _("It still does not work")),
    (Reason.FUNCTIONALITY, _("The answer does not help me")),
    (Reason.FUNDING, _("It needs a decision or an exception")),
]


def severity_for(priority: str) -> int:
    """A customer judges his matter, not our grades: the request's priority decides, as it does for a missed promise."""
    return default_severities()[priority]


class RequestForm(forms.Form):
    subject = forms.CharField(
        label=_("What is it about?"),
        max_length=SUBJECT_LIMIT,
        widget=forms.TextInput(
            attrs={
                "hx-get": reverse_lazy("portal:answers"),
                "hx-trigger": "input changed delay:600ms, change",
                "hx-target": "#answers",
                "hx-sync": "this:replace",
            }
        ),
    )
    body = forms.CharField(
        label=_("What happened?"),
        help_text=_("What you did, what you expected, and what you saw."),
        max_length=BODY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    attachments = FilesField(label=_("Files"), help_text=FILES_HINT, required=False)


class ReplyForm(forms.Form):
    body = forms.CharField(label=_("Your reply"), max_length=BODY_LIMIT, widget=forms.Textarea(attrs={"rows": 3}))
    attachments = FilesField(label=_("Files"), help_text=FILES_HINT, required=False)


class RatingForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("How were you answered?"), choices=Score.choices, coerce=int, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=_("What should we know?"),
        required=False,
        max_length=COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RestoredForm(forms.Form):
    """Which button was pressed, and what the customer says with it."""

    works = forms.TypedChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], coerce=lambda said: said == "yes")
    words = forms.CharField(
        label=_("What should we know?"),
        help_text=_("Only if you like. With a no it helps us to hear what you see."),
        required=False,
        max_length=COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnalysisForm(forms.Form):
    """What went wrong: what the customer wants to know of it."""

    why = forms.CharField(
        label=_("What you want to know"),
        required=False,
        max_length=WHY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class JudgementForm(forms.Form):
    """Which button was pressed below an article, or beside the request that it spared."""

    helped = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No")), ("spared", _("This answered it"))])
    words = forms.CharField(
        label=_("What should we know?"),
        help_text=_("Only if you like. With a no it tells us what to write."),
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class EscalateForm(forms.Form):
    reason = forms.ChoiceField(label=_("What is wrong?"), choices=CONCERNS, widget=forms.RadioSelect)
    summary = forms.CharField(
        label=_("What is missing?"),
        help_text=_("One or two sentences. They go to the manager as you write them."),
        max_length=SUMMARY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_summary(self) -> str:
        """One line, since that is what the manager's list shows."""
        return " ".join(str(self.cleaned_data["summary"]).split())


class AddressForm(forms.Form):
    address = forms.EmailField(
        label=_("Your address of mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
