"""Components that are drawn once for the same values, not each time that a page shows them.

A list of fifty rows has four hundred marks and pictures, of some dozens of kinds: drawing each again was most of the
time that the inbox took. Only for components that look at nothing but their own values, the language and the zone. The
`<c-…>` of a component in `PURE` comes here by itself (`cotton_once`).
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.template import engines
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from desk.looks.escalations.board import CardLook
from desk.looks.inbox import rows
from desk.looks.inbox.neighbours import Trail
from desk.looks.inbox.rows import RowLook
from desk.looks.rail import RailLine

register = template.Library()
Values = tuple[tuple[str, Any], ...]

PURE = frozenset(
    {
        "assets",
        "avatar",
        "channel",
        "esc_badge",
        "icon",
        "logo",
        "nav_item",
        "people",
        "prio",
        "rungs",
        "sev",
        "tier",
        "trend",
    }
)
# A record is equal to itself as it was before a change: only what is its own value may be remembered.
PLAIN = frozenset({str, SafeString, int, float, bool, type(None), tuple, RailLine})
# Names of people are among the values: enough for a large desk's busy hour, a few megabytes each.
MOST_ATOMS = 10_000
MOST_ROWS = 3_000
NO_ROOMS: Mapping[str, str] = {}
# What changes by the minute on a card, and what was said on a ticket: no text of anybody has them, for they are secret.
SINCE, NEED, SAID = (f"\ue000{secrets.token_hex(8)}\ue001" for _room in range(3))


@register.simple_tag
def ticket_rows(
    rows: Iterable[RowLook], now: datetime, columns: Sequence[str], select: str = "", trail: Trail | None = None
) -> SafeString:
    """The rows of a list. Their figures change by the minute, the words of their times with the day.

    A ticket's address with the `trail` of the list does with every look, and what was said or found on it with every
    search: both are put into the row that was drawn.
    """
    around = get_language() or "", timezone.get_current_timezone_name()
    day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    # The first room is for nothing, so that a list may be empty.
    shown, frames, rooms = tuple(columns), ["{}"], [""]
    for row in rows:
        frames.append(_row(*around, replace(row, snippet=SAID, found=()), shown, select, day))
        rooms += [row.url + (trail.behind(row.place) if trail and row.place else ""), _said(row)]
    return format_html("".join(frames), *rooms)


def _said(row: RowLook) -> str:
    """Where the words of a search stand, else who spoke last and how it begins."""
    if not row.found:
        return row.snippet
    marked = ((format_html("<mark>{}</mark>", text) if is_found else text,) for text, is_found in row.found)
    return format_html_join("", "{}", marked)


@register.simple_tag
def escalation_card(card: CardLook, shape: str = "card") -> SafeString:
    """A card of the board, or a `line` of its list: drawn once, but for what its times say."""
    plain = replace(card, since=SINCE, need=card.need._replace(words=NEED))
    return format_html(_card(shape, get_language() or "", plain), since=card.since, need=card.need.words)


@register.filter
def why(row: RowLook, now: datetime) -> str:
    """Why the row stands where it stands."""
    return rows.why(row, now)


@register.simple_tag
def options(pairs: Iterable[tuple[str, str]], chosen: str | None) -> SafeString:
    """The options of a select, from pairs of value and words. Every ticket's page offers all who work here."""
    return format_html_join("", "{}", ((_option(value, words, value == chosen),) for value, words in pairs))


@lru_cache(maxsize=MOST_ATOMS)
def _option(value: str, words: str, is_chosen: bool) -> SafeString:
    markup = '<option value="{}" selected>{}</option>' if is_chosen else '<option value="{}">{}</option>'
    return format_html(markup, value, words)


def drawn_once(component: str, values: Values) -> SafeString:
    # Equal values are not always drawn alike: a text that is safe is not escaped, and 1 is equal to True.
    kinds = tuple(type(value) for _name, value in values)
    return _atom(component, get_language() or "", kinds, values)


@lru_cache(maxsize=MOST_ATOMS)
def _atom(component: str, language: str, kinds: tuple[type, ...], values: Values) -> SafeString:
    return _draw(component, values)


@lru_cache(maxsize=MOST_ROWS)
def _row(language: str, zone: str, row: RowLook, columns: tuple[str, ...], select: str, now: datetime) -> str:
    """The row with two rooms, for the ticket's address and for what was said on it."""
    drawn = _draw("ticket_row", (("row", row), ("columns", columns), ("select", select), ("now", now)))
    before, _address, after = drawn.partition(f'href="{row.url}"')
    return f'{framed(before)}href="{{}}"{framed(after, {SAID: "{}"})}'


@lru_cache(maxsize=MOST_ROWS)
def _card(shape: str, language: str, card: CardLook) -> str:
    """The card with room for its times."""
    drawn = engines["django"].get_template(f"desk/escalations/{shape}.html").render({"card": card})
    return framed(drawn, {SINCE: "{since}", NEED: "{need}"})


def framed(drawn: str, rooms: Mapping[str, str] = NO_ROOMS) -> str:
    """For `format_html`: what is drawn, with these of its texts to be filled in."""
    frame = drawn.replace("{", "{{").replace("}", "}}")
    for text, room in rooms.items():
        frame = frame.replace(text, room)
    return frame


def _draw(component: str, values: Values) -> SafeString:
    drawing = _written_out(component, tuple(name for name, _value in values))
    drawn: SafeString = drawing.render(dict(values))
    return drawn


@lru_cache
def _written_out(component: str, names: tuple[str, ...]) -> Any:
    """The component as a page would write it, `<c-avatar :name="name" />`, with cotton's own tag: it is to be drawn."""
    given = " ".join(f':{name}="{name}"' for name in names)
    return engines["django"].from_string(f"{{% load cotton %}}{{% cotton {component} {given} %}}{{% endcotton %}}")
