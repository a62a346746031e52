"""The task force: formed, planning, reviewed, suspended, called back (R27, R28, R45)."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from chat import actions as chat
from common.errors import InvalidInput, NotAllowedNow
from common.text import many_lines, one_line
from escalation.actions import check_live, lock_escalation, not_now
from escalation.alerting import alerts
from escalation.duties import call_colleague
from escalation.enums import OPEN_STATES, Verdict
from escalation.models import Escalation, PlanReview, TaskForce, TaskForceMember, TechnicalPlan
from escalation.parties.forces import force_of, room_of
from escalation.recording import record_step
from notifications.actions import notify
from people.models import User

MOST_MEMBERS = 50
REASON_LIMIT = 500


@transaction.atomic
def form_task_force(
    *, number: int, by: User, members: Sequence[str], now: datetime, experts: Sequence[str] = ()
) -> Escalation:
    """These people by address, in a room of their own; called again, who is new joins and who left out stays.

    Experts review the technical plan. Whoever joins is told.
    """
    escalation = lock_escalation(number)
    check_live(escalation)
    if escalation.state not in OPEN_STATES:
        raise not_now(escalation)
    wanted = {call_colleague(email, "members"): False for email in members}
    wanted |= {call_colleague(email, "experts"): True for email in experts}
    if not wanted:
        raise InvalidInput.of("members", _("Name at least one person."))
    if len(wanted) > MOST_MEMBERS:
        raise InvalidInput.of("members", _("A task force has at most %(count)d people.") % {"count": MOST_MEMBERS})
    force = force_of(escalation) or _formed(escalation, by, now)
    _join(force, wanted, by, now)
    return escalation


@transaction.atomic
def present_plan(*, number: int, by: User, body: str, now: datetime, reason: str = "") -> Escalation:
    """A version of the technical plan; from the second on it says why (R45). Its reviews begin anew."""
    body = many_lines(body, field="body", limit=20_000)
    escalation, force = _at_work(number)
    newest = force.plans.first()
    if newest is not None:
        if not reason.strip():
            raise InvalidInput.of("reason", _("Say why the plan changes; it stays with this version."))
        reason = one_line(reason, field="reason", limit=REASON_LIMIT)
    plan = TechnicalPlan.objects.create(
        force=force, version=newest.version + 1 if newest else 1, body=body, reason=reason.strip(), by=by, at=now
    )
    record_step(escalation, "technical_plan", by=by, now=now, version=plan.version, reason=plan.reason)
    experts = [one.person for one in force.members.select_related("person") if one.is_expert and one.person != by]
    notify(
        recipients=experts,
        compose=partial(alerts.review, escalation, plan.version),
        dedupe=f"escalation:{number}:technical:{plan.version}",
        now=now,
    )
    return escalation


@transaction.atomic
def review_plan(*, number: int, by: User, version: int, verdict: str, now: datetime, comment: str = "") -> Escalation:
    """An expert accepts the newest version or wants it changed, with what (R28); nobody reviews his own."""
    if verdict not in Verdict.values:
        raise InvalidInput.of("verdict", _("A verdict is one of %(known)s.") % {"known": ", ".join(Verdict.values)})
    if verdict == Verdict.CHANGE or comment.strip():
        comment = many_lines(comment, field="comment", limit=5000)
    escalation, force = _at_work(number)
    plan = force.plans.first()
    if plan is None or plan.version != version:
        raise NotAllowedNow(_("There is another version of the technical plan: read that one."))
    if plan.by_id == by.pk:
        raise NotAllowedNow(_("Nobody reviews a plan of his own."))
    PlanReview.objects.create(plan=plan, expert=by, verdict=verdict, comment=comment.strip(), at=now)
    record_step(escalation, "plan_reviewed", by=by, now=now, version=version, verdict=verdict, note=comment[:300])
    return escalation


def _at_work(number: int) -> tuple[Escalation, TaskForce]:
    escalation = lock_escalation(number)
    force = force_of(escalation)
    if force is None:
        raise NotAllowedNow(_("%(ref)s has no task force.") % {"ref": escalation.reference})
    if force.suspended_at is not None:
        raise NotAllowedNow(_("The task force of %(ref)s is suspended.") % {"ref": escalation.reference})
    check_live(escalation)
    return escalation, force


def _formed(escalation: Escalation, by: User, now: datetime) -> TaskForce:
    room = chat.open_room(subject=room_of(escalation))
    return TaskForce.objects.create(escalation=escalation, room=room, formed_by=by, formed_at=now)


def _join(force: TaskForce, wanted: dict[User, bool], by: User, now: datetime) -> None:
    escalation = force.escalation
    there = {one.person_id for one in force.members.all()}
    new = [person for person in wanted if person.pk not in there]
    TaskForceMember.objects.bulk_create(
        [TaskForceMember(force=force, person=person, is_expert=wanted[person], joined_at=now) for person in new]
    )
    experts = [person.pk for person, is_expert in wanted.items() if is_expert]
    force.members.filter(person__in=experts).update(is_expert=True)
    names = ", ".join(person.name for person in new)
    record_step(escalation, "task_force", by=by, now=now, count=len(new), people=names[:300])
    notify(
        recipients=[person for person in new if person != by],
        compose=partial(alerts.joined, escalation),
        dedupe=f"escalation:{escalation.number}:force",
        now=now,
    )
