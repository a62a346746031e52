"""A letter's Markdown where a template shows it: on a customer's page, in a mail."""

from django import template
from django.utils.safestring import SafeString

from knowledge.markdown import letter_to_html

register = template.Library()


@register.filter
def letter(text: str) -> SafeString:
    return letter_to_html(text)
