"""The OpenAPI schema, made from the tables of calls: inputs from their fields, answers from their types."""

from collections.abc import Callable
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    NotRequired,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_basic_type
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import SAFE_METHODS

from api.problems import MEDIA_TYPE
from api.shapes.basic import Conflict, Problem
from sla.enums import ThresholdAction
from sla.thresholds import LONGEST_OFFSET, MOST_ACTIONS
from tickets.conditions.keys import ALL, ANY, FROM, GIVEN, MATCHES, MATCHES_NOT, NOT, TO, WITHOUT, WORDS
from tickets.conditions.patterns import LONGEST_PATTERN

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema as _Schema

Schema = dict[str, Any]

_VALUES: Schema = {"type": "array", "items": {"oneOf": [{"type": "string"}, {"type": "number"}]}}
_BOUND: Schema = {"oneOf": [{"type": "string"}, {"type": "number"}]}

_PATTERN: Schema = {"type": "string", "maxLength": LONGEST_PATTERN, "description": "A pattern in the way of RE2."}

# Which tickets (docs/decisions/0011): each key a list, or an object of tests.
CONDITIONS: Schema = {
    "type": "object",
    "additionalProperties": {
        "oneOf": [
            _VALUES,
            {
                "type": "object",
                "properties": {
                    **dict.fromkeys((ANY, ALL, NOT, WORDS, WITHOUT), _VALUES),
                    **dict.fromkeys((FROM, TO), _BOUND),
                    **dict.fromkeys((MATCHES, MATCHES_NOT), _PATTERN),
                    GIVEN: {"type": "boolean"},
                },
                "additionalProperties": False,
            },
        ]
    },
}

_ACTION: Schema = {
    "type": "object",
    "properties": {
        "do": {"type": "string", "enum": list(ThresholdAction.values)},
        "value": {"type": "string", "maxLength": 200},
    },
    "required": ["do"],
    "additionalProperties": False,
}
_ACTIONS: Schema = {"type": "array", "items": _ACTION, "minItems": 1, "maxItems": MOST_ACTIONS}
_PERCENT: Schema = {"type": "integer", "minimum": 1, "maximum": 99}
THRESHOLD: Schema = {
    "oneOf": [
        _PERCENT,
        {
            "type": "object",
            "properties": {"percent": _PERCENT, "actions": _ACTIONS},
            "required": ["percent"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"offset": {"type": "integer", "maximum": LONGEST_OFFSET}, "actions": _ACTIONS},
            "required": ["offset"],
            "additionalProperties": False,
        },
    ]
}

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="A repeat with the same key and body within a day gets the first answer and does nothing.",
)
READ_REFUSALS = (400, 401, 403, 404, 429)
WRITE_REFUSALS = (*READ_REFUSALS, 409, 411, 413, 415, 422)


class CallSchema(AutoSchema):
    """Reads the view's table (`Endpoint.calls`) instead of guessing."""

    @property
    def _call(self) -> Any:
        return self.view.calls[self.method]  # type: ignore[attr-defined] # every view with this schema is an Endpoint

    def get_operation_id(self) -> str:
        return cast(str, self._call.act.__name__)

    def get_description(self) -> str:  # type: ignore[override] # so is drf-spectacular's own
        return f"{self._call.act.__doc__ or ''}\n\nCallers: {self._call.callers} and above.".strip()

    def get_tags(self) -> list[str]:
        return [self._call.act.__module__.rpartition(".")[2]]

    def get_request_serializer(self) -> Any:
        return self._call.body if self.method not in SAFE_METHODS else None

    def get_override_parameters(self) -> list[Any]:
        key = [] if self.method in SAFE_METHODS else [IDEMPOTENCY_KEY]
        parameters = self._call.parameters
        return [*([parameters] if parameters().fields else []), *key]

    def get_response_serializers(self) -> Any:
        answer = {self._call.status: self._call.answer} if self._call.answer else FILE
        refusals = READ_REFUSALS if self.method in SAFE_METHODS else WRITE_REFUSALS
        return {**answer, **{(code, MEDIA_TYPE): Conflict if code == 409 else Problem for code in refusals}}

    def _is_list_view(self, serializer: Any = None) -> bool:
        # Lists are written out as pages; there is nothing to wrap.
        return False


FILE: Any = {(200, "*/*"): OpenApiTypes.BINARY}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # registers itself, untyped
    target_class = "api.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: "_Schema") -> Schema:
        return {"type": "http", "scheme": "bearer"}


class TypedDictExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call] # registers itself, untyped
    """A `TypedDict` as a component of the schema, and those within it as references."""

    target_class = dict

    @classmethod
    def _matches(cls, target: Any) -> bool:
        return is_typeddict(target)

    def get_name(self, auto_schema: "_Schema", direction: Any) -> str:
        return cast(str, self.target.__name__.removesuffix("Shape"))

    def map_serializer(self, auto_schema: "_Schema", direction: Any) -> Schema:
        def refer(shape: Any) -> Schema:
            return auto_schema.resolve_serializer(shape, direction).ref

        hints = get_type_hints(self.target, include_extras=True)
        return {
            "type": "object",
            "description": (self.target.__doc__ or "").strip(),
            "properties": {name: schema_of(hint, refer) for name, hint in hints.items()},
            "required": [name for name in hints if name in self.target.__required_keys__],
        }


def schema_of(hint: Any, refer: Callable[[Any], Schema]) -> Schema:
    """The schema of a type as shapes use them; `refer` gives the reference to another shape."""
    if is_typeddict(hint):
        return refer(hint)
    if (origin := get_origin(hint)) is None:
        return dict(build_basic_type(hint) or {})
    return _SCHEMA_OF[origin](get_args(hint), refer)


def _annotated(args: tuple[Any, ...], refer: Callable[[Any], Schema]) -> Schema:
    _base, mark = args
    if isinstance(mark, dict):
        return mark
    return {"type": "string", "format": mark} if isinstance(mark, str) else {"type": "string", "enum": [*_values(mark)]}


def _values(enum: Any) -> list[str]:
    return [str(member.value) for member in enum]


def _optional(args: tuple[Any, ...], refer: Callable[[Any], Schema]) -> Schema:
    inner = schema_of(next(arg for arg in args if arg is not NoneType), refer)
    if "enum" in inner:
        return {**inner, "enum": [*inner["enum"], None], "nullable": True}
    return {"allOf": [inner], "nullable": True} if "$ref" in inner else {**inner, "nullable": True}


_SCHEMA_OF: dict[Any, Callable[[tuple[Any, ...], Callable[[Any], Schema]], Schema]] = {
    Annotated: _annotated,
    NotRequired: lambda args, refer: schema_of(args[0], refer),
    UnionType: _optional,
    Union: _optional,
    list: lambda args, refer: {"type": "array", "items": schema_of(args[0], refer)},
    dict: lambda args, refer: {"type": "object", "additionalProperties": schema_of(args[1], refer)},
}
