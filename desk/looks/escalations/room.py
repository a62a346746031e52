"""The room of one escalation: everything that its page shows, in a number of queries that does not grow with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.models import Post
from desk.looks.escalations.affected import AffectedLook, in_room
from desk.looks.escalations.checklists import ConditionLook, checklist_look
from desk.looks.escalations.hand_offs import HandOffLook
from desk.looks.escalations.hand_offs import in_room as hand_off_in_room
from desk.looks.escalations.ladder import RungLook, ladder
from desk.looks.escalations.relations import RelationLook
from desk.looks.escalations.relations import in_room as relations_in_room
from desk.looks.escalations.steps import HourLook, StepLook, first_hour, steps
from desk.looks.escalations.updates import UpdatesLook, updates
from desk.looks.escalations.verbs import Aside, Forward, aside, forward, may_acknowledge
from desk.looks.settings.own_fields import said_of
from desk.looks.ticket.events import Line, line
from desk.looks.ticket.links import LinkLook, LinksLook, links_look
from desk.templatetags.desk_time import clock_text
from escalation.close.causes import CHOOSABLE
from escalation.communicate.handing import newest
from escalation.enums import LIVE_STATES, Kind, State
from escalation.initiate.problem_records import problems_of
from escalation.models import Approval, Escalation, HandOver, PlanTask, PlanVersion, Proposal
from escalation.permissions import may_decide, may_override, may_tick, works_on
from escalation.procedures.conditions import can_be_set_aside, checklist, current_plan
from escalation.procedures.guides import Taken, steps_of
from people.models import User
from sla.thresholds import position_words
from tickets.models import Event, Ticket

NEWEST_EVENTS = 60
NEWEST_POSTS = 50


@dataclass(frozen=True, slots=True)
class RoomLook:
    escalation: Escalation
    origin: str
    steps: list[StepLook]
    facts: list[tuple[str, str]]
    hour: HourLook | None
    conditions: list[ConditionLook]
    met: int
    forward: Forward | None
    may_forward: bool
    aside: list[Aside]
    may_acknowledge: bool
    may_decide: bool
    may_work: bool
    sees_ticket: bool
    """Whoever is called to it from outside sees no page of the ticket."""
    may_override: bool
    is_live: bool
    is_asked: bool
    """What is said of it can still be changed."""
    takes_cause: bool
    approval: Approval | None
    handed: HandOver | None
    """The one that waits, else the last that was acknowledged."""
    may_take: bool
    hand_off: HandOffLook | None
    plan: list[PlanTask]
    planned: PlanVersion | None
    updates: UpdatesLook
    rungs: list[RungLook]
    others: list[Escalation]
    lines: list[Line]
    posts: list[Post]
    affected: AffectedLook
    services: list[str]
    details: list[tuple[str, Any]]
    """The desk's own fields that it has values of."""
    problems: list[Ticket]
    guide: list[Taken]
    may_tick: bool
    links: LinksLook
    relations: list[RelationLook]

    @property
    def ends(self) -> bool:
        """One of the verbs aside is an end, of which a cause may be named (R84)."""
        return any(verb.ends for verb in self.aside)

    @property
    def other_links(self) -> list[LinkLook]:
        """Those of its ticket that are no problem record of its own."""
        shown = {problem.number for problem in self.problems}
        return [link for link in self.links.links if link.number not in shown]

    @property
    def other_escalations(self) -> list[Escalation]:
        """Those about the same ticket that it is not linked to by name."""
        named = {link.name for link in self.relations}
        return [other for other in self.others if other.reference not in named]

    @property
    def guide_taken(self) -> int:
        return sum(step.tick is not None for step in self.guide)

    @property
    def plan_version(self) -> int:
        return self.plan[0].plan_version if self.plan else 0


def room(escalation: Escalation, user: User, now: datetime) -> RoomLook:
    conditions = checklist(escalation)
    events = list(
        Event.objects.about(escalation.reference).select_related("actor").order_by("-at", "-pk")[:NEWEST_EVENTS]
    )
    deadlines = list(escalation.deadlines.all())
    next_step, handed = forward(escalation), newest(escalation)
    services = [row.service.name for row in escalation.affected_services.select_related("service")]
    return RoomLook(
        escalation=escalation,
        origin=_origin(escalation),
        steps=steps(escalation, conditions, events, list(escalation.overrides.filter(lapsed_at=None)), now),
        facts=[*_facts(escalation, now), *([(_("Services"), ", ".join(services))] if services else [])],
        hour=first_hour(deadlines, now) if escalation.state in LIVE_STATES else None,
        conditions=checklist_look(escalation, user, conditions),
        met=sum(condition.met for condition in conditions),
        forward=next_step,
        may_forward=next_step is not None and next_step.may(user, escalation),
        aside=aside(escalation, user),
        may_acknowledge=may_acknowledge(escalation, user),
        may_decide=escalation.state == State.REQUESTED and may_decide(user, escalation),
        may_work=works_on(user, escalation),
        sees_ticket=Ticket.objects.visible_to(user).filter(pk=escalation.ticket_id).exists(),
        may_override=may_override(user, escalation) and can_be_set_aside([one for one in conditions if not one.met]),
        is_live=escalation.state in LIVE_STATES and escalation.state != State.REQUESTED,
        takes_cause=escalation.state in CHOOSABLE and escalation.state != State.REQUESTED,
        handed=handed,
        may_take=handed is not None and handed.acknowledged_at is None and handed.receiver_id == user.pk,
        hand_off=hand_off_in_room(escalation, user, deadlines, now) if escalation.kind == Kind.FUNCTIONAL else None,
        is_asked=escalation.state in LIVE_STATES,
        approval=Approval.objects.filter(escalation=escalation).select_related("by").first(),
        plan=current_plan(escalation),
        planned=escalation.plan_versions.select_related("by").first(),
        updates=updates(escalation, deadlines),
        rungs=ladder(escalation, now),
        others=list(Escalation.objects.visible_to(user).filter(ticket=escalation.ticket_id).exclude(pk=escalation.pk)),
        lines=[line(event) for event in events],
        posts=Post.objects.about(escalation.reference).newest(NEWEST_POSTS),
        affected=in_room(escalation, user, now),
        services=services,
        details=said_of(escalation),
        problems=list(problems_of(escalation, user)),
        guide=steps_of(escalation),
        may_tick=escalation.state in LIVE_STATES and may_tick(user, escalation),
        links=links_look(escalation.ticket, user),
        relations=relations_in_room(escalation, user),
    )


def _origin(escalation: Escalation) -> str:
    if escalation.kind == Kind.AUTOMATIC and escalation.breach is not None:
        return _("Automatic, missed: %(metric)s") % {"metric": escalation.breach.get_metric_display()}
    if escalation.crossing is not None:
        words = {
            "metric": escalation.crossing.get_metric_display(),
            "position": position_words(escalation.crossing.threshold),
        }
        return _("Automatic, by a threshold: %(metric)s, %(position)s") % words
    if escalation.procedure.is_exception:
        return _("Exception, %(reason)s") % {"reason": escalation.get_reason_display().lower()}
    if escalation.proposal is not None:
        words = {"kind": escalation.get_kind_display(), "name": escalation.proposal.source}
        if escalation.proposal.rule_key is not None:
            return _("%(kind)s, by the routing rule “%(name)s”") % words
        return _("%(kind)s, by the criterion “%(name)s”") % words
    known = {"kind": escalation.get_kind_display(), "reason": escalation.get_reason_display().lower()}
    return _("%(kind)s, %(reason)s") % known


def _facts(escalation: Escalation, now: datetime) -> list[tuple[str, str]]:
    """Who holds which role, and what is known, as far as somebody has filled it in."""
    ticket = escalation.ticket
    team = escalation.team or ticket.team
    people: list[tuple[str, Any]] = [
        (_("Escalation manager"), escalation.manager),
        (_("Decides"), escalation.decider if escalation.kind == Kind.HIERARCHICAL else None),
        (_("Asked by"), escalation.requester),
        (_("Why no procedure fits"), escalation.exception_reason),
        (_("What was met"), _met(escalation.proposal)),
        (_("Owner of the ticket"), ticket.assignee),
        (_("Declared resolved"), escalation.resolved_by),
        (_("Verified"), escalation.verified_by),
        (_("Team"), team),
        (_("Came from"), escalation.from_team),
        (_("Customer"), ticket.organisation or ticket.requester),
        (_("Affected"), _affected(escalation.affected_count)),
        (_("Wanted by"), clock_text(escalation.wanted_by, now)),
        (_("Next update by"), clock_text(escalation.next_update_by, now)),
        (_("Cause"), escalation.get_cause_display() if escalation.cause else ""),
        (_("Procedure"), escalation.procedure.name),
    ]
    return [(label, str(who)) for label, who in people if who]


def _met(proposal: Proposal | None) -> str:
    """What fired, each with what was found on the ticket (R9, R11)."""
    parts = proposal.fired.get("parts", []) if proposal else []
    return "; ".join(f"{one['words']} ({one['found']})" if one["found"] else one["words"] for one in parts)


def _affected(count: int) -> str:
    return ngettext("%(n)d customer", "%(n)d customers", count) % {"n": count} if count > 1 else ""


def room_url(number: int) -> str:
    return reverse("desk:escalation", args=[number])
