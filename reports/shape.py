"""What a report is made of: figures with a headline, a chart, a table, and a way down to the cases behind each number.

Pure. Whoever counts fills these; whoever shows them (page, CSV, XLSX, mail, PDF, API) knows nothing of the counting.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

Value = int | float | str | date | None


class Unit(StrEnum):
    """What a number counts."""

    COUNT = "count"
    PERCENT = "percent"
    """Of a hundred, not of one."""
    SECONDS = "seconds"
    SCORE = "score"
    RATE = "rate"
    """So many of one for one of another, such as bounces a ticket."""
    MONEY = "money"
    TEXT = "text"
    DATE = "date"


class Better(StrEnum):
    """Which way a figure should go."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Kind(StrEnum):
    """How a chart is drawn."""

    LINES = "lines"
    STACK = "stack"
    BARS = "bars"
    SPARK = "spark"


@dataclass(frozen=True, slots=True)
class Pick:
    """Which cases stand behind a number: the report answers `cases(asked, pick)` with exactly so many.

    `figure` is the figure's key, `cell` what the report itself wrote there to know its cases again.
    """

    figure: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number with its unit; `value` is None where there is nothing to count it from."""

    value: int | float | None
    unit: Unit
    pick: Pick | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one part of a stack; as many values as its chart has labels, None for a gap."""

    key: str
    name: str
    values: tuple[int | float | None, ...]
    is_earlier: bool = False
    """The same figure of an earlier time, shown beside it in a lighter way."""


@dataclass(frozen=True, slots=True)
class Chart:
    """`labels` are the first days of its steps, or names; `goal` is a level to be held, in the chart's unit."""

    kind: Kind
    unit: Unit
    labels: tuple[date, ...] | tuple[str, ...]
    series: tuple[Series, ...]
    goal: float | None = None
    plan: date | None = None
    """From this day on something was done otherwise (R83): marked, and shaded after."""


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    name: str
    unit: Unit = Unit.COUNT


@dataclass(frozen=True, slots=True)
class Row:
    """A cell for each column of its table; `picks` by a column's key where the number has cases behind it."""

    cells: tuple[Value, ...]
    picks: Mapping[str, Pick] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure before and after a day (R83).

    `effect` is the standardised difference (0.2 small, 0.5 medium, 0.8 large); `low` to `high` hold the true
    difference with 95 % confidence, in the figure's unit; both None with fewer cases than can say anything.
    """

    before: int | float | None
    after: int | float | None
    effect: float | None
    low: float | None
    high: float | None
    before_cases: int
    after_cases: int

    @property
    def difference(self) -> int | float | None:
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def is_sure(self) -> bool:
        """Whether nought lies outside what the cases allow."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, slots=True)
class Figure:
    """One card of a report. `note` says in a sentence what is counted, `finding` in a sentence what was found."""

    key: str
    title: str
    headline: Measure
    note: str = ""
    finding: str = ""
    better: Better = Better.NEITHER
    change: Change | None = None
    chart: Chart | None = None
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Report:
    key: str
    title: str
    figures: tuple[Figure, ...]
