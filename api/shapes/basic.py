"""Words that all answers share. An answer is a `TypedDict`: mypy holds the code to it, the schema is made from it."""

from typing import Annotated, NotRequired, TypedDict

Moment = Annotated[str, "date-time"]
Day = Annotated[str, "date"]
Url = Annotated[str, "uri"]


class Person(TypedDict):
    """Somebody; the address is left out where the reader may not know it."""

    name: str
    email: str


class Condition(TypedDict):
    """An exit condition of the present step."""

    name: str
    sentence: str
    met: bool
    by_role: str


class Problem(TypedDict):
    """RFC 9457. `errors` maps a field to its sentences; dots lead into objects and lists."""

    type: str
    title: str
    status: int
    detail: str
    errors: dict[str, list[str]]


class Conflict(Problem):
    """The state forbids it at present; `conditions` are those of the step.

    `differences` where somebody else has changed it since it was read: what he has changed, a sentence each.
    """

    conditions: list[Condition]
    differences: NotRequired[list[str]]
