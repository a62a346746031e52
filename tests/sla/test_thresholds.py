"""Thresholds as values: read, checked, ordered, said."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import InvalidInput
from sla.enums import POLICY_METRICS, ThresholdAction, Told
from sla.scopes import covers, scopes, words
from sla.thresholds import (
    MOST,
    Known,
    Threshold,
    amount_of,
    at_key,
    at_percent,
    check,
    in_order,
    read,
    sentence,
    still_fired,
)
from tickets.enums import Priority

HOUR = timedelta(hours=1)
TARGET = 4 * HOUR
ALERT = {"do": "notify", "value": "managers"}


def known() -> Known:
    return Known({"risk": "Risk"}, ["Directors"])


def checked(given: object) -> tuple[Threshold, ...]:
    return check(given, target=TARGET, known=known)


positions = st.one_of(
    st.integers(1, 99).map(lambda n: {"percent": n}), st.integers(-14399, 10**6).map(lambda n: {"offset": n})
)
acts = st.lists(
    st.one_of(
        st.sampled_from(Told.values).map(lambda whom: {"do": "notify", "value": whom}),
        st.sampled_from(["at risk", "late"]).map(lambda tag: {"do": "tag", "value": tag}),
        st.just({"do": "raise", "value": "step"}),
        st.just({"do": "reassign", "value": "risk"}),
        st.sampled_from(["", "Directors"]).map(lambda name: {"do": "escalate", "value": name}),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda one: one["do"] if one["do"] in {"raise", "reassign", "escalate"} else (one["do"], one["value"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(positions, acts), max_size=6, unique_by=lambda one: str(one[0])))
def test_what_is_kept_is_what_was_given_in_the_order_in_which_it_is_reached(given_):
    thresholds = checked([{**position, "actions": actions} for position, actions in given_])

    assert read(one.as_kept() for one in thresholds) == thresholds
    assert checked([one.as_json() for one in thresholds]) == thresholds
    amounts = [one.amount(TARGET) for one in thresholds]
    assert amounts == sorted(amounts)
    assert [at_key(one.key).amount(TARGET) for one in thresholds] == amounts
    assert all(sentence(one) for one in thresholds)


@settings(max_examples=40, deadline=None)
@given(st.lists(positions, max_size=6), st.integers(0, 300), st.integers(1, 600))
def test_under_another_target_nothing_that_lies_behind_fires_again(given_, used_minutes, target_minutes):
    used, target = timedelta(minutes=used_minutes), timedelta(minutes=target_minutes)
    fired = [f"{one['percent']}%" if "percent" in one else str(one["offset"]) for one in given_]

    kept = still_fired(fired, target, used)

    assert set(kept) <= set(fired)
    assert all((amount_of(key, target) <= used) == (key in kept) for key in fired)


def test_a_bare_number_is_the_usual_warning_and_is_kept_as_one():
    (one,) = checked([75])

    assert one == at_percent(75)
    assert one.as_kept() == 75
    assert one.as_json() == {"percent": 75, "actions": [{"do": "notify", "value": "owner"}]}


def test_positions_are_reached_in_work_time_before_at_and_after_the_due_time():
    given_ = [
        {"offset": 3600, "actions": [ALERT]},
        {"offset": 0, "actions": [ALERT]},
        50,
        {"offset": -1800, "actions": [ALERT]},
    ]

    found = checked(given_)

    assert [(one.key, one.amount(TARGET)) for one in found] == [
        ("50%", 2 * HOUR),
        ("-1800", 3.5 * HOUR),
        ("0", 4 * HOUR),
        ("3600", 5 * HOUR),
    ]
    assert in_order(reversed(found), TARGET) == list(found)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("75", "are a list"),
        ([0], "between 1 and 99"),
        ([100], "between 1 and 99"),
        ([True], "a percent or an offset"),
        ([{"percent": 50.5, "actions": [ALERT]}], "between 1 and 99"),
        ([{"percent": 50, "offset": 0, "actions": [ALERT]}], "a percent or an offset"),
        ([{"actions": [ALERT]}], "a percent or an offset"),
        ([{"percent": 50, "colour": "red"}], "no “colour”"),
        ([{"offset": -4 * 3600, "actions": [ALERT]}], "4 h before the due time is not within a target of 4 h"),
        ([{"offset": -(10**40), "actions": [ALERT]}], "More than a year before"),
        ([{"offset": 10**40, "actions": [ALERT]}], "at most a year"),
        ([{"offset": "soon", "actions": [ALERT]}], "whole number of seconds"),
        ([{"percent": 50, "actions": []}], "at least one thing"),
        ([{"percent": 50, "actions": "notify"}], "at least one thing"),
        ([{"percent": 50, "actions": [ALERT, ALERT]}], "“Alert” once"),
        ([{"percent": 50, "actions": [{"do": "tag", "value": str(n)} for n in range(9)]}], "at most 8 things"),
        ([{"percent": 50, "actions": [{"do": "dance"}]}], "no action “dance”"),
        ([{"percent": 50, "actions": [{"value": "managers"}]}], "an object with do and value"),
        ([{"percent": 50, "actions": [{"do": "notify", "value": 7}]}], "value is a text"),
        ([{"percent": 50, "actions": [{"do": "notify", "value": "everybody"}]}], "Whom to alert"),
        ([{"percent": 50, "actions": [{"do": "tag", "value": " "}]}], "must not be empty"),
        ([{"percent": 50, "actions": [{"do": "tag", "value": "x" * 41}]}], "too long"),
        ([{"percent": 50, "actions": [{"do": "raise", "value": "low"}]}], "A priority is raised to"),
        ([{"percent": 50, "actions": [{"do": "raise", "value": "step"}, {"do": "raise", "value": "high"}]}], "once"),
        ([{"percent": 50, "actions": [{"do": "reassign", "value": "gone"}]}], "no team “gone”"),
        ([{"percent": 50, "actions": [{"do": "escalate", "value": "Gone"}]}], "no ladder “Gone”"),
        ([75, {"percent": 75, "actions": [ALERT]}], "two thresholds at “75 %”"),
        ([{"offset": -1800}, {"offset": -1800}], "two thresholds at “30 min before it is due”"),
        (list(range(1, MOST + 2)), f"at most {MOST} thresholds"),
    ],
)
def test_each_mistake_gets_one_sentence(wrong, said):
    with pytest.raises(InvalidInput) as error:
        checked(wrong)

    (sentences,) = error.value.errors.values()
    assert len(sentences) == 1
    assert said in sentences[0]


def test_a_threshold_reads_as_a_sentence():
    actions = [
        {"do": "escalate", "value": "Directors"},
        {"do": "reassign", "value": "risk"},
        {"do": "raise", "value": "urgent"},
        {"do": "tag", "value": "At Risk"},
        {"do": "notify", "value": "lead"},
    ]

    (one,) = checked([{"offset": -1800, "actions": actions}])

    assert sentence(one, {"risk": "Risk"}) == (
        "30 min before it is due: alert the team's lead; add the tag “at risk”; raise the priority to Urgent; "
        "give it to Risk; escalate along the ladder “Directors”"
    )
    assert not one.only_tells
    assert {action.do for action in one.actions} == set(ThresholdAction.values)


CELLS = [(metric.value, priority.value) for metric in POLICY_METRICS for priority in Priority]


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(CELLS), min_size=1), st.sets(st.sampled_from(CELLS)))
def test_targets_are_named_in_scopes_that_cover_them_and_no_other(promised, wanted):
    meant = promised & wanted

    found = list(scopes(promised, meant))

    assert {cell for cell in promised if any(covers(scope, cell) for scope in found)} == meant
    assert len(found) <= len(meant)
    assert all(words(scope) for scope in found)


def test_whole_columns_and_rows_are_named_as_such():
    resolve_or_urgent = [cell for cell in CELLS if cell[0] == "resolution" or cell[1] == "urgent"]

    assert list(scopes(CELLS, CELLS)) == [("", "")]
    assert list(scopes(CELLS, resolve_or_urgent)) == [("resolution", ""), ("", "urgent")]
    assert words(("", "urgent")) == "Every promise at Urgent"
