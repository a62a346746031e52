"""`{% url … %}` of every template: an address is put together once, not with each page that leads there."""

from django import template
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as ordinary_url
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape

from desk.looks.addresses import address

register = template.Library()
# Not the kinds that are equal to others: True leads elsewhere than 1.
PLAIN = frozenset({str, int})


class KnownAddress(Node):
    """Of a page by its name. Whatever else there is about it, the ordinary tag does."""

    def __init__(self, ordinary: URLNode) -> None:
        self.ordinary = ordinary
        self.name = str(ordinary.view_name.var)

    def render(self, context: Context) -> str:
        args = [arg.resolve(context) for arg in self.ordinary.args]
        if not PLAIN.issuperset(map(type, args)):
            return self.ordinary.render(context)
        try:
            found = address(self.name, *args)
        except NoReverseMatch:
            return self.ordinary.render(context)
        if self.ordinary.asvar:
            context[self.ordinary.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found


@register.tag
def url(parser: Parser, token: Token) -> Node:
    ordinary = ordinary_url(parser, token)
    is_plain = not (ordinary.kwargs or ordinary.view_name.is_var or ordinary.view_name.filters)
    return KnownAddress(ordinary) if is_plain else ordinary
