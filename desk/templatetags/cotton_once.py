"""`<c-icon … />` and its like, drawn once for the same values on every page: the built-in tag of all templates.

A page shows a hundred marks of some dozens of kinds. Which components look at nothing but their values, and the
drawings themselves, are `desk_atoms`'.
"""

from typing import Any

from django import template
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django_cotton.templatetags import UnprocessableDynamicAttr
from django_cotton.templatetags._component import AttrKind, CottonComponentNode, cotton_component

from desk.templatetags.desk_atoms import PLAIN, PURE, Values, drawn_once

register = template.Library()


class DrawnOnce(Node):
    """A pure component without a slot. Where a value is not plain, or missing, the component draws as any other."""

    def __init__(self, component: CottonComponentNode) -> None:
        self.component = component
        self.name = _name(component)
        # Most are written out: `<c-icon name="eye" />`.
        is_fixed = all(attr.compiled is None for attr in component._prepared_attrs)
        self.fixed = self._values(Context()) if is_fixed else None

    def render(self, context: Context) -> SafeString:
        values = self.fixed or self._values(context)
        if values is None:
            drawn: SafeString = self.component.render(context)
            return drawn
        return drawn_once(self.name, values)

    def _values(self, context: Context) -> Values | None:
        try:
            found = tuple((attr.key, _value(attr, context)) for attr in self.component._prepared_attrs)
        except UnprocessableDynamicAttr:
            return None
        return found if all(type(value) in PLAIN for _key, value in found) else None


@register.tag
def cotton(parser: Parser, token: Token) -> Node:
    component = cotton_component(parser, token)
    is_pure = _name(component) in PURE and not component.nodelist
    return DrawnOnce(component) if is_pure else component


def _name(component: CottonComponentNode) -> str:
    """As its file is called: a page writes `<c-esc-badge>`."""
    return str(component.component_name).replace("-", "_")


def _value(attr: Any, context: Context) -> Any:
    if attr.compiled is None:
        return attr.value
    return attr.compiled.render(context) if attr.kind == AttrKind.ESCAPED else attr.compiled.resolve(context)
