"""What colleagues write to each other: tickets and escalations named in it become links, people stand out."""

import re
from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from chat.models import PostMention
from people.mentions import handles, spans

register = template.Library()

NAMED = re.compile(
    r"(?<![\w#&/])#(?P<ticket>\d{1,15})\b"
    r"|\bE-(?P<escalation>\d{1,15})\b"
    r"|(?<![\w@.])(?P<person>@\w[\w.\-]{0,63})"
)


@register.filter
def with_links(body: str, mentioned: Iterable[PostMention] = ()) -> SafeString:
    """The text, escaped, with its links; who is `mentioned` stands out with the whole of his name.

    Whether the links open is asked where they lead.
    """
    whole = spans(body, handles(mention.user for mention in mentioned))
    named = {start: (end, _person(body[start:end])) for start, end in whole}
    for match in NAMED.finditer(body):
        if not any(start <= match.start() < end for start, end in whole):
            named[match.start()] = (match.end(), _linked(match))
    parts: list[str] = []
    last = 0
    for start, (end, look) in sorted(named.items()):
        parts += [body[last:start], look]
        last = end
    return format_html_join("", "{}", ((part,) for part in [*parts, body[last:]]))


def _linked(match: "re.Match[str]") -> str:
    if match["person"]:
        return _person(match[0])
    name, key = ("desk:ticket", "ticket") if match["ticket"] else ("desk:escalation", "escalation")
    return format_html('<a href="{}">{}</a>', reverse(name, args=[int(match[key])]), match[0])


def _person(name: str) -> str:
    return format_html('<b class="named">{}</b>', name)
