"""Everything that refers to a row, found by the models themselves, so that no new relation is forgotten."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from django.apps import apps
from django.db.models import Exists, ForeignKey, Model, OuterRef, Q, QuerySet, UniqueConstraint

Link: TypeAlias = "ForeignKey[Any, Any]"

# What belongs to one sign-in alone, and ends with it: sessions, and all that the library keeps (addresses, passkeys).
SIGN_IN_APPS = frozenset({"account", "mfa", "socialaccount"})
# So do the keys of his programs, and the messengers and browsers that he proved to be his.
KEYS = frozenset({"people.SignIn", "api.ApiToken", "notifications.Way"})


def links_to(model: type[Model]) -> list[Link]:
    """Each column that refers to the model, of every floor, with those behind many-to-many fields."""
    return [field for one in apps.get_models(include_auto_created=True) for field in _links(one, model)]


def held_by(row: Model) -> dict[str, "QuerySet[Any]"]:
    """What refers to a row, by the full name of the column; what ends with its sign-in is left out."""
    return {_name(link): _rows(link).filter(**{link.name: row.pk}) for link in links_to(type(row)) if _moves(link)}


def move_all(goes: Model, stays: Model) -> None:
    """All that refers to `goes` refers to `stays`; where there may be one row only, that of `stays` is kept."""
    for link in links_to(type(goes)):
        mine = _rows(link).filter(**{link.name: goes.pk})
        if not _moves(link):
            mine.delete()
            continue
        for others, condition in _once(link):
            kept = _rows(link).filter(condition, **{link.name: stays.pk}, **{name: OuterRef(name) for name in others})
            mine.filter(condition).filter(Exists(kept)).delete()
        mine.update(**{link.name: stays.pk})


def _links(one: type[Model], model: type[Model]) -> Iterator[Link]:
    for field in one._meta.local_fields:
        if isinstance(field, ForeignKey) and field.related_model is model:
            yield field


def ends(model: type[Model]) -> bool:
    """Whether its rows are of one sign-in alone: they become nobody else's."""
    return model._meta.app_label in SIGN_IN_APPS or model._meta.label in KEYS


def _moves(link: Link) -> bool:
    return not ends(link.model)


def _name(link: Link) -> str:
    return f"{link.model._meta.label}.{link.name}"


def _rows(link: Link) -> "QuerySet[Any]":
    return link.model._base_manager.all()


def _once(link: Link) -> Iterator[tuple[list[str], Q]]:
    """Under which other columns, and when, a row may refer to one and the same only once."""
    options = link.model._meta
    if link.unique:
        yield [], Q()
    unique: list[tuple[Sequence[str], Q]] = [(names, Q()) for names in options.unique_together]
    unique += [(one.fields, one.condition or Q()) for one in options.constraints if isinstance(one, UniqueConstraint)]
    for names, condition in unique:
        if link.name in names:
            yield [name for name in names if name != link.name], condition
