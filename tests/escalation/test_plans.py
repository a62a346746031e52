"""The action plan: made from the record's data (R41), and revised with difference, author and reason (R44)."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from common.errors import InvalidInput, NotAllowedNow, Refused
from escalation import services
from escalation.models import PlanTask, PlanTemplate, PlanVersion
from escalation.procedures.conditions import current_plan
from escalation.procedures.plan_templates import install_plan_templates
from escalation.resolve.plan_changes import Sort, changes
from tests.factories.people import make_team, make_user

HOUR = timedelta(hours=1)


@pytest.fixture
def major(breached):
    return breached(priority="urgent")


def planned(user, number, now, *titles, **more):
    tasks = [{"title": title, "owner": user.email} for title in titles]
    return services.plan(user=user, number=number, tasks=tasks, now=now, **more)


def test_r41_a_plan_is_made_from_severity_service_and_reason_with_owners_and_due_times(major, mona, rosa, anna, time):
    PlanTemplate.objects.bulk_create(
        [
            PlanTemplate(
                name="Major",
                severity_to=2,
                order=1,
                tasks=[
                    {"title": "Find the cause", "owner": "assignee", "minutes": 60},
                    {"title": "Inform the board", "owner": "manager", "minutes": 30},
                ],
            ),
            PlanTemplate(name="Payouts", service="payouts", tasks=[{"title": "Stop the batch", "owner": "lead"}]),
            PlanTemplate(name="Missed", reason="promise", tasks=[{"title": "Find the cause", "minutes": 5}]),
            PlanTemplate(name="Small", severity_from=3, tasks=[{"title": "Never here"}]),
            PlanTemplate(name="Cards", service="cards", tasks=[{"title": "Nor this"}]),
            PlanTemplate(name="Off", is_active=False, tasks=[{"title": "Nor that"}]),
        ]
    )
    major.ticket.tags.create(name="payouts")
    major.ticket.assignee = anna
    major.ticket.save()

    escalation = services.create_plan(user=mona, number=major.number, now=time.now)

    plan = [(task.title, task.owner, task.due_at - time.now) for task in current_plan(escalation)]
    assert plan == [
        ("Inform the board", rosa, HOUR / 2),
        ("Find the cause", anna, HOUR),
        ("Stop the batch", rosa, HOUR),
    ]
    with pytest.raises(NotAllowedNow):
        services.create_plan(user=mona, number=major.number, now=time.now)


def test_r41_every_desk_begins_with_templates_and_a_task_nobody_holds_goes_to_the_manager(major, mona, rosa, time):
    install_plan_templates()
    install_plan_templates()

    tasks = current_plan(services.create_plan(user=mona, number=major.number, now=time.now))

    assert len(tasks) == 5
    assert {task.owner for task in tasks} == {rosa}
    for template in PlanTemplate.objects.all():
        template.full_clean()


@pytest.mark.parametrize(
    "tasks", [{}, ["x"], [{"title": ""}], [{"title": "a", "owner": "king"}], [{"title": "a", "minutes": -1}]]
)
def test_a_template_that_cannot_be_read_is_refused(tasks):
    with pytest.raises(ValidationError):
        PlanTemplate(name="x", tasks=tasks).clean()


def test_r44_a_revision_keeps_author_reason_and_what_it_changed(major, mona, rosa, time):
    number = major.number
    planned(mona, number, time.now, "Find the cause", "Call the bank")
    with pytest.raises(InvalidInput) as refused:
        planned(rosa, number, time.now, "Find the cause", "Write to the bank")
    assert "reason" in refused.value.errors

    planned(rosa, number, time.now, "Find the cause", "Write to the bank", reason="Their line is dead.")

    newest = major.plan_versions.first()
    assert (newest.number, newest.by, newest.reason) == (2, rosa, "Their line is dead.")
    before, after = ([task for task in major.plan_tasks.all() if task.plan_version == n] for n in (1, 2))
    found = [(change.sort, change.after.title) for change in changes(before, after)]
    owner = (Sort.OWNER, "Find the cause")
    assert found == [owner, (Sort.RENAMED, "Write to the bank"), (Sort.OWNER, "Write to the bank")]


def test_r44_whoever_revises_a_plan_that_has_changed_meanwhile_is_told_by_whom(major, mona, rosa, time):
    planned(mona, major.number, time.now, "Call")
    planned(rosa, major.number, time.now, "Write", reason="Better.", based_on=1)

    with pytest.raises(NotAllowedNow, match="Rosa Quiroga has made version 2 meanwhile"):
        planned(mona, major.number, time.now, "Shout", reason="Louder.", based_on=1)

    assert major.plan_versions.count() == 2


def test_what_came_what_went_and_what_is_due_at_another_time(at):
    a, b, c = (PlanTask(title=title, due_at=at) for title in "abc")

    found = changes([a, b], [PlanTask(title="a", due_at=at + HOUR), b, c])
    shorter = changes([a, b, c], [c, a])

    assert [(change.sort, (change.after or change.before).title) for change in found] == [("due", "a"), ("added", "c")]
    assert [(change.sort, change.before.title) for change in shorter] == [("removed", "b")]


def test_only_those_who_work_on_it_make_a_plan(major, mona, adam, time):
    marta = make_user("Marta Kowal")
    make_team("Terminals", lead=None, managers=[], members=[marta])

    with pytest.raises(Refused):
        services.create_plan(user=marta, number=major.number, now=time.now)


def test_a_plan_of_before_gets_its_versions(major, mona, time):
    """R44: the open plans of former rows keep working."""
    planned(mona, major.number, time.now, "Call")
    planned(mona, major.number, time.now, "Write", reason="Better.")
    PlanVersion.objects.all().delete()

    import_module("escalation.migrations.0008_plan_versions").a_version_for_each(apps, None)

    assert list(major.plan_versions.values_list("number", "by__name")) == [(2, "Mona Farias"), (1, "Mona Farias")]
    planned(mona, major.number, time.now, "Shout", reason="Louder.", based_on=2)
    assert major.plan_versions.first().number == 3
