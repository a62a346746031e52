"""What a new plan begins with: the tasks of every template that fits (R41), and those that every desk has."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from escalation.enums import PlanOwner, Reason
from escalation.models import Escalation, PlanTask, PlanTemplate
from escalation.permissions import hearing_of
from people.chain import stand_in
from people.models import User

DEFAULTS = [
    {
        "name": "Major matter",
        "severity_to": 2,
        "order": 10,
        "tasks": [
            {"title": "Find out who is affected, and how much", "owner": PlanOwner.MANAGER, "minutes": 30},
            {"title": "Find the cause", "owner": PlanOwner.ASSIGNEE, "minutes": 60},
            {"title": "Agree on a way around for those who wait", "owner": PlanOwner.LEAD, "minutes": 90},
            {"title": "Put the remedy in place", "owner": PlanOwner.ASSIGNEE, "minutes": 180},
            {"title": "See that it works for every affected customer", "owner": PlanOwner.MANAGER, "minutes": 240},
        ],
    },
    {
        "name": "Something is broken",
        "severity_to": 4,
        "reason": Reason.TECHNICAL,
        "order": 20,
        "tasks": [
            {"title": "Reproduce it, with the steps on the ticket", "owner": PlanOwner.ASSIGNEE, "minutes": 45},
        ],
    },
    {
        "name": "Money is needed",
        "severity_to": 4,
        "reason": Reason.FUNDING,
        "order": 30,
        "tasks": [{"title": "Have the sum approved", "owner": PlanOwner.MANAGER, "minutes": 60}],
    },
    {
        "name": "People are missing",
        "severity_to": 4,
        "reason": Reason.STAFF,
        "order": 40,
        "tasks": [{"title": "Find somebody who is free and can do it", "owner": PlanOwner.LEAD, "minutes": 60}],
    },
    {
        "name": "A promise was missed",
        "severity_from": 3,
        "severity_to": 4,
        "reason": Reason.PROMISE,
        "order": 50,
        "tasks": [
            {"title": "Answer the customer, with a time", "owner": PlanOwner.ASSIGNEE, "minutes": 30},
            {"title": "Do what was promised", "owner": PlanOwner.ASSIGNEE, "minutes": 240},
        ],
    },
]


def install_plan_templates() -> None:
    """Add the default templates to a desk that has none; whoever has removed one does not get it back."""
    if not PlanTemplate.objects.exists():
        PlanTemplate.objects.bulk_create([PlanTemplate(**fields) for fields in DEFAULTS])


def drafts_for(escalation: Escalation, now: datetime) -> list[PlanTask]:
    """The tasks of all templates that fit, each title once, in the order of their due times; not yet stored."""
    chosen: dict[str, dict[str, Any]] = {}
    for template in fitting(escalation):
        for task in template.tasks:
            chosen.setdefault(task["title"], task)
    found = [
        PlanTask(
            title=title,
            owner=_owner(escalation, task.get("owner", ""), now),
            due_at=now + timedelta(minutes=task.get("minutes", 60)),
        )
        for title, task in chosen.items()
    ]
    return sorted(found, key=lambda task: task.due_at or now)


def fitting(escalation: Escalation) -> list[PlanTemplate]:
    """The active templates for its severity, its services and the reason for which it was raised."""
    found = PlanTemplate.objects.filter(
        Q(reason="") | Q(reason=escalation.reason),
        is_active=True,
        severity_from__lte=escalation.severity,
        severity_to__gte=escalation.severity,
    )
    slugs = services_of(escalation)
    return [template for template in found if not template.service or template.service in slugs]


def services_of(escalation: Escalation) -> set[str]:
    """The short names of its services (R18); the tags of its ticket as long as nobody has named one."""
    named = set(escalation.affected_services.order_by().values_list("service__slug", flat=True))
    return named or {tag.name for tag in escalation.ticket.tags.all()}


def _owner(escalation: Escalation, role: str, now: datetime) -> User | None:
    """Who that is here, or who stands in for him; a task whose role nobody holds goes to the escalation manager."""
    person = _OWNERS[role](escalation) if role in _OWNERS else None
    person = person or escalation.manager
    return stand_in(person, now, hearing_of(escalation)) if person else None


def _lead(escalation: Escalation) -> User | None:
    team = escalation.team or escalation.ticket.team
    return team.lead if team else None


_OWNERS: dict[str, Callable[[Escalation], User | None]] = {
    PlanOwner.MANAGER: lambda escalation: escalation.manager,
    PlanOwner.ASSIGNEE: lambda escalation: escalation.ticket.assignee,
    PlanOwner.LEAD: _lead,
}
