"""For whom an article is, in which language, and until when it is trusted."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from knowledge.enums import Readers
from knowledge.models import Article
from knowledge.settling import Terms
from people.models import User


class ArticleSettingsForm(forms.Form):
    readers = forms.ChoiceField(
        label=_("For whom"),
        help_text=_("Customers read the version in force; what waits for approval is for colleagues."),
        choices=Readers.choices,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    translates = forms.ModelChoiceField(
        label=_("Translation of"),
        help_text=_("The article that was written first. Each reader gets the one in his language."),
        queryset=Article.objects.none(),
        required=False,
        empty_label=_("of none"),
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        help_text=_("Is alerted when the date of review has come."),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("nobody: the administrators are alerted"),
    )
    review_on = forms.DateField(
        label=_("To be reviewed on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, article: Article) -> None:
        names = ("readers", "language", "translates", "owner", "review_on")
        super().__init__(data, initial={name: getattr(article, name) for name in names})
        fields: Any = self.fields
        original = Q(archived_at=None, translates=None) | Q(pk=article.translates_id)
        fields["translates"].queryset = Article.objects.filter(original).exclude(pk=article.pk)
        colleague = Q(is_active=True) | Q(pk=article.owner_id)
        fields["owner"].queryset = User.objects.get_queryset().staff().filter(colleague).order_by("name")

    @property
    def terms(self) -> Terms:
        """Only after `is_valid`."""
        given = self.cleaned_data
        return Terms(
            readers=given["readers"],
            language=given["language"],
            translates=given["translates"],
            owner=given["owner"],
            review_on=given["review_on"],
        )
