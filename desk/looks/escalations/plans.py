"""The versions of an action plan, and in words what each one changed (R44)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.templatetags.desk_time import clock_text
from escalation.models import Escalation, PlanTask, PlanVersion
from escalation.resolve.plan_changes import Change, Sort, changes


@dataclass(frozen=True, slots=True)
class ChangeLook:
    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class VersionLook:
    """One version; `changes` is empty for the first, whose tasks are listed instead."""

    version: PlanVersion
    tasks: list[PlanTask]
    changes: list[ChangeLook]
    is_first: bool


_WORDS: dict[Sort, tuple[str, Promise]] = {
    Sort.ADDED: ("plus", gettext_lazy("Added: “%(after)s”, %(owner)s, %(due)s")),
    Sort.REMOVED: ("minus", gettext_lazy("Removed: “%(before)s”")),
    Sort.RENAMED: ("pencil", gettext_lazy("“%(before)s” is now “%(after)s”")),
    Sort.OWNER: ("user-check", gettext_lazy("“%(after)s”: %(owner_before)s → %(owner)s")),
    Sort.DUE: ("clock-hour-4", gettext_lazy("“%(after)s”: due %(due_before)s → %(due)s")),
}


def versions(escalation: Escalation, now: datetime) -> list[VersionLook]:
    """The newest first. Two queries, however many there are."""
    tasks: dict[int, list[PlanTask]] = {}
    for task in escalation.plan_tasks.select_related("owner"):
        tasks.setdefault(task.plan_version, []).append(task)
    found = list(escalation.plan_versions.select_related("by"))
    return [
        VersionLook(
            version=version,
            tasks=tasks.get(version.number, []),
            changes=[
                change_look(change, now)
                for change in changes(tasks.get(version.number - 1, []), tasks.get(version.number, []))
            ]
            if version.number > 1
            else [],
            is_first=version.number == 1,
        )
        for version in found
    ]


def change_look(change: Change, now: datetime) -> ChangeLook:
    icon, words = _WORDS[change.sort]
    before, after = change.before, change.after
    known = {
        "before": before.title if before else "",
        "after": after.title if after else "",
        "owner_before": _owner(before),
        "owner": _owner(after),
        "due_before": _due(before.due_at if before else None, now),
        "due": _due(after.due_at if after else None, now),
    }
    return ChangeLook(icon, str(words) % known)


def _owner(task: PlanTask | None) -> str:
    return task.owner.name if task and task.owner else _("nobody")


def _due(at: datetime | None, now: datetime) -> str:
    return clock_text(at, now) if at else _("without a time")
