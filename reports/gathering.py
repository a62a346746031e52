"""The values of a figure, read once: each of its medians is found in their order.

Sorting is what a median costs. All that a figure tells apart (steps, sides of the plan, teams, bands) is one grouping;
the values of each group are put in order by themselves, and the middle of any of them together is found by looking into
each, without sorting again.
"""

import json
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import repeat
from math import ceil, floor
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, Field, Q, QuerySet, Sum
from django.db.models.sql.compiler import SQLCompiler


class Pool:
    """The values of any number of groups, each in order; `beside` is the sum of another column of theirs."""

    def __init__(self, runs: Iterable[Sequence[int]] = (), beside: int = 0) -> None:
        self.runs = [run for run in runs if run]
        self._of = sum(map(len, self.runs))
        self._beside = beside

    def __len__(self) -> int:
        return self._of

    @property
    def median(self) -> float | None:
        return self.quantile(0.5) if self._of else None

    @property
    def mean_beside(self) -> float | None:
        return self._beside / self._of if self._of else None

    def quantile(self, share: float) -> float:
        """Below which this share of all lies, between two neighbours by a straight line; of nothing there is none."""
        place = share * (self._of - 1)
        low, high = self._at(floor(place)), self._at(ceil(place))
        return low + (high - low) * (place - floor(place))

    def _at(self, rank: int) -> int:
        """The least value that has more than so many up to it."""
        least, most = min(run[0] for run in self.runs), max(run[-1] for run in self.runs)
        return least + bisect_right(range(least, most), rank, key=self._up_to)

    def _up_to(self, value: int) -> int:
        return sum(map(bisect_right, self.runs, repeat(value)))


class Values(Aggregate):
    """The whole numbers of a column as a pool, eight bytes each."""

    name = "Values"
    function = "ARRAY_AGG"
    output_field: "Field[Any, Any]" = Field()
    empty_result_set_value = Pool()  # type: ignore[assignment] # the stubs know of counts alone

    def __init__(self, column: str) -> None:
        super().__init__(column, filter=Q((f"{column}__isnull", False)))

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any) -> Any:
        return self.as_sql(compiler, connection, **{"function": "JSON_GROUP_ARRAY", **extra_context})

    def convert_value(self, value: "str | list[int] | None", *_about: Any) -> Pool:
        return Pool([array("q", sorted(json.loads(value) if isinstance(value, str) else value or ()))])


class Gathered:
    """The values of a column told apart by `keys`, with one query. Of another column, `beside`, the sums."""

    def __init__(self, facts: "QuerySet[Any]", column: str, *keys: str, beside: str = "") -> None:
        counted = {"_values": Values(column), **({"_beside": Sum(beside)} if beside else {})}
        self._groups: list[dict[str, Any]] = list(facts.order_by().values(*keys).annotate(**counted))

    @property
    def whole(self) -> Pool:
        return _pool(self._groups)

    def by(self, key: str) -> dict[Any, Pool]:
        found = defaultdict(list)
        for group in self._groups:
            found[group[key]].append(group)
        return {value: _pool(groups) for value, groups in found.items()}

    def among(self, key: str, values: Iterable[Any]) -> Pool:
        """Of the groups with any of these."""
        wanted = set(values)
        return _pool(group for group in self._groups if group[key] in wanted)


def _pool(groups: Iterable[dict[str, Any]]) -> Pool:
    groups = list(groups)
    runs = (run for group in groups for run in group["_values"].runs)
    return Pool(runs, beside=sum(group.get("_beside") or 0 for group in groups))
