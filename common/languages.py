"""Words that are made once in each language."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.utils.translation import get_language, gettext, override

MOST_SAYINGS = 4096
_PLACE = re.compile(r"%\(\w+\)[sd]")

Function = TypeVar("Function", bound=Callable[..., Any])


def in_each_language(function: Function) -> Function:
    """Remembers what a function of a few plain values answers while a language is active.

    A list of fifty rows says the same dozen phrases four hundred times, and each translation is a search through
    the active language, its catalogue and the one that it falls back to.
    """

    @lru_cache(maxsize=MOST_SAYINGS)
    def remembered(language: str | None, *given: Any) -> Any:
        return function(*given)

    @wraps(function)
    def say(*given: Any) -> Any:
        return remembered(get_language(), *given)

    return cast(Function, say)


def kept(text: str) -> str:
    """What the house noted of itself, which is kept in English; what a person wrote stays as it is."""
    return gettext(text) if text else ""


def kept_with(text: str, sayings: Iterable[str]) -> str:
    """The same of a note that ends with a name, which stays as it is: `sayings` are such notes, their place last."""
    for saying in sayings:
        begun = _PLACE.sub("", saying)
        if text.startswith(begun):
            return text.removeprefix(begun).join(_PLACE.split(gettext(saying)))
    return kept(text)


def as_kept(label: object) -> str:
    """A label as it is kept beside what somebody writes, whatever language he reads."""
    with override("en"):
        return str(label)


@in_each_language
def phrase(text: str) -> str:
    """`gettext` for phrases that are said thousands of times in a row."""
    return gettext(text)


@in_each_language
def language_name(code: str) -> str:
    """Of one of ours, as its choice says it; Django goes through all choices of a field for each that it names."""
    return str(dict(settings.LANGUAGES).get(code, code))
