"""A question that is asked with every request, put into SQL once.

Django composes the SQL of a row and its neighbours anew each time, which takes several times as long as the answer.
What differs from one time to the next is a single value; so the SQL is kept, and the rows are made as ever.
"""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

_M = TypeVar("_M", bound=Model)

# Stands for the value while the SQL is composed; no value that is asked for.
_MARK = "\x00the value\x00"


class _Form(NamedTuple):
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    first: int
    last: int
    names: list[str]
    populators: list[Any]


class Question(Generic[_M]):
    """`ask` makes the queryset of a text; it may join other tables, and finds one row at most."""

    def __init__(self, ask: Callable[[str], "QuerySet[_M]"]) -> None:
        self._ask = ask
        self._form: _Form | None = None

    def answer(self, value: str) -> _M | None:
        """The row, read now; None where there is none."""
        form = self._form = self._form or self._put()
        params = [value if param == _MARK else param for param in form.params]
        with connection.cursor() as cursor:
            cursor.execute(form.sql, params)
            found = cursor.fetchone()
        if found is None:
            return None
        row = next(iter(form.compiler.results_iter(results=[[found]])))
        made: _M = form.compiler.query.model.from_db(connection.alias, form.names, row[form.first : form.last])
        for populator in form.populators:
            populator.populate(row, made)
        return made

    def _put(self) -> _Form:
        compiler = self._ask(_MARK).order_by().query.get_compiler(connection.alias)
        sql, params = compiler.as_sql()
        own = compiler.klass_info["select_fields"]
        first, last = own[0], own[-1] + 1
        names = [column[0].target.attname for column in compiler.select[first:last]]
        # Typed as a later Django has it.
        populators_of: Any = get_related_populators
        populators = populators_of(compiler.klass_info, compiler.select, connection.alias)
        return _Form(compiler, sql, tuple(params), first, last, names, populators)


def one_of(rows: "QuerySet[_M]") -> _M | None:
    """The row of a question that finds one at most; None where there is none.

    `first()` would put them into an order, for which Django compares each column that is read with each it orders by:
    of a row with a dozen neighbours that takes longer than all the rest.
    """
    return next(iter(rows.order_by()[:1]), None)
