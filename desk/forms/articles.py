"""An article as somebody writes it: a text, and the steps of a guide one a line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge.actions import ARTICLE_LIMIT, REASON_LIMIT, SLUG_LIMIT, TITLE_LIMIT, Draft
from knowledge.models import ArticleVersion
from knowledge.steps import read, written

# The address under which a new one is written.
TAKEN = "new"


class ArticleForm(forms.Form):
    """The next version of an article; `based_on` is the newest that its writer has seen."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=TITLE_LIMIT)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy("Markdown. What makes it difficult, then how it is done."),
        max_length=ARTICLE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    steps = forms.CharField(
        label=gettext_lazy("Steps to tick"),
        help_text=gettext_lazy("One a line; ! begins a step that must not be left out."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    reason = forms.CharField(label=gettext_lazy("What changed, and why"), required=False, max_length=REASON_LIMIT)
    based_on = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, newest: ArticleVersion | None = None, **kwargs: Any) -> None:
        if newest is not None:
            known = {"title": newest.title, "body": newest.body, "steps": written(newest.guide)}
            kwargs["initial"] = {**known, "based_on": newest.number}
        super().__init__(*args, **kwargs)

    @property
    def draft(self) -> Draft:
        """Only after `is_valid`."""
        given = self.cleaned_data
        return Draft(given["title"], given["body"], read(given["steps"]), given["reason"])


class NewArticleForm(ArticleForm):
    slug = forms.SlugField(
        label=gettext_lazy("Short name"),
        help_text=gettext_lazy("Its address, and what a procedure calls its guide: refunds-above-limit."),
        max_length=SLUG_LIMIT,
    )
    reason = None  # type: ignore[assignment] # so a form leaves a field of its base out
    field_order = ["title", "slug", "body", "steps"]

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if slug == TAKEN or ArticleVersion.objects.filter(article__slug=slug).exists():
            raise ValidationError(_("This short name is taken."))
        return slug

    @property
    def draft(self) -> Draft:
        given = self.cleaned_data
        return Draft(given["title"], given["body"], read(given["steps"]))
