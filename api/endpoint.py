"""An address and its calls: a table says who may call, what is taken and what is answered; this file does the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, ClassVar, cast

from django.db import transaction
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound as NoPage
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from api import idempotency
from api.ask import Ask, Links
from api.authentication import BearerAuthentication
from api.fields import Input, Parameters
from api.models import ApiToken
from api.parsers import LengthRequired, StrictJSONParser
from api.problems import answer_error, nothing_here
from api.schema import CallSchema
from api.throttle import Throttle
from common import clock
from common.errors import NotFound, Refused
from people.enums import Role
from people.models import User

RANK = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Call:
    """One method of an address.

    `callers` is the lowest role that may call; `sees` the lowest that may know of the record (404 below it, 403
    between the two); `guard` raises NotFound for a record that this very person may not know of.
    `by_bots`: whether a token that only hands over conversations may call, too.
    `answer` is the `TypedDict` that `act` returns, or None for an answer that is no JSON.
    """

    act: Callable[..., Any]
    callers: Role
    answer: Any
    status: int = HTTPStatus.OK
    body: type[Serializer[Any]] = Input
    parameters: type[Serializer[Any]] = Parameters
    sees: Role = Role.CUSTOMER
    guard: Callable[..., Any] | None = None
    by_bots: bool = False


class Gate(BasePermission):
    """Whether this person, with this token, may make this call at all; services ask about the single record."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        call = cast(Endpoint, view).call_for(request)
        if call is None:
            return True
        user, token = cast(User, request.user), cast(ApiToken, request.auth)
        if token.hands_over_only and not call.by_bots:
            raise Refused(_("This token may only hand over conversations."))
        if RANK[Role(user.role)] < RANK[call.callers]:
            _turn_away(call, user, view.kwargs)
        if request.method not in SAFE_METHODS and not token.can_write:
            raise Refused(_("This token may only read."))
        return True


class Endpoint(APIView):
    """The base of all; `endpoint` makes the real ones."""

    calls: ClassVar[dict[str, Call]] = {}
    authentication_classes = [BearerAuthentication]
    permission_classes = [IsAuthenticated, Gate]
    throttle_classes = [Throttle]
    parser_classes = [StrictJSONParser]
    renderer_classes = [JSONRenderer]
    http_method_names = ["get", "head", "post", "patch", "delete"]
    schema = CallSchema()

    def get_exception_handler(self) -> Any:
        return answer_error

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # There is one language here; whoever asks for another one still gets an answer that can be read.
        return self.get_renderers()[0], "application/json"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # The framework takes a body of unannounced length for no body at all.
        if request.headers.get("Transfer-Encoding"):
            raise LengthRequired(_("Send the body with its Content-Length, not in chunks."))

    def call_for(self, request: Request) -> Call | None:
        method = request.method or ""
        return self.calls.get("GET" if method == "HEAD" else method)

    def serve(self, request: Request, **path: Any) -> HttpResponseBase:
        call = self.call_for(request)
        if call is None:
            raise NoPage
        ask = Ask(
            user=cast(User, request.user),
            now=clock.now(),
            links=Links.of(request._request),
            given=_checked(call.body, request.data) if request.method not in SAFE_METHODS else {},
            parameters=_checked(call.parameters, request.query_params),
            path=request.path,
        )
        if request.method in SAFE_METHODS:
            return _response(idempotency.Answer(call.status, call.act(ask, **path)))
        return _response(_write(request, ask, lambda: idempotency.Answer(call.status, call.act(ask, **path))))


def endpoint(**calls: Call) -> type[Endpoint]:
    """An address that answers exactly these methods."""
    return type("CallEndpoint", (Endpoint,), {"calls": calls, **{method.lower(): Endpoint.serve for method in calls}})


def _turn_away(call: Call, user: User, path: dict[str, Any]) -> None:
    """NotFound where this person may not know of the record, Refused where knowing is not enough."""
    if path and RANK[Role(user.role)] < RANK[call.sees]:
        raise NotFound(nothing_here())
    if path and call.guard is not None:
        call.guard(user, **path)
    raise Refused(_("Your role may not do this."))


@cache
def _checker(kind: type[Serializer[Any]]) -> Serializer[Any]:
    """One for all calls: making its fields takes longer than checking with them, and checking leaves no trace."""
    made = kind()
    _ = made.fields
    return made


def _checked(kind: type[Serializer[Any]], data: Any) -> dict[str, Any]:
    return cast(dict[str, Any], _checker(kind).run_validation(data))


def _write(request: Request, ask: Ask, act: Callable[[], idempotency.Answer]) -> idempotency.Answer:
    """All or nothing, and once per Idempotency-Key."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        with transaction.atomic():
            return act()
    fingerprint = idempotency.fingerprint_of(request.method or "", request.get_full_path(), request.data)
    return idempotency.once(
        user=ask.user, key=idempotency.check_key(key), fingerprint=fingerprint, now=ask.now, act=act
    )


def _response(answer: idempotency.Answer) -> HttpResponseBase:
    if isinstance(answer.body, HttpResponseBase):
        return answer.body
    headers = {"Idempotent-Replayed": "true"} if answer.is_repeat else {}
    return Response(answer.body, status=answer.status, headers={**headers, "Cache-Control": "no-store"})
