"""Errors as RFC 9457 has them: every refusal under /api/ is `application/problem+json`."""

import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core import signals
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from calendars.sentences import as_invalid_input
from calendars.worktime import CalendarError
from common.errors import ChangedMeanwhile, DomainError, InvalidInput, NotAllowedNow, NotFound, Refused

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

Errors = dict[str, list[str]]


def nothing_here() -> str:
    """The one sentence for absent and forbidden."""
    return _("There is nothing here for you.")


def problem(
    status: int,
    detail: str,
    *,
    errors: Errors | None = None,
    conditions: Sequence[Mapping[str, Any]] | None = None,
    differences: Sequence[str] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """An answer that says what is wrong; `errors` maps a field (dots lead into it) to its sentences."""
    title = HTTPStatus(status).phrase
    body: dict[str, Any] = {
        "type": f"urn:escala:problem:{title.lower().replace(' ', '-')}",
        "title": title,
        "status": status,
        "detail": detail,
        "errors": errors or {},
    }
    lists = {"conditions": conditions, "differences": differences}
    body |= {name: list(given) for name, given in lists.items() if given is not None}
    headers = {"Cache-Control": "no-store", **(headers or {})}
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """The REST framework's exception handler: whatever was raised becomes a problem."""
    for kind, answer in _ANSWERS:
        if isinstance(error, kind):
            return answer(error)
    if settings.DEBUG:
        return None
    return _our_fault(error, context)


def flatten(detail: Any, path: str = "") -> Errors:
    """Nested errors as one level: `{"requester": {"email": [s]}}` becomes `{"requester.email": [s]}`."""
    if isinstance(detail, Mapping):
        return _merged(flatten(value, _below(path, key)) for key, value in detail.items())
    if isinstance(detail, list | tuple) and any(isinstance(item, Mapping | list) for item in detail):
        return _merged(flatten(item, _below(path, index)) for index, item in enumerate(detail) if item)
    return {path: [str(item) for item in (detail if isinstance(detail, list | tuple) else [detail])]}


def _below(path: str, key: object) -> str:
    # What concerns a thing as a whole stands under the thing's own name.
    if key == "non_field_errors":
        return path
    return f"{path}.{key}" if path else str(key)


def _merged(parts: Any) -> Errors:
    errors: Errors = {}
    for part in parts:
        for field, sentences in part.items():
            errors.setdefault(field, []).extend(sentences)
    return errors


def _invalid(errors: Errors) -> Response:
    named = {field: sentences for field, sentences in errors.items() if field}
    lines = [f"{field}: {' '.join(sentences)}" if field else " ".join(sentences) for field, sentences in errors.items()]
    return problem(HTTPStatus.BAD_REQUEST, " ".join(lines), errors=named)


def _not_now(error: NotAllowedNow) -> Response:
    conditions = [
        {"name": item.name, "sentence": item.sentence, "met": item.met, "by_role": item.by_role}
        for item in error.conditions
    ]
    differences = error.differences if isinstance(error, ChangedMeanwhile) else None
    return problem(HTTPStatus.CONFLICT, str(error), conditions=conditions, differences=differences)


def _framework(error: exceptions.APIException) -> Response:
    headers: dict[str, str] = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    detail = error.detail if isinstance(error.detail, str) else " ".join(map(str, error.detail))
    return problem(error.status_code, detail, headers=headers)


def _our_fault(error: Exception, context: dict[str, Any]) -> Response:
    request = context.get("request")
    logger.error("The API failed at %s", getattr(request, "path", "?"), exc_info=error)
    # What watches for failing requests must not miss one because the client gets a well-formed answer.
    signals.got_request_exception.send(sender=None, request=getattr(request, "_request", None))
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, _("Something went wrong on our side; nothing was changed."))


# Asked from top to bottom: the more specific first.
_ANSWERS: tuple[tuple[type[Exception], Callable[[Any], Response]], ...] = (
    (InvalidInput, lambda error: _invalid(error.errors)),
    (NotFound, lambda _error: problem(HTTPStatus.NOT_FOUND, nothing_here())),
    (Refused, lambda error: problem(HTTPStatus.FORBIDDEN, str(error))),
    (NotAllowedNow, _not_now),
    (DomainError, lambda error: problem(HTTPStatus.BAD_REQUEST, str(error))),
    (CalendarError, lambda error: _invalid(as_invalid_input(error).errors)),
    (Http404, lambda _error: problem(HTTPStatus.NOT_FOUND, nothing_here())),
    (PermissionDenied, lambda _error: problem(HTTPStatus.FORBIDDEN, _("You may not do this."))),
    (exceptions.ValidationError, lambda error: _invalid(flatten(error.detail))),
    (exceptions.APIException, _framework),
)
