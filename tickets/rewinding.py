"""What a ticket was before a line of its timeline, and what it is after it: the facts that rules ask for. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from tickets.conditions import Facts
from tickets.enums import EventKind, MergeSide

# The lines that change such facts; which team has it is told by other lines.
CHANGES_FACTS = frozenset({EventKind.PRIORITY, EventKind.TAGGED, EventKind.CHANGED, EventKind.MERGED})

_Tags = tuple[frozenset[str], frozenset[str]]


class Step(Protocol):
    """A line of the timeline; what it tells is looked at only where it matters."""

    @property
    def kind(self) -> str: ...

    @property
    def data(self) -> Mapping[str, Any]: ...


def after(facts: Facts, step: Step) -> Facts:
    return facts if step.kind not in CHANGES_FACTS else _turned(facts, step, "after", _tags(step))


def before(facts: Facts, step: Step) -> Facts:
    if step.kind not in CHANGES_FACTS:
        return facts
    added, removed = _tags(step)
    return _turned(facts, step, "before", (removed, added))


def _turned(facts: Facts, step: Step, to: str, tags: _Tags) -> Facts:
    """From one side of the step to the other: `to` names that other side, `tags` what comes and what goes."""
    data = step.data
    if step.kind == EventKind.PRIORITY:
        return replace(facts, priority=data[to])
    if step.kind == EventKind.CHANGED and data.get("what") == "kind":
        return replace(facts, kind=data[to])
    if step.kind == EventKind.CHANGED and data.get("what") == "field":
        fields = {**facts.fields, data["key"]: data[to]}
        return replace(facts, fields={key: value for key, value in fields.items() if value != ""})
    come, go = tags
    return replace(facts, tags=(facts.tags | come) - go) if come or go else facts


def _tags(step: Step) -> _Tags:
    """Which the step has added, and which it has taken away."""
    data = step.data
    if step.kind == EventKind.MERGED:
        shared = frozenset(data.get("tags", ()))
        none: frozenset[str] = frozenset()
        return (shared, none) if data["side"] == MergeSide.IN else (none, shared)
    return _these(data.get("added")), _these(data.get("removed"))


def _these(name: str | None) -> frozenset[str]:
    return frozenset([name]) if name else frozenset()
