"""A form's fields put into HTML without a template for each: what Django draws, to the letter but for blanks.

Django renders a template for every input, one within it for its attributes, and two for each choice: on a page with
a form that took more than all the rest of it. Widgets that are not here are rendered as ever.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

MOST_ATTRIBUTES = 2048

Widget = Mapping[str, Any]


class Renderer(DjangoTemplates):
    """What `FORM_RENDERER` names."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        draw = _DRAWN.get(template_name)
        if draw is not None:
            return draw(context["widget"])
        return super().render(template_name, context, request)


def _attributes(widget: Widget) -> SafeString:
    given = [(_attribute(name, value),) for name, value in widget["attrs"].items() if value is not False]
    return format_html_join("", "{}", given)


@lru_cache(maxsize=MOST_ATTRIBUTES, typed=True)
def _attribute(name: str, value: Any) -> SafeString:
    """Of the form's making: fields of a page have the same dozen. What somebody typed is no attribute but `value`."""
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)


def _input(widget: Widget) -> SafeString:
    value = "" if widget["value"] is None else format_html(' value="{}"', conditional_escape(widget["value"]))
    kind, name = widget["type"], widget["name"]
    return format_html('<input type="{}" name="{}"{}{}>', kind, name, value, _attributes(widget))


def _textarea(widget: Widget) -> SafeString:
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>', widget["name"], _attributes(widget), widget["value"] or ""
    )


def _select(widget: Widget) -> SafeString:
    groups = format_html_join("", "{}", ((_group(name, options),) for name, options, _at in widget["optgroups"]))
    return format_html('<select name="{}"{}>{}\n</select>', widget["name"], _attributes(widget), groups)


def _group(name: str | None, options: Iterable[Widget]) -> SafeString:
    drawn = format_html_join("", "\n  {}", ((_option(option),) for option in options))
    return format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, drawn) if name else drawn


def _option(option: Widget) -> SafeString:
    value = conditional_escape(option["value"])
    return format_html('<option value="{}"{}>{}</option>', value, _attributes(option), option["label"])


def _choices(widget: Widget) -> SafeString:
    """Each with its label around it, one below the other."""
    own = {name: widget["attrs"][name] for name in ("id", "class") if widget["attrs"].get(name)}
    groups = format_html_join("", "{}", ((_set(name, options),) for name, options, _at in widget["optgroups"]))
    return format_html("<div{}>{}\n</div>", _attributes({"attrs": own}), groups)


def _set(name: str | None, options: Iterable[Widget]) -> SafeString:
    drawn = format_html_join("", "<div>\n    {}</div>", ((_choice(option),) for option in options))
    return format_html("\n  <div><label>{}</label>{}\n  </div>", name, drawn) if name else drawn


def _choice(option: Widget) -> SafeString:
    if not option["wrap_label"]:
        return _input(option)
    key = option["attrs"].get("id")
    target = _attribute("for", key) if key else ""
    return format_html("<label{}>{} {}</label>", target, _input(option), option["label"])


_OF_DJANGO = "django/forms/widgets/"
_INPUTS = ("input", "text", "number", "email", "url", "tel", "search", "color", "password", "hidden", "file")
_BY_NAME: dict[str, Callable[[Widget], SafeString]] = {
    **dict.fromkeys((*_INPUTS, "date", "datetime", "time", "checkbox"), _input),
    **dict.fromkeys(("radio", "checkbox_select"), _choices),
    "select": _select,
    "textarea": _textarea,
}
_DRAWN = {f"{_OF_DJANGO}{name}.html": draw for name, draw in _BY_NAME.items()}
