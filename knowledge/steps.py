"""The steps of a guide: how they are kept, and how somebody writes them, one a line. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypedDict

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import one_line

# Whoever has more to say than this writes two guides.
MOST_STEPS = 30
SENTENCE_LIMIT = 200
# At the beginning of a line: this step is not left out.
REQUIRED = "!"


class Step(NamedTuple):
    """`number` counts from 1 within a version; a tick names it."""

    number: int
    sentence: str
    required: bool


class Line(TypedDict):
    """A step as its version keeps it."""

    sentence: str
    required: bool


def steps_of(kept: Iterable[Any]) -> list[Step]:
    return [Step(number, str(line["sentence"]), bool(line["required"])) for number, line in enumerate(kept, start=1)]


def kept(given: Sequence[tuple[str, bool]]) -> list[Line]:
    """The sentences, checked, with whether each is required; InvalidInput on `steps`."""
    if len(given) > MOST_STEPS:
        raise InvalidInput.of("steps", _("A guide has at most %(most)d steps.") % {"most": MOST_STEPS})
    lines = [(one_line(sentence, field="steps", limit=SENTENCE_LIMIT), required) for sentence, required in given]
    twice = next((sentence for at, (sentence, _required) in enumerate(lines) if sentence in dict(lines[:at])), None)
    if twice is not None:
        raise InvalidInput.of("steps", _("“%(step)s” stands there twice.") % {"step": twice})
    return [Line(sentence=sentence, required=required) for sentence, required in lines]


def read(text: str) -> list[tuple[str, bool]]:
    """One step a line; blank lines are passed over, and `!` begins one that is required."""
    lines = [line.strip() for line in text.splitlines()]
    return [(line.removeprefix(REQUIRED).strip(), line.startswith(REQUIRED)) for line in lines if line]


def written(steps: Iterable[Step]) -> str:
    """The text that `read` reads."""
    return "\n".join(f"{REQUIRED} {step.sentence}" if step.required else step.sentence for step in steps)
