"""Thresholds in the editor of a policy: rows with and without script, what is kept, what is refused, what is said."""

from datetime import timedelta

import pytest
from django.test import Client

from sla.models import Policy, PolicyVersion
from sla.policies import terms_of
from sla.publishing import create_policy
from tests.desk.helpers import signed_in
from tests.desk.test_policies import LIST, filled
from tests.factories.sla import HOUR

PARTS = ("metric", "priority", "place", "length", "told")


@pytest.fixture
def admin(adam) -> Client:
    return signed_in(adam)


@pytest.fixture
def address(policy: Policy) -> str:
    return f"{LIST}{policy.pk}/"


A_ROW = {
    "step-shown": "1",
    "step-0-metric": "resolution",
    "step-0-priority": "",
    "step-0-place": "before",
    "step-0-length": "30 min",
    "step-0-told": ["lead", "managers"],
    "step-0-tags": "At risk, vip",
    "step-0-raise": "step",
    "step-0-team": "",
    "step-0-ladder": "own",
}


def test_thresholds_are_added_row_by_row_without_script_and_nothing_typed_is_lost(admin, address, policy):
    typed = filled(admin, address, **{"target-resolution-high": "7 h"}, **A_ROW)

    answer = admin.post(address, {**typed, "step-add": "1"})
    page = answer.content.decode()

    assert answer.status_code == 200
    assert page.count('name="step-0-place"') == page.count('name="step-1-place"') == 1
    assert 'value="7 h"' in page
    assert "Resolve, 30 min before it is due: alert the team&#x27;s lead; alert the team&#x27;s managers" in page
    assert not PolicyVersion.objects.filter(published_at=None).exists()
    less = admin.post(address, {**typed, "step-remove": "0"}).content.decode()
    assert "step-0-place" not in less


def test_a_row_of_thresholds_is_kept_for_the_targets_it_is_about_and_shown_again_as_one_row(admin, address, policy):
    admin.post(address, filled(admin, address, **A_ROW))

    draft = policy.versions.get(published_at=None)
    for target in draft.targets.all():
        kept = [one for one in target.thresholds if not isinstance(one, int)]
        assert [one["offset"] for one in kept] == ([-1800] if target.metric == "resolution" else [])
    rows = admin.get(address).context["form"].steps.rows
    assert [(row.scope, row.length, row.tags, row.raised, row.ladder) for row in rows] == [
        (("resolution", ""), "30 min", "at risk, vip", "step", "own")
    ]
    page = admin.get(address).content.decode()
    assert "Resolve, threshold added: 30 min before it is due: alert the team&#x27;s lead" in page
    assert page.count("threshold added") == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"step-0-length": "soon"}, "“soon” is no length"),
        ({"step-0-length": "25 h"}, "Resolve at Urgent: 25 h before the due time is not within a target of 24 h"),
        ({"step-0-place": "percent", "step-0-length": "150"}, "between 1 and 99"),
        ({"step-0-place": "percent", "step-0-length": "75 %"}, "two thresholds at “75 %”"),
        ({"step-0-team": "ghosts"}, "no team “ghosts”"),
        ({"step-0-ladder": "Gone"}, "no ladder “Gone”"),
        ({"step-0-tags": "x" * 41}, "too long"),
        ({"step-0-told": [], "step-0-tags": "", "step-0-raise": "", "step-0-ladder": ""}, "at least one thing"),
        ({"step-0-metric": "periodic_update"}, "nothing of it is promised"),
    ],
)
def test_a_wrong_threshold_gets_its_sentence_and_stays_as_it_was_typed(admin, address, policy, changes, said):
    answer = admin.post(address, filled(admin, address, **{**A_ROW, **changes}))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert page.count('name="step-0-place"') == 1
    assert not policy.versions.filter(published_at=None).exists()


def test_a_form_without_the_editor_leaves_thresholds_as_they_are(admin, address, policy):
    admin.post(address, filled(admin, address, **A_ROW))
    admin.post(address, filled(admin, address, **{"target-resolution-high": "7 h"}))

    draft = policy.versions.get(published_at=None)
    assert [
        one["offset"] for one in draft.targets.get(metric="resolution", priority="high").thresholds if one != 75
    ] == [-1800]


def test_a_draft_that_only_alerts_otherwise_is_rehearsed_with_whom_and_when(
    admin, address, open_ticket, rosa, at, time
):
    ticket = open_ticket(now=at)
    time.move_to(at + timedelta(hours=24))
    row = {**A_ROW, "step-0-ladder": "", "step-0-raise": "", "step-0-tags": "", "step-0-told": ["lead"]}
    admin.post(address, filled(admin, address, **row))

    shown = admin.get(f"{address}rehearsal/", headers={"HX-Request": "true"}).content.decode()

    assert "More on the way" in shown
    assert f"#{ticket.number}" in shown
    assert "Resolve, 30 min before it is due" in shown
    assert "would have alerted Rosa Quiroga" in shown
    assert "0 due times move" in shown


def test_rows_that_cross_say_the_same_once_so_that_saving_them_unchanged_changes_nothing(admin, at, payments):
    lead = {"offset": -1800, "actions": [{"do": "notify", "value": "lead"}]}
    long = {("resolution", "high"), ("resolution", "low"), ("first_response", "low")}
    targets = [
        {"metric": metric, "priority": priority, "seconds": HOUR, "thresholds": [75, lead] if at_ in long else [75]}
        for metric in ("first_response", "resolution")
        for priority in ("high", "low")
        for at_ in [(metric, priority)]
    ]
    policy = create_policy(name="Crossed", targets=targets, now=at)
    address = f"{LIST}{policy.pk}/"

    page = admin.get(address)
    rows = {
        f"step-{row.number}-{part}": value
        for row in page.context["form"].steps.rows
        for part, value in zip(
            ("metric", "priority", "place", "length", "told"),
            (*row.scope, row.place, row.length, row.told),
            strict=True,
        )
    }
    answer = admin.post(address, filled(admin, address, **{"step-shown": "1"}, **rows))

    assert [row.scope for row in page.context["form"].steps.rows] == [("resolution", ""), ("", "low")]
    assert answer.status_code == 302
    before, after = (terms_of(policy.versions.get(number=number)).targets for number in (1, 2))
    assert set(before) == set(after)
