"""One click makes of the cause a problem record with preventive tasks (R51)."""

from datetime import timedelta

import pytest

from common.errors import NotAllowedNow, Refused
from escalation.models import TrackedAction
from escalation.services import resolving as services
from notifications.models import Alert
from tests.desk.helpers import get, post, words
from tests.factories.people import make_user
from tickets import actions as tickets
from tickets.enums import Kind, Relation
from tickets.models import Link, Ticket

# Sooner than anything that the policy promises.
HOURS = timedelta(hours=3)


@pytest.fixture
def analysed(resolving_one, mona, anna, time):
    """Two things were decided; one of them has an owner and a day."""
    known = {"user": mona, "number": resolving_one.number, "now": time.now}
    services.request_analysis(**known)
    actions = [
        {"title": "Check codes before sending", "owner": anna.email, "due_at": time.now + HOURS},
        {"title": "Ask the bank for its list"},
    ]
    services.write_analysis(**known, findings="The code table is from 2019.", actions=actions)
    return known


def test_r51_the_cause_becomes_a_problem_record_with_a_task_for_each_action(analysed, resolving_one, anna, time):
    made = services.prevent(**analysed)

    problem = Ticket.objects.get(kind=Kind.PROBLEM)
    assert problem.messages.filter(body="The code table is from 2019.").exists()
    assert [(task.subject, task.kind, task.due_at) for task in made] == [
        ("Check codes before sending", Kind.TASK, time.now + HOURS),
        ("Ask the bank for its list", Kind.TASK, None),
    ]
    first = Ticket.objects.get(pk=made[0].pk)
    assert (first.assignee, first.team, first.next_due_at) == (anna, problem.team, time.now + HOURS)
    assert set(Link.objects.filter(target=problem, relation=Relation.FOLLOWS).values_list("source", flat=True)) == {
        task.pk for task in made
    }
    assert Alert.objects.filter(recipient=anna, path=f"/tickets/{first.pk}/", kind="handed").count() == 1
    assert resolving_one.analysis.problem == problem


def test_r51_a_second_press_makes_nothing_twice_and_rewriting_keeps_the_tasks(analysed, anna):
    made = services.prevent(**analysed)
    with pytest.raises(NotAllowedNow, match="done or has its task"):
        services.prevent(**analysed)

    services.write_analysis(**analysed, actions=[{"title": made[0].subject}, {"title": "Train the night shift"}])
    (third,) = services.prevent(**analysed)

    assert third.subject == "Train the night shift"
    assert Ticket.objects.filter(kind=Kind.PROBLEM).count() == 1
    assert TrackedAction.objects.get(title=made[0].subject).task_id == made[0].pk


def test_r51_two_actions_of_one_title_keep_one_task_between_them(analysed, anna):
    made = services.prevent(**analysed)

    services.write_analysis(**analysed, actions=[{"title": made[0].subject}, {"title": made[0].subject}])

    assert list(TrackedAction.objects.order_by("pk").values_list("task", flat=True)) == [made[0].pk, None]


def test_r51_r92_an_action_is_done_when_its_task_is_and_open_again_with_it(analysed, anna, time):
    task = services.prevent(**analysed)[0]

    tickets.change_status(ticket=task, verb="solve", now=time.now, by=anna)
    assert TrackedAction.objects.get(task=task).done_at == time.now
    tickets.change_status(ticket=task, verb="reopen", now=time.now, by=anna)

    assert TrackedAction.objects.get(task=task).done_at is None
    assert Ticket.objects.get(pk=task.pk).next_due_at is not None


def test_r51_it_is_one_press_on_the_page_of_the_analysis(analysed, resolving_one, mona, anna):
    number = resolving_one.number
    assert "Open 2 tasks" in words(get(mona, "desk:analysis", number))

    post(mona, "desk:analysis_prevent", number)

    assert "Open 2 tasks" not in words(get(mona, "desk:analysis", number))
    task = TrackedAction.objects.get(owner=anna).task
    assert "To be done by" in words(get(anna, "desk:ticket", task.pk))
    with pytest.raises(Refused):
        services.prevent(**{**analysed, "user": make_user("Olga Outside")})


def test_r51_a_line_that_is_worded_anew_stays_in_its_place(analysed, resolving_one):
    second = {"title": "Ask the bank for its list"}

    services.write_analysis(**analysed, actions=[{"title": "Check every code"}, second])
    worded_anew = [action.title for action in resolving_one.analysis.actions]
    services.write_analysis(**analysed, actions=[second, {"title": "Check every code"}])

    assert worded_anew == ["Check every code", "Ask the bank for its list"]
    assert [action.title for action in resolving_one.analysis.actions] == worded_anew[::-1]
