"""How a mail goes to the reader and what it read comes back: a head in JSON, then bytes as they are. Pure.

Nothing that the reader answers is executed or looked up by name: it may have been taken over by the mail that it
reads. Each field is made anew as the type that the dataclass declares.
"""

import json
import socket
import struct
import time
import types
import typing
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, cast

HEAD_LIMIT = 16 * 1024 * 1024
BYTES_LIMIT = 256 * 1024 * 1024
PIECE = 1 << 20

_T = TypeVar("_T")
_LENGTHS = struct.Struct("!II")


class WireError(Exception):
    """The other side has gone, or what it says is no answer."""


def send(line: socket.socket, head: dict[str, Any], blobs: Sequence[bytes] = (), *, until: float | None = None) -> None:
    """Everything, or WireError; TimeoutError when it is not done at the monotonic second `until`."""
    said = json.dumps({**head, "blobs": [len(blob) for blob in blobs]}).encode("ascii")
    line.settimeout(_left(until))
    try:
        line.sendall(_LENGTHS.pack(len(said), sum(map(len, blobs))) + said)
        for blob in blobs:
            line.settimeout(_left(until))
            line.sendall(blob)
    except TimeoutError:
        raise
    except OSError as error:
        raise WireError(str(error)) from error


def receive(line: socket.socket, *, until: float | None = None) -> tuple[dict[str, Any], list[bytes]]:
    """The next head and its bytes; WireError at the end of the line, TimeoutError as for `send`."""
    size, bulk = _LENGTHS.unpack(_exactly(line, _LENGTHS.size, until))
    if size > HEAD_LIMIT or bulk > BYTES_LIMIT:
        raise WireError("larger than any answer")
    try:
        head = json.loads(_exactly(line, size, until))
        sizes = [int(one) for one in head.pop("blobs")]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WireError("no answer") from error
    if sum(sizes) != bulk or min(sizes, default=0) < 0:
        raise WireError("no answer")
    return head, [_exactly(line, one, until) for one in sizes]


def packed(value: Any, blobs: list[bytes]) -> Any:
    """A dataclass, and all in it, in words of JSON; bytes go to `blobs` and leave their place there."""
    if isinstance(value, bytes):
        blobs.append(value)
        return len(blobs) - 1
    if is_dataclass(value):
        return {one.name: packed(getattr(value, one.name), blobs) for one in fields(value)}
    if isinstance(value, tuple | list):
        return [packed(one, blobs) for one in value]
    if isinstance(value, dict):
        return {key: packed(one, blobs) for key, one in value.items()}
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value


def unpacked(kind: type[_T], value: Any, blobs: Sequence[bytes]) -> _T:
    """The dataclass again; WireError where what is there is not what is declared."""
    try:
        return cast(_T, _made(kind, value, blobs))
    except WireError:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise WireError("no answer") from error


def _made(kind: Any, value: Any, blobs: Sequence[bytes]) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        (inner,) = (one for one in arguments if one is not types.NoneType)
        return None if value is None else _made(inner, value, blobs)
    if origin in {tuple, list}:
        return _several(origin, arguments, value, blobs)
    if origin is dict:
        return {_made(arguments[0], key, blobs): _made(arguments[1], one, blobs) for key, one in value.items()}
    if is_dataclass(kind):
        make = cast(type, kind)
        return make(**{name: _made(hint, value[name], blobs) for name, hint in _hints(make).items()})
    return _plain(kind, value, blobs)


def _several(origin: Any, arguments: tuple[Any, ...], value: Any, blobs: Sequence[bytes]) -> Any:
    if origin is tuple and arguments[-1] is not ...:
        return tuple(_made(kind, one, blobs) for kind, one in zip(arguments, value, strict=True))
    return origin(_made(arguments[0], one, blobs) for one in value)


def _plain(kind: Any, value: Any, blobs: Sequence[bytes]) -> Any:
    if kind is bytes:
        return blobs[value]
    if kind is datetime:
        return datetime.fromisoformat(value)
    if issubclass(kind, Enum):
        return kind(value)
    if type(value) is not kind:
        raise WireError(f"no {kind.__name__}")
    return value


@lru_cache(maxsize=32)
def _hints(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {one.name: hints[one.name] for one in fields(kind)}


def _exactly(line: socket.socket, size: int, until: float | None) -> bytes:
    got = bytearray()
    while len(got) < size:
        line.settimeout(_left(until))
        try:
            piece = line.recv(min(PIECE, size - len(got)))
        except TimeoutError:
            raise
        except OSError as error:
            raise WireError(str(error)) from error
        if not piece:
            raise WireError("the line has ended")
        got += piece
    return bytes(got)


def _left(until: float | None) -> float | None:
    if until is None:
        return None
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
