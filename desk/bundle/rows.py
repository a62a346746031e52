"""How a row of the set-up is told without its keys, and kept again: by what people call it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from common import audit
from common.configuring import check, configure, subject_of
from common.errors import InvalidInput
from desk.bundle.text import Row
from people.models import User

Model = type[models.Model]
# By which columns a row of another table is named. Filled by `tables`.
NAMED_BY: dict[Model, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class By:
    """Who brings it in, and when."""

    person: User | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Inner:
    """Rows that hang on one and have a number there."""

    name: str
    model: Model
    parent: str
    number: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that are no more than their columns. `later`: what names a row of the same table; `only`: of all one is;
    `also`: what is checked besides what the model itself checks; `single`: a flag by which one row is found, whatever
    it is called; `versions`: called before and after a change, by whom and when, to keep what it says as a version;
    `many`: rows of other tables that it has several of.
    """

    name: str
    model: Model
    named_by: tuple[str, ...]
    later: tuple[str, ...] = ()
    only: str = ""
    inner: Inner | None = None
    ordered: bool = False
    also: Callable[[Any], None] | None = None
    single: str = ""
    versions: Callable[[Any, User | None, datetime], None] | None = None
    many: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        words = str(self.model._meta.verbose_name_plural)
        return words[:1].upper() + words[1:]

    def rows(self) -> list[Any]:
        """In an order that does not hang on the database: of the desk where there is one, else by name."""
        found = list(self.model._default_manager.order_by("pk"))
        return sorted(found, key=lambda row: row.order if self.ordered else str(self.key_of(self.told(row))))

    def key_of(self, told: Row) -> tuple[Any, ...]:
        if self.single and told.get(self.single):
            return (self.single,)
        return tuple("" if told.get(name) is None else str(told[name]) for name in self.named_by)

    def told(self, row: Any) -> Row:
        found = {one.name: _told(one, row) for one in _columns(self.model) if one.name not in audit.SECRET}
        if self.single:
            found[self.single] = getattr(row, self.single)
        found |= {name: sorted(name_of(one) for one in getattr(row, name).all()) for name in self.many}
        if self.inner:
            found[self.inner.name] = [_inner_told(self.inner, one) for one in _inner_rows(self.inner, row)]
        return found

    def keep(self, row: Any, given: Row, by: By) -> Any:
        """Made where `row` is None. InvalidInput with all that is wrong."""
        row = row or self.model()
        inner = given.get(self.inner.name) if self.inner else None
        apart = {*self.later, *self.many, self.single, self.inner.name if self.inner else ""}
        terms = _values(self.model, {name: value for name, value in given.items() if name not in apart})
        if self.single and row._state.adding:
            terms[self.single] = given.get(self.single) is True
        if not row._state.adding:
            self._keep_version(row, by)
        several = {name: _several(self.model, name, given[name]) for name in self.many if name in given}
        if self.only and terms.get(self.only):
            for other in self.model._default_manager.filter(**{self.only: True}).exclude(pk=row.pk):
                configure(other, by=by.person, **{self.only: False})
        row = configure(row, by=by.person, **terms)
        if self.also:
            self.also(row)
        self._keep_version(row, by)
        for name, rows in several.items():
            self._keep_several(row, name, rows, by)
        if self.inner and inner is not None:
            _keep_inner(self.inner, row, inner, by)
        return row

    def _keep_version(self, row: Any, by: By) -> None:
        if self.versions:
            self.versions(row, by.person, by.now)

    def _keep_several(self, row: Any, name: str, rows: list[Any], by: By) -> None:
        before = audit.snapshot(row)
        getattr(row, name).set(rows)
        after = audit.snapshot(row)
        if after != before:
            audit.record_change(by=by.person, subject=subject_of(row), before=before, after=after, of=row)

    def finish(self, row: Any, given: Row, by: By) -> None:
        """What names a row of the same table, once all of them are there."""
        if found := {name: given[name] for name in self.later if name in given}:
            configure(row, by=by.person, **_values(self.model, found))


def _columns(model: Model) -> "list[models.Field[Any, Any]]":
    """Without what names a row of no table here: people, customers."""
    known = {None, *NAMED_BY}
    columns = [one for one in model._meta.concrete_fields if one.editable and not one.primary_key]
    return [one for one in columns if one.related_model in known]


def _told(one: "models.Field[Any, Any]", row: Any) -> Any:
    value = getattr(row, one.attname)
    if value is None:
        return None
    if one.is_relation:
        return name_of(getattr(row, one.name))
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(one, models.TextField) and "\n" in value:
        # Line by line, so that a difference of two bundles can be read.
        return value.split("\n")
    return value


def name_of(row: Any) -> Any:
    """What a row of another table is called in a bundle: its name, or a list of them."""
    names = [name_of(value) if isinstance(value, models.Model) else value for value in _names(row)]
    return names[0] if len(names) == 1 else names


def _names(row: Any) -> list[Any]:
    return [getattr(row, name) for name in NAMED_BY[type(row)]]


def _values(model: Model, given: Row) -> dict[str, Any]:
    known = {one.name: one for one in _columns(model)}
    errors: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for name, value in given.items():
        try:
            if name not in known:
                raise ValidationError(_("This is not known here."))
            values[name] = _value(known[name], value)
        except (ValidationError, TypeError, ValueError, OverflowError) as error:
            errors[name] = error.messages if isinstance(error, ValidationError) else [_("This cannot be read.")]
    if errors:
        raise InvalidInput(errors)
    return values


def _value(one: "models.Field[Any, Any]", given: Any) -> Any:
    if given is None or isinstance(one, models.JSONField):
        return given
    if one.is_relation:
        return find(one.related_model, given)
    if isinstance(one, models.DurationField):
        return timedelta(seconds=int(given))
    if isinstance(one, models.DateTimeField):
        return parse_datetime(str(given))
    if isinstance(one, models.TextField) and isinstance(given, list):
        return "\n".join(map(str, given))
    return one.to_python(given)


def find(model: Any, given: Any) -> Any:
    """The row of this name; ValidationError where there is none."""
    names = given if isinstance(given, list) else [given]
    named_by = NAMED_BY[model]
    row = None
    if len(names) == len(named_by) and all(isinstance(name, str | int) for name in names):
        row = model._default_manager.filter(**dict(zip(named_by, names, strict=True))).first()
    if row is None:
        words = {"kind": model._meta.verbose_name, "name": ", ".join(map(str, names))[:80]}
        raise ValidationError(_("There is no %(kind)s “%(name)s”.") % words)
    return row


def _several(model: Model, name: str, given: Any) -> list[Any]:
    target = model._meta.get_field(name).related_model
    if not isinstance(given, list):
        raise InvalidInput.of(name, _("This is a list of names."))
    try:
        return [find(target, one) for one in given]
    except ValidationError as error:
        raise InvalidInput.of(name, error.messages[0]) from error


def _inner_rows(inner: Inner, row: Any) -> "models.QuerySet[Any]":
    return inner.model._default_manager.filter(**{inner.parent: row}).order_by(inner.number)


def _inner_told(inner: Inner, one: Any) -> Row:
    return {column.name: _told(column, one) for column in _columns(inner.model) if column.name != inner.parent}


def _keep_inner(inner: Inner, row: Any, given: Any, by: By) -> None:
    """By their numbers: who is named by one that stays is kept, what is not given goes."""
    if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
        raise InvalidInput.of(inner.name, _("This is a list of rows."))
    there: dict[Any, Any] = {getattr(one, inner.number): one for one in _inner_rows(inner, row)}
    before = [_inner_told(inner, one) for one in there.values()]
    if before == given:
        return
    kept = [_values(inner.model, dict(one)) for one in given]
    for number, one in there.items():
        if number not in {terms.get(inner.number) for terms in kept}:
            one.delete()
    for terms in kept:
        one = there.get(terms.get(inner.number)) or inner.model(**{inner.parent: row})
        for name, value in terms.items():
            setattr(one, name, value)
        check(one)
        one.save()
    after = [_inner_told(inner, one) for one in _inner_rows(inner, row)]
    audit.record_change(
        by=by.person, subject=subject_of(row), before={inner.name: before}, after={inner.name: after}, of=row
    )


def numbered(keys: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Where two rows are called the same, the second is the second."""
    seen: dict[tuple[Any, ...], int] = {}
    found = []
    for key in keys:
        seen[key] = seen.get(key, 0) + 1
        found.append((*key, seen[key]))
    return found
