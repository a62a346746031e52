"""A letter's Markdown where a template shows it: on a customer's page, in a mail."""

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString

from knowledge.markdown import letter_to_html

register = template.Library()


# Who waits for an answer looks at what is there again and again.
MOST_LETTERS = 256


@register.filter
@lru_cache(maxsize=MOST_LETTERS)
def letter(text: str) -> SafeString:
    return letter_to_html(text)
