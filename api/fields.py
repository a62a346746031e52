"""Input fields that take a JSON type for what it is: no text for a number, no time without a zone."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any, NoReturn

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.schema import CONDITIONS, THRESHOLD
from common.numbers import whole
from common.text import BODY_LIMIT
from sla.thresholds import is_whole
from tickets.conditions import OPERATORS

FIRST_YEAR, LAST_YEAR = 1970, 2999
WALL_TIME = re.compile(r"^([01][0-9]|2[0-3]):[0-5][0-9]$")

_NEEDED = {"required": _("This is needed."), "null": _("This must not be null.")}


class Text(serializers.CharField):
    """A text; numbers are not turned into one."""

    default_error_messages = {
        **_NEEDED,
        "invalid": _("This must be a text."),
        "blank": _("This must not be empty."),
        "max_length": _("This is too long: at most {max_length} characters."),
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class LongText(Text):
    """A message, a note, a reason at length."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": BODY_LIMIT, **kwargs})


class Email(Text, serializers.EmailField):
    default_error_messages = {"invalid": _("This is not an e-mail address.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254, **kwargs})


class WholeNumber(serializers.IntegerField):
    """A whole number as JSON has it."""

    default_error_messages = {
        **_NEEDED,
        "invalid": _("This must be a whole number."),
        "min_value": _("This must be at least {min_value}."),
        "max_value": _("This must be at most {max_value}."),
    }

    def to_internal_value(self, data: Any) -> int:
        # True is an int to Python; it is no number to anybody else.
        if type(data) is not int:
            self.fail("invalid")
        return data


class NumberParameter(serializers.IntegerField):
    """A whole number in an address, where everything is text."""

    default_error_messages = WholeNumber.default_error_messages

    def to_internal_value(self, data: Any) -> int:
        found = whole(data) if isinstance(data, str) else None
        if found is None:
            self.fail("invalid")
        return found


class YesNo(serializers.BooleanField):
    default_error_messages = {**_NEEDED, "invalid": _("This must be true or false.")}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class Choice(serializers.ChoiceField):
    default_error_messages = {**_NEEDED, "invalid_choice": _("There is no “{input}” here; there are {known}.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", input=str(data)[:40], known=", ".join(map(str, self.choices)))
        return data


class AwareTime(serializers.DateTimeField):
    """RFC 3339 with an offset; kept in UTC. Without one it could mean any of 38 instants, so it is refused."""

    default_error_messages = {
        **_NEEDED,
        "invalid": _("This must be a time such as 2026-11-18T10:00:00+01:00."),
        "naive": _("This time needs an offset, as in 2026-11-18T10:00:00+01:00."),
        "far": _("This time lies outside the years {first} to {last}."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        parsed = _parsed_time(value) if isinstance(value, str) else None
        if parsed is None:
            self.fail("invalid")
        if parsed.tzinfo is None:
            self.fail("naive")
        if not FIRST_YEAR <= parsed.year <= LAST_YEAR:
            self.fail("far", first=FIRST_YEAR, last=LAST_YEAR)
        return parsed.astimezone(UTC)


class Day(serializers.DateField):
    default_error_messages = {**_NEEDED, "invalid": _("This must be a date such as 2026-11-18.")}

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or len(value) != len("2026-11-18"):
            self.fail("invalid")
        return super().to_internal_value(value)


class WallTime(serializers.RegexField):
    """A time by somebody's watch, to the minute."""

    default_error_messages = {**_NEEDED, "invalid": _("This must be a time such as 22:00.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(WALL_TIME.pattern, **kwargs)

    def to_internal_value(self, data: Any) -> time:  # type: ignore[override] # a text in, a time out
        if not isinstance(data, str) or not WALL_TIME.fullmatch(data):
            self.fail("invalid")
        return time.fromisoformat(data)

    def run_validators(self, value: Any) -> None:
        """The pattern is for the schema: what is no time has been refused before."""


@extend_schema_field(OpenApiTypes.BYTE)
class Base64(Text):
    """Bytes, as base64 (RFC 4648 §4)."""

    default_error_messages = {"base64": _("This must be base64.")}

    def to_internal_value(self, data: Any) -> bytes:  # type: ignore[override] # a CharField in, bytes out
        text = super().to_internal_value(data)
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            self.fail("base64")


class ListOf(serializers.ListField):
    default_error_messages = {
        **_NEEDED,
        "not_a_list": _("This must be a list."),
        "empty": _("This must not be empty."),
        "min_length": _("There must be at least {min_length} of these."),
        "max_length": _("There are too many: at most {max_length}."),
    }


class ObjectOf(serializers.DictField):
    default_error_messages = {**_NEEDED, "not_a_dict": _("This must be an object.")}


@extend_schema_field(CONDITIONS)
class Conditions(serializers.Field[Any, Any, Any, Any]):
    """Which tickets: an object of lists and tests. What stands in it is checked by the service, in its own words."""

    default_error_messages = {
        **_NEEDED,
        "invalid": _("This must be an object."),
        "test": _("This must be a list, or an object of %s.") % ", ".join(OPERATORS),
    }

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            self.fail("invalid")
        wrong = [key for key, test in data.items() if not isinstance(test, list | Mapping)]
        if wrong:
            raise ValidationError({str(key)[:80]: [self.error_messages["test"]] for key in wrong[:20]})
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(THRESHOLD)
class ThresholdField(serializers.Field[Any, Any, Any, Any]):
    """A bare number is the usual warning at so many per cent. An object is checked by the service, in its own words."""

    default_error_messages = {**_NEEDED, "invalid": _("This must be a per cent between 1 and 99, or an object.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping) and not (is_whole(data) and 0 < data < 100):
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class Input(serializers.Serializer[Any]):
    """A body, or the parameters of an address, with exactly these fields: another name is refused (SECURITY)."""

    default_error_messages = {**_NEEDED, "invalid": _("This must be a JSON object.")}
    unknown: Any = _("There is no field “%(name)s” here.")

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            self._refuse_unknown(data)
        return super().to_internal_value(data)

    def _refuse_unknown(self, data: Mapping[str, Any]) -> None:
        names = sorted(str(name) for name in data if name not in self.fields)
        if names:
            raise ValidationError({name[:80]: [self.unknown % {"name": name[:80]}] for name in names[:20]})

    def create(self, validated_data: Any) -> NoReturn:
        raise TypeError("Inputs are handed to services; they save nothing.")

    def update(self, instance: Any, validated_data: Any) -> NoReturn:
        raise TypeError("Inputs are handed to services; they save nothing.")


class Parameters(Input):
    """What stands behind the question mark."""

    unknown = _("There is no parameter “%(name)s” here.")


def _parsed_time(value: str) -> datetime | None:
    # In an address a plus that was not escaped arrives as a space, and can have been nothing else.
    if len(value) > len("2026-11-18T") and value[-6:-5] == " ":
        value = f"{value[:-6]}+{value[-5:]}"
    if "T" not in value.upper():
        return None
    try:
        return parse_datetime(value)
    except ValueError:
        return None
