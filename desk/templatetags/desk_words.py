"""`{% translate "…" %}` of every template: a fixed text is looked up once for each language, not with each page.

Takes the place of Django's library of that name (`TEMPLATES`): all else of it is as it was. A page shows some seventy
fixed texts, and each was resolved, looked up, localised and escaped anew.
"""

from django import template
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class FixedWords(Node):
    """Depends on nothing but the language, and on whether the page escapes."""

    def __init__(self, ordinary: i18n.TranslateNode) -> None:
        self.ordinary = ordinary
        self._known: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> str:
        around, name = (get_language(), context.autoescape), self.ordinary.asvar
        words = self._known.get(around)
        if words is None:
            shown = self.ordinary.render(context)
            words = self._known[around] = str(context[name]) if name else shown
        if not name:
            return words
        context[name] = words
        return ""


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    ordinary = i18n.do_translate(parser, token)
    return FixedWords(ordinary) if _is_fixed(ordinary) else ordinary


def _is_fixed(node: i18n.TranslateNode) -> bool:
    """Words that are written in the template, and their meaning too where they have several."""
    words, meaning = node.filter_expression, node.message_context
    is_of_one_meaning = meaning is None or not (meaning.filters or meaning.is_var)
    return is_of_one_meaning and not words.filters and words.var.literal is not None
