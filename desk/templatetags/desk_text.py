"""What colleagues write to each other: tickets and escalations named in it become links, people stand out."""

import re

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

NAMED = re.compile(
    r"(?<![\w#&/])#(?P<ticket>\d{1,15})\b"
    r"|\bE-(?P<escalation>\d{1,15})\b"
    r"|(?<![\w@.])(?P<person>@\w[\w.\-]{0,63})"
)


@register.filter
def with_links(body: str) -> SafeString:
    """The text, escaped, with its links. Whether they open is asked where they lead."""
    parts: list[str] = []
    end = 0
    for match in NAMED.finditer(body):
        parts += [body[end : match.start()], _linked(match)]
        end = match.end()
    return format_html_join("", "{}", ((part,) for part in [*parts, body[end:]]))


def _linked(match: "re.Match[str]") -> str:
    if match["person"]:
        return format_html('<b class="named">{}</b>', match[0])
    name, key = ("desk:ticket", "ticket") if match["ticket"] else ("desk:escalation", "escalation")
    return format_html('<a href="{}">{}</a>', reverse(name, args=[int(match[key])]), match[0])
