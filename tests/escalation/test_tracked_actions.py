"""What an analysis decides is tracked once that is submitted, with a task or without (R92)."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from escalation import services
from escalation.enums import DeadlineKind
from escalation.models import Deadline, Escalation, TrackedAction
from escalation.services import resolving, reviewing
from tests.escalation.conftest import asked, run, told_of_late
from tickets import actions as tickets
from tickets.models import Ticket

DAY = timedelta(days=1)


@pytest.fixture
def analysed_one(resolved_one, mona, anna, time) -> Escalation:
    """Its analysis is written, and not submitted: Anna is to check codes within a day, nobody to ask Legal."""
    known = asked(mona, resolved_one, time)
    services.choose_cause(**known, cause="product")
    resolving.request_analysis(**known)
    lines = [{"title": "Check codes", "owner": anna.email, "due_at": time.now + DAY}, {"title": "Ask Legal"}]
    resolving.write_analysis(**known, whys=["One", "Two", "Three"], findings="A code.", actions=lines)
    return resolved_one


def test_r92_what_the_analysis_decided_is_tracked_with_it_once_that_is_submitted(analysed_one, mona, time):
    assert not TrackedAction.objects.open().exists()

    resolving.submit_analysis(**asked(mona, analysed_one, time))
    run(time, DAY)

    assert TrackedAction.objects.open().count() == 2
    assert told_of_late("Check codes") == ["Anna Lindqvist", "Mona Farias"]


def test_r92_an_action_with_a_task_is_met_with_it(analysed_one, mona, anna, time):
    known = asked(mona, analysed_one, time)
    resolving.submit_analysis(**known)
    task = _task_of("Check codes", resolving.prevent(**known))

    tickets.change_status(ticket=task, verb="solve", now=time.now, by=anna)
    run(time, 2 * DAY)

    assert told_of_late("Check codes") == []


def test_r92_what_was_done_before_the_analysis_was_submitted_is_owed_when_it_is_to_be_done_again(
    analysed_one, mona, anna, time
):
    known = asked(mona, analysed_one, time)
    task = _task_of("Check codes", resolving.prevent(**known))
    for verb in ("solve", "reopen", "solve"):
        tickets.change_status(ticket=task, verb=verb, now=time.now, by=anna)
    resolving.submit_analysis(**known)
    assert not Deadline.objects.filter(kind=DeadlineKind.ACTION).exists()

    tickets.change_status(ticket=task, verb="reopen", now=time.now, by=anna)
    run(time, DAY)

    assert told_of_late("Check codes") == ["Anna Lindqvist", "Mona Farias"]


def test_r92_a_clock_set_running_while_its_action_was_done_rings_for_nobody(analysed_one, mona, anna, time):
    resolving.submit_analysis(**asked(mona, analysed_one, time))
    TrackedAction.objects.update(done_at=time.now)
    run(time, DAY)
    clock = Deadline.objects.get(kind=DeadlineKind.ACTION)
    assert (told_of_late("Check codes"), clock.missed_at, clock.cancelled_at) == ([], None, time.now)

    reviewing.finish_action(user=anna, pk=clock.tracked.pk, done=False, now=time.now)
    run(time, timedelta(seconds=1))

    assert told_of_late("Check codes") == ["Anna Lindqvist", "Mona Farias"]


def test_r92_with_the_upgrade_clocks_run_towards_what_earlier_analyses_decided_and_is_still_to_come(
    analysed_one, mona, anna, time
):
    """One is past its day, one is done, one has no day, and one has its clock already."""
    known = asked(mona, analysed_one, time)
    due = {"Past": -DAY, "Done": DAY, "To come": DAY, "With its clock": DAY}
    lines = [{"title": name, "owner": anna.email, "due_at": time.now + when} for name, when in due.items()]
    resolving.write_analysis(**known, actions=[*lines, {"title": "Some day"}])
    move = import_module("escalation.migrations.0036_clocks_of_earlier_actions").set_clocks_running
    move(apps, None)
    assert not Deadline.objects.filter(kind=DeadlineKind.ACTION).exists()
    resolving.submit_analysis(**known)
    TrackedAction.objects.filter(title="Done").update(done_at=time.now)
    Deadline.objects.filter(kind=DeadlineKind.ACTION).exclude(tracked__title="With its clock").delete()

    move(apps, None)

    with_clock = TrackedAction.objects.exclude(deadline=None).order_by("pk")
    assert list(with_clock.values_list("title", flat=True)) == ["To come", "With its clock"]
    run(time, DAY)
    assert told_of_late("To come") == ["Anna Lindqvist", "Mona Farias"]


def _task_of(title: str, tasks: list[Ticket]) -> Ticket:
    return next(task for task in tasks if task.subject == title)
