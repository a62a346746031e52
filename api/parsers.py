"""JSON from outside: bounded, and nothing in it that a database could not keep."""

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

# The size limit of one attachment in base64, and room for the words around it.
BODY_LIMIT = 30 * 1024 * 1024

# A lone half of a surrogate pair is valid JSON and no valid text; it can only come as an escape.
_HALF_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"


class LengthRequired(APIException):
    status_code = 411
    default_code = "length_required"


class StrictJSONParser(BaseParser):
    """UTF-8 JSON without NaN, without halves of surrogate pairs, up to `BODY_LIMIT` bytes."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = stream.read(BODY_LIMIT + 1)
        if len(raw) > BODY_LIMIT:
            raise TooLarge(_("This is too large: at most %(limit)d MB.") % {"limit": BODY_LIMIT // 1024 // 1024})
        try:
            parsed = json.loads(raw.decode(settings.DEFAULT_CHARSET), parse_constant=_no_constant)
            if _HALF_PAIR.search(raw):
                json.dumps(parsed, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The body is not proper JSON.")) from error
        return parsed


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
