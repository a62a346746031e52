"""`{% once … %}`: a part of a page that is drawn once for equal values, not each time that the page is shown.

    {% once done=ticket.is_done with number=ticket.number %}
      <form method="post" action="{% url 'desk:ticket_change' number 'status' %}">{% csrf_token %}…</form>
    {% endonce %}

Most of a page is the same for everybody: its menus, its forms, the words on its buttons. Within, there is nothing but
the values that are named, the language and the zone; so what is kept can be neither another's nor of another time. It
is drawn anew for each value before `with`, of which there should be few. Those behind it, numbers and texts, are put
into what was drawn: they can be printed and stand in an address, and nothing may be decided by them. The token of the
forms is such a one.
"""

import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.exceptions import TemplateSyntaxError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from desk.templatetags.desk_atoms import PLAIN, framed

register = template.Library()

# Of each part; the largest, with all who work at a large desk, are some 30 kB.
MOST_DRAWN = 200
CSRF = "csrf_token"
# Stands for a value while the part is drawn. Nobody can guess it, so nobody can write it into a text of his own.
_SECRET = secrets.randbelow(9 * 10**14) + 10**14
Expressions = dict[str, FilterExpression]


class _Drawn(NamedTuple):
    """`text` is for `format_html` where something is put into it."""

    text: SafeString | str
    has_form: bool


class Once(Node):
    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, drawn_for: Expressions, put_in: Expressions) -> None:
        self.nodelist = nodelist
        self.drawn_for = drawn_for
        self.put_in = put_in
        self._kept: dict[Any, _Drawn] = {}

    def render(self, context: Context) -> SafeString | str:
        values, rooms = _resolved(self.drawn_for, context), _resolved(self.put_in, context)
        key = (_around(), *((type(value), value) for value in values.values()), *map(type, rooms.values()))
        drawn = self._kept.get(key) or self._keep(key, self._draw(context, values, rooms))
        if drawn.has_form:
            rooms[CSRF] = context[CSRF]
        return format_html(drawn.text, **rooms) if rooms else drawn.text

    def _draw(self, context: Context, values: Mapping[str, Any], rooms: Mapping[str, Any]) -> _Drawn:
        if not {type(value) for value in values.values()} <= PLAIN:
            raise TypeError(f"{{% once %}} is drawn for plain values, not for {values}.")
        marks = {name: _mark(place, value) for place, (name, value) in enumerate({**rooms, CSRF: ""}.items())}
        drawn = self.nodelist.render(context.new({**values, **marks}))
        has_form = str(marks[CSRF]) in drawn
        if not rooms and not has_form:
            return _Drawn(drawn, has_form)
        return _Drawn(framed(drawn, {str(mark): f"{{{name}}}" for name, mark in marks.items()}), has_form)

    def _keep(self, key: Any, drawn: _Drawn) -> _Drawn:
        if len(self._kept) >= MOST_DRAWN:
            self._kept.clear()
        self._kept[key] = drawn
        return drawn


@register.tag
def once(parser: Parser, token: Token) -> Once:
    _name, *bits = token.split_contents()
    drawn_for = token_kwargs(bits, parser)
    put_in = token_kwargs(bits[1:], parser) if bits[:1] == ["with"] else {}
    if len(bits) != (1 + len(put_in) if put_in else 0):
        raise TemplateSyntaxError("Write {% once name=value … with name=value … %}.")
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(nodelist, drawn_for, put_in)


def _resolved(expressions: Expressions, context: Context) -> dict[str, Any]:
    return {name: expression.resolve(context) for name, expression in expressions.items()}


def _around() -> tuple[str | None, str]:
    return get_language(), timezone.get_current_timezone_name()


def _mark(place: int, value: Any) -> int | str:
    """Of a number a number, for addresses."""
    return _SECRET + place if type(value) is int else f"\ue000{_SECRET + place}\ue001"
