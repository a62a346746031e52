"""Which reasons for standing still stop which promises: a table of boxes in a policy's form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import capfirst

from sla.enums import POLICY_METRICS
from tickets.enums import Wait


@dataclass(frozen=True, slots=True)
class Box:
    value: str
    label: str
    checked: bool


@dataclass(frozen=True, slots=True)
class PauseRow:
    words: str
    boxes: list[Box]


def choices() -> list[tuple[str, str]]:
    return [(_name(wait, metric), f"{wait.label}: {metric.label}") for wait in Wait for metric in POLICY_METRICS]


def ticked(pauses: Mapping[str, Sequence[str]]) -> list[str]:
    """The boxes that say so."""
    return [f"{wait} {metric}" for wait, metrics in pauses.items() for metric in metrics]


def pauses_of(names: Iterable[str]) -> dict[str, list[str]]:
    """What the ticked boxes say."""
    found: dict[str, list[str]] = {}
    for name in names:
        wait, _blank, metric = name.partition(" ")
        found.setdefault(wait, []).append(metric)
    return found


def rows(names: Iterable[str]) -> list[PauseRow]:
    """A row for each reason, a box for each promise."""
    given = set(names)
    return [
        PauseRow(
            capfirst(str(wait.label)),
            [
                Box(_name(wait, metric), f"{capfirst(str(wait.label))}: {metric.label}", _name(wait, metric) in given)
                for metric in POLICY_METRICS
            ],
        )
        for wait in Wait
    ]


def _name(wait: str, metric: str) -> str:
    return f"{wait} {metric}"
