"""Charts as drawings: round axes, lines with gaps, stacks, bars; each with its numbers as a table and a sentence."""

from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.charts.drawing import draw
from desk.charts.plot import WIDTH, Label, spread
from desk.charts.scale import MOST_STEPS, scale_of
from reports.shape import Chart, Kind, Series, Unit
from tests.desk.test_components import render

MONDAY = date(2026, 8, 3)
WEEKS = tuple(MONDAY + timedelta(weeks=number) for number in range(4))


def a_chart(*rows, kind=Kind.LINES, unit=Unit.PERCENT, labels=WEEKS, **fields) -> Chart:
    series = tuple(Series(f"s{number}", f"Line {number}", values) for number, values in enumerate(rows))
    return Chart(kind, unit, labels, series, **fields)


@pytest.mark.parametrize(
    ("values", "unit", "from_nought", "ticks"),
    [
        ((88, 97), Unit.PERCENT, False, (87.5, 90, 92.5, 95, 97.5)),
        ((0, 23), Unit.COUNT, True, (0, 10, 20, 30)),
        ((3,), Unit.COUNT, True, (0, 1, 2, 3)),
        ((0,), Unit.COUNT, True, (0, 1)),
        ((600, 4200), Unit.SECONDS, False, (0, 1800, 3600, 5400)),
        ((-2, 2), Unit.SCORE, True, (-2, -1, 0, 1, 2)),
        ((5,), Unit.COUNT, False, (5, 6)),
    ],
)
def test_an_axis_has_a_few_round_numbers(values, unit, from_nought, ticks):
    assert scale_of(values, unit, from_nought=from_nought).ticks == ticks


def test_shares_that_are_all_a_hundred_stand_at_the_top_of_a_hundred():
    scale = scale_of([100.0, 100.0], Unit.PERCENT, from_nought=False)

    assert (scale.low, scale.high) == (0.0, 100.0)


@given(
    st.lists(st.floats(0, 1e9), min_size=1, max_size=20),
    st.sampled_from([Unit.COUNT, Unit.PERCENT, Unit.SECONDS, Unit.RATE]),
    st.booleans(),
)
def test_every_value_stands_on_its_axis(values, unit, from_nought):
    scale = scale_of(values, unit, from_nought=from_nought)

    assert 2 <= len(scale.ticks) <= MOST_STEPS + 1
    assert all(-1e-6 <= scale.at(value) <= 1 + 1e-6 for value in values)


def test_a_line_is_parted_by_a_gap_and_a_point_alone_is_seen():
    plot = draw(a_chart((90, 95, None, 100))).plot

    (line,) = plot.lines
    assert line.path.count("M") == 1
    assert line.path.startswith("M0.0 ")
    assert line.dots == f"M{WIDTH:.1f} 0.0h.01"


def test_each_line_says_at_its_end_what_it_is_and_how_it_ended():
    plot = draw(a_chart((90, 97.14), (90, 97), labels=WEEKS[:2])).plot

    assert [label.text for label in plot.labels] == ["Line 1 97", "Line 0 97.1"] or [
        label.text for label in plot.labels
    ] == ["Line 0 97.1", "Line 1 97"]
    assert plot.labels[1].y - plot.labels[0].y >= 16
    assert plot.alt == "Line 0: from 90 % to 97.1 %. Line 1: from 90 % to 97 %."


def test_a_line_alone_says_its_value_and_no_name_that_its_chart_has_already():
    plot = draw(a_chart((93, None, 92.8, 95))).plot

    assert [label.text for label in plot.labels] == ["95"]
    assert "chart-k" not in render('<c-plot :plot="plot" />', plot=plot)


def test_an_earlier_time_is_drawn_first_and_dashed():
    now, before = Series("a", "Now", (1, 2)), Series("a", "A year before", (2, 3), is_earlier=True)
    plot = draw(Chart(Kind.SPARK, Unit.COUNT, WEEKS[:2], (now, before))).plot

    assert [line.look for line in plot.lines] == ["2 past", "1"]
    assert len(plot.areas) == 1
    assert plot.labels == ()


def test_the_plan_stands_where_its_day_is_between_the_steps():
    chart = a_chart((90, 91, 92, 93), plan=MONDAY + timedelta(days=10))

    plan = draw(chart).plot.plan

    assert plan.x == pytest.approx(WIDTH * 10 / 21, abs=0.1)
    assert plan.x + plan.width == pytest.approx(WIDTH)
    assert plan.text == "plan starts 13 Aug 2026"


@pytest.mark.parametrize("day", [MONDAY - timedelta(days=1), MONDAY + timedelta(weeks=9)])
def test_a_plan_outside_the_chart_is_not_drawn(day):
    assert draw(a_chart((90, 91, 92, 93), plan=day)).plot.plan is None


def test_the_parts_of_a_stack_stand_on_each_other():
    plot = draw(a_chart((4, 0), (6, 10), kind=Kind.STACK, unit=Unit.COUNT, labels=WEEKS[:2])).plot

    first, second, alone = plot.parts
    assert first.y == pytest.approx(second.y + second.height)
    assert first.y + first.height == alone.y + alone.height == plot.height
    assert [part.look for part in plot.parts] == ["1", "2", "2"]
    assert {label.text for label in plot.labels} == {"Line 0 0", "Line 1 10"}


def test_bars_with_names_are_as_long_as_their_share_of_the_longest():
    chart = a_chart((38, 19, 0), kind=Kind.BARS, unit=Unit.COUNT, labels=("Bank", "Firmware", "Fee"))

    bars = draw(chart).bars

    assert [(bar.name, bar.text, bar.width) for bar in bars] == [
        ("Bank", "38", 100),
        ("Firmware", "19", 50),
        ("Fee", "0", 0),
    ]


def test_the_numbers_stand_in_a_table_beside_the_drawing():
    numbers = draw(a_chart((90, 95.5), (None, 80), labels=WEEKS[:2])).numbers

    assert numbers.heads == ("Line 0", "Line 1")
    assert numbers.rows == (("3 Aug 2026", ("90 %", "–")), ("10 Aug 2026", ("95.5 %", "80 %")))


@pytest.mark.parametrize("rows", [(), ((),), ((None, None),)])
def test_nothing_counted_is_nothing_drawn(rows):
    drawing = draw(a_chart(*rows, labels=WEEKS[: len(rows[0])] if rows else ()))

    assert (drawing.plot, drawing.bars) == (None, ())


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("labels", [WEEKS[:1], ("One",)])
def test_one_step_alone_can_be_drawn(kind, labels):
    drawing = draw(a_chart((7,), kind=kind, unit=Unit.COUNT, labels=labels))

    assert drawing.bars or drawing.plot.lines or drawing.plot.parts


@pytest.mark.parametrize("count", [1, 3, 9])
def test_labels_keep_apart_and_beside_the_box_while_they_fit(count):
    labels = spread([Label(100.0, f"L{number}", "1") for number in range(count)], 140)

    gaps = [after.y - before.y for before, after in pairwise(labels)]
    assert all(gap >= 16 for gap in gaps)
    assert labels[-1].y <= 140


def test_a_drawing_has_a_name_and_its_sentence_for_who_does_not_see_it():
    drawing = draw(a_chart((90, 91, 92, 93), goal=95.0))

    html = render(
        '<c-plot :plot="d.plot" :numbers="d.numbers" name="SLA <kept>" head="Week of" />',
        d=SimpleNamespace(plot=drawing.plot, numbers=drawing.numbers),
    )

    assert 'role="img" aria-label="SLA &lt;kept&gt;. Line 0: from 90 % to 93 %."' in html
    assert 'class="lt"' in html
    assert "Show as table" in html
    assert "style=" not in html
