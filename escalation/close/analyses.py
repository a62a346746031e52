"""The internal root cause analysis: asked for, drafted from what is on record, submitted (R50, R52, R92)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from common.text import many_lines, one_line
from escalation.actions import lock_escalation, meet_deadlines, not_now
from escalation.alerting import alerts
from escalation.close.histories import drafted_timeline, findings_of
from escalation.deadlines.arming import deadline
from escalation.deadlines.reviews import arm_action
from escalation.duties import find_colleague
from escalation.enums import DeadlineKind, Duty, LearnedIn, State
from escalation.holders import who_answers
from escalation.models import Analysis, Escalation, TrackedAction
from escalation.recording import record_step
from notifications.actions import notify
from people.models import User
from tickets.enums import Kind
from tickets.models import Ticket

WITHIN = timedelta(days=5)
WHYS = 5
LONGEST_WHY = 500
WHY_LIMIT = 2000
TEXT_LIMIT = 20_000
MOST_ACTIONS = 50
TEXTS = ("timeline", "contributing", "findings", "for_customers")
ASKABLE = (State.RESOLVING, State.RESOLVED, State.CLOSED)


def analysis_of(escalation: Escalation) -> Analysis | None:
    return getattr(escalation, "analysis", None)


@transaction.atomic
def request_analysis(
    *, number: int, by: User, now: datetime, why: str = "", due_at: datetime | None = None
) -> Escalation:
    """Somebody entitled asks for it, the customer too (R50). Due in five days unless he says when; asked once."""
    escalation = lock_escalation(number)
    if escalation.state not in ASKABLE:
        raise not_now(escalation)
    if analysis_of(escalation) is not None:
        raise NotAllowedNow(_("The analysis has been asked for already."))
    due_at = due_at or now + WITHIN
    if due_at <= now:
        raise InvalidInput.of("due_at", _("This lies in the past."))
    why = many_lines(why, field="why", limit=WHY_LIMIT) if why.strip() else ""
    Analysis.objects.create(
        escalation=escalation,
        requested_by=by,
        requested_at=now,
        why_asked=why,
        due_at=due_at,
        timeline=drafted_timeline(escalation),
    )
    deadline(escalation, DeadlineKind.ANALYSIS, due_at).save()
    record_step(escalation, "analysis_requested", by=by, now=now, note=why[:300])
    notify(
        recipients=who_answers(escalation, Duty.COORDINATOR, now),
        compose=partial(alerts.analysis_asked, escalation),
        dedupe=f"escalation:{number}:analysis",
        now=now,
    )
    return escalation


@transaction.atomic
def write_analysis(*, number: int, by: User, now: datetime, given: Mapping[str, Any]) -> Escalation:
    """Save what is known so far: of the texts those that are given, the five whys, the actions, the problem.

    A problem that is named for the first time brings its findings along, where none are written yet (R26).
    """
    escalation, analysis = _open(number)
    for name in TEXTS:
        if name in given:
            text = str(given[name])
            setattr(analysis, name, many_lines(text, field=name, limit=TEXT_LIMIT) if text.strip() else "")
    if "whys" in given:
        analysis.whys = _whys(given["whys"])
    if "problem" in given:
        _take_problem(analysis, given["problem"])
    analysis.save(update_fields=[*TEXTS, "whys", "problem"])
    if "actions" in given:
        _set_actions(analysis, given["actions"])
    record_step(escalation, "analysis_written", by=by, now=now)
    return escalation


@transaction.atomic
def submit_analysis(*, number: int, by: User, now: datetime) -> Escalation:
    """The coordinator stands by it (R26, R52): a cause, three whys at least and what is done about it."""
    escalation, analysis = _open(number)
    missing = [
        sentence
        for is_there, sentence in (
            (bool(escalation.cause), _("the cause")),
            (len(analysis.whys) >= 3, _("three whys at least")),
            (bool(analysis.contributing or analysis.findings), _("contributing causes or the problem's findings")),
            (analysis.actions.exists(), _("an action")),
        )
        if not is_there
    ]
    if missing:
        raise NotAllowedNow(_("The analysis lacks: %(what)s.") % {"what": ", ".join(missing)})
    analysis.submitted_at = now
    analysis.submitted_by = by
    analysis.save(update_fields=["submitted_at", "submitted_by"])
    meet_deadlines(escalation, DeadlineKind.ANALYSIS, now)
    # Whoever reopens a task at this moment holds its action and does not see yet that it is owed: he is waited for.
    for action in analysis.actions.select_for_update(of=("self",)):
        if action.done_at is None:
            arm_action(action)
    record_step(escalation, "analysis_submitted", by=by, now=now)
    return escalation


def _open(number: int) -> tuple[Escalation, Analysis]:
    escalation = lock_escalation(number)
    analysis = analysis_of(escalation)
    if analysis is None:
        raise NotAllowedNow(_("Nobody has asked for an analysis of %(ref)s.") % {"ref": escalation.reference})
    if analysis.submitted_at is not None:
        raise NotAllowedNow(_("The analysis of %(ref)s is submitted.") % {"ref": escalation.reference})
    return escalation, analysis


def _whys(given: Sequence[str]) -> list[str]:
    if len(given) > WHYS:
        raise InvalidInput.of("whys", _("There are five whys."))
    return [one_line(why, field="whys", limit=LONGEST_WHY) for why in given if str(why).strip()]


def _take_problem(analysis: Analysis, number: int | None) -> None:
    problem = Ticket.objects.filter(number=number, kind=Kind.PROBLEM).first() if number else None
    if number and problem is None:
        raise InvalidInput.of("problem", _("#%(number)d is no problem record.") % {"number": number})
    analysis.problem = problem
    if problem is not None and not analysis.findings:
        analysis.findings = findings_of(problem)


def _set_actions(analysis: Analysis, given: Sequence[Mapping[str, Any]]) -> None:
    """These instead of those before, in their order; what was done under the same title stays done, and keeps its task.

    Its row stays as well, held: its task may be solved at this moment, under the lock of that alone.
    """
    if len(given) > MOST_ACTIONS:
        raise InvalidInput.of("actions", _("An analysis has at most %(count)d actions.") % {"count": MOST_ACTIONS})
    before: defaultdict[str, list[TrackedAction]] = defaultdict(list)
    for action in analysis.actions.select_for_update(of=("self",)):
        before[action.title].append(action)
    for place, line in enumerate(given):
        title = one_line(str(line.get("title") or ""), field="actions")
        action = before[title].pop(0) if before[title] else _new_action(analysis, title)
        email = str(line.get("owner") or "")
        action.owner = find_colleague(analysis.escalation, email, "actions") if email else None
        action.due_at, action.for_customers = line.get("due_at"), bool(line.get("for_customers"))
        action.place = place
        action.save()
    analysis.actions.filter(pk__in=[action.pk for left in before.values() for action in left]).delete()


def _new_action(analysis: Analysis, title: str) -> TrackedAction:
    return TrackedAction(escalation=analysis.escalation, learned_in=LearnedIn.ANALYSIS, title=title)
