"""Internal targets as somebody gives them, and their sum beside what the customer is promised."""

import pytest

from common.errors import InvalidInput
from sla.policies import terms_of
from sla.team_targets import check_team_targets, sums_of
from tests.factories.calendars import make_calendar
from tests.factories.people import make_team
from tests.factories.sla import HOUR, make_policy


def own(team: str, hours: int, priority: str = "normal", **flags) -> dict:
    return {"team": team, "priority": priority, "seconds": hours * HOUR, **flags}


@pytest.fixture
def risk(db):
    return make_team("Risk")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("two hours", "are a list"),
        (["two hours"], "is an object"),
        ([own("nobody", 2)], "There is no team “nobody”"),
        ([own("payments", 2, "grave")], "priority is one of"),
        ([own("payments", 0)], "between one second and a year"),
        ([own("payments", 367 * 24)], "between one second and a year"),
        ([own("payments", 2), own("payments", 3)], "same team and priority"),
        ([own("payments", 2, escalates="yes")], "is true or false"),
        ([own("payments", 2, thresholds=[75])], "has no “thresholds”"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(given, sentence, payments):
    with pytest.raises(InvalidInput) as refused:
        check_team_targets(given)

    assert sentence in refused.value.errors["team_targets"][0]


def test_the_sum_is_held_against_what_the_customer_is_promised(payments, risk, at):
    policy = make_policy(
        at, resolution=5 * HOUR, team_targets=[own("payments", 2), own("risk", 4), own("risk", 5, "low")]
    )

    low, normal = sorted(sums_of(terms_of(policy.versions.get())), key=lambda one: one.priority)

    assert (normal.seconds, normal.promised, normal.is_too_long) == (6 * HOUR, 5 * HOUR, True)
    assert (low.seconds, low.is_too_long) == (5 * HOUR, False)


def test_sums_in_other_hours_are_not_held_against_each_other(payments, at):
    policy = make_policy(
        at, resolution=HOUR, calendar=make_calendar(at), team_targets=[own("payments", 2, round_the_clock=True)]
    )

    (found,) = sums_of(terms_of(policy.versions.get()))

    assert (found.is_comparable, found.is_too_long) == (False, False)
