"""Pages by cursor: the last key of one page leads to the next, so that depth costs nothing and rows do not slip."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext as _

from api.ask import Ask
from api.fields import NumberParameter, Parameters, Text
from common.errors import InvalidInput
from common.numbers import whole

DEFAULT_LIMIT = 25
HIGHEST_LIMIT = 100

_Row = TypeVar("_Row", bound=models.Model)
_Shape = TypeVar("_Shape")


class PageParameters(Parameters):
    """What every list takes."""

    limit = NumberParameter(min_value=1, max_value=HIGHEST_LIMIT, default=DEFAULT_LIMIT)
    cursor = Text(required=False, max_length=60, help_text="From `next`.")


def page(
    rows: models.QuerySet[_Row], ask: Ask, shape: Callable[[_Row], _Shape], *, newest_first: bool = True
) -> tuple[Sequence[_Shape], str | None]:
    """The shapes of one page and the address of the next. Ordered by key: the newest first, or the oldest."""
    limit = ask.parameters["limit"]
    if cursor := ask.parameters.get("cursor"):
        rows = rows.filter(**{"pk__lt" if newest_first else "pk__gt": _key_in(cursor)})
    found = list(rows.order_by("-pk" if newest_first else "pk")[: limit + 1])
    shapes = [shape(row) for row in found[:limit]]
    return shapes, _next(ask, found[limit - 1].pk) if len(found) > limit else None


def _next(ask: Ask, key: int) -> str:
    given = {name: value for name, value in ask.parameters.items() if value is not None}
    return f"{ask.links.origin}{ask.path}?{urlencode({**given, 'cursor': _cursor(key)})}"


def _cursor(key: int) -> str:
    return base64.urlsafe_b64encode(f"after:{key}".encode()).decode().rstrip("=")


def _key_in(cursor: str) -> int:
    try:
        name, _colon, key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")
    except (binascii.Error, ValueError):
        name, key = "", ""
    found = whole(key)
    if name != "after" or found is None:
        raise InvalidInput.of("cursor", _("This cursor did not come from here."))
    return found
