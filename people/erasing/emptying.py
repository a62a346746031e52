"""Words are taken out of rows that stay: their times, states and figures are what reports and ledgers are made of."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from django.apps import apps
from django.db.models import CharField, Field, JSONField, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

INSTEAD = "…"
# What these hold is somebody else's name or address, or ends with the session.
UNTOUCHED = frozenset({"people.User", "people.Organisation", "people.Team", "people.Alias", "sessions.Session"})


def empty(rows: "QuerySet[Any]", *names: str) -> None:
    """The columns of these rows hold nothing any more: an empty text, or what a new row has there."""
    fields = [rows.model._meta.get_field(name) for name in names]
    rows.update(**{one.name: one.get_default() if isinstance(one, JSONField) else "" for one in fields})


def change_leaves(value: Any, change: Callable[[str, str], str], key: str = "") -> Any:
    """JSON with each text in it changed, by the key under which it stands."""
    if isinstance(value, str):
        return change(key, value)
    if isinstance(value, list):
        return [change_leaves(one, change, key) for one in value]
    if isinstance(value, dict):
        return {name: change_leaves(one, change, name) for name, one in value.items()}
    return value


def strike_out(marks: Sequence[str]) -> int:
    """Each of these marks, wherever the desk has written it down, in any case; how many rows have been changed."""
    found = re.compile("|".join(map(_standing_alone, sorted(marks, key=len, reverse=True))), re.IGNORECASE)
    # Tickets first, as everybody locks them.
    models = sorted(filter(_has_words, apps.get_models()), key=lambda model: model._meta.label != "tickets.Ticket")
    return sum(_strike_out_of(model, marks, found) for model in models)


def names_him(text: str, mark: str) -> bool:
    return re.search(_standing_alone(mark), text, re.IGNORECASE) is not None


def _standing_alone(mark: str) -> str:
    """A name or an address that is no part of another one: ana@firm.example is not in joana@firm.example."""
    if "@" in mark:
        return rf"(?<![\w.+-]){re.escape(mark)}(?![\w-]|\.\w)"
    return rf"(?<!\w){re.escape(mark)}(?!\w)"


def _strike_out_of(model: type[Model], marks: Sequence[str], found: "re.Pattern[str]") -> int:
    texts = _texts(model)
    rows = model._base_manager.annotate(
        **{f"{one.name}_as_text": Cast(one.name, TextField()) for one in texts if isinstance(one, JSONField)}
    )
    asked = Q()
    for one in texts:
        name = f"{one.name}_as_text" if isinstance(one, JSONField) else one.name
        for written in {written for mark in marks for written in (mark, json.dumps(mark)[1:-1])}:
            asked |= Q(**{f"{name}__icontains": written})
    names = [one.name for one in texts]
    changed = 0

    def strike(_key: str, text: str) -> str:
        return found.sub(INSTEAD, text)

    for pk in list(rows.filter(asked).order_by("pk").values_list("pk", flat=True)):
        # Locked, and only what changes is written: the rest may be changed by others meanwhile.
        row = model._base_manager.select_for_update(no_key=True).filter(pk=pk).values(*names).first() or {}
        struck = {name: change_leaves(value, strike) for name, value in row.items()}
        if kept := {name: value for name, value in struck.items() if value != row[name]}:
            changed += model._base_manager.filter(pk=pk).update(**kept)
    return changed


def _has_words(model: type[Model]) -> bool:
    return model._meta.label not in UNTOUCHED and model._meta.managed and bool(_texts(model))


def _texts(model: type[Model]) -> "list[Field[Any, Any]]":
    """Columns of words; what is unique is a key."""
    return [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, CharField | TextField | JSONField) and not one.choices and not one.unique
    ]
