"""What the room shows of Resolve and Close: duties, task force, what is linked, the analysis, and kind words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.functional import cached_property

from desk.forms import resolving as form
from escalation.close.analyses import ASKABLE, analysis_of
from escalation.enums import OPEN_STATES, Duty, State
from escalation.holders import holder_of, holds
from escalation.models import Escalation, TaskForceMember, TechnicalPlan
from escalation.parties.forces import force_of, is_expert, is_member, newest_plan, room_of
from escalation.parties.linked import open_related
from escalation.permissions import runs, works_on
from escalation.procedures.conditions import waits_for
from people.models import User
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class DutyLook:
    role: str
    name: str
    person: User | None
    form: form.DutyForm | None


class ResolvingLook:
    """Read once by a template; `given` is a form that was refused, by its verb, and takes the blank one's place."""

    def __init__(self, escalation: Escalation, user: User, now: datetime, given: dict[str, forms.Form]) -> None:
        self.escalation, self.user, self.now, self.given = escalation, user, now, given
        self.runs, self.works = runs(user, escalation), works_on(user, escalation)
        self.force = force_of(escalation)
        self.analysis = analysis_of(escalation)
        self.is_resolved = escalation.state == State.RESOLVED

    @cached_property
    def people(self) -> form.People:
        return form.everybody()

    @cached_property
    def duties(self) -> list[DutyLook]:
        found = {duty: holder_of(self.escalation, duty) for duty in Duty}
        return [DutyLook(duty, str(duty.label), person, self._duty(duty, person)) for duty, person in found.items()]

    def _duty(self, duty: Duty, person: User | None) -> form.DutyForm | None:
        if not self.runs:
            return None
        known = {"role": duty.value, "email": person.email if person else ""}
        return form.DutyForm(initial=known, people=self.people, auto_id=f"duty_{duty}_%s")

    @cached_property
    def verify(self) -> forms.Form | None:
        """For the architect, as long as a notice is missing."""
        if not self.is_resolved or not holds(self.user, self.escalation, Duty.ARCHITECT, self.now):
            return None
        return self.given.get("verify") or self.given.get("announce") or form.VerifyForm(auto_id="verify_%s")

    @property
    def asks_to_verify(self) -> bool:
        """Whether the form stands open: its procedure waits for it, or somebody has begun with it."""
        begun = self.escalation.verified_at is not None or bool(self.verify and self.verify.is_bound)
        return begun or waits_for("verified", self.escalation)

    @cached_property
    def hand(self) -> forms.Form | None:
        """To give it to somebody else (R42), for whoever runs it."""
        if not (self.runs and self.escalation.state in (*OPEN_STATES, State.RESOLVED)):
            return None
        return self._blank("hand-over", form.HandForm, people=self.people)

    @cached_property
    def members(self) -> list[TaskForceMember]:
        return list(self.force.members.select_related("person")) if self.force else []

    @cached_property
    def plans(self) -> list[TechnicalPlan]:
        if self.force is None:
            return []
        return list(self.force.plans.select_related("by").prefetch_related("reviews__expert"))

    @property
    def room(self) -> str:
        return room_of(self.escalation)

    @cached_property
    def call(self) -> forms.Form | None:
        if not (self.runs and self.escalation.state in OPEN_STATES):
            return None
        return self._blank("task-force", form.TaskForceForm, people=self.people)

    @cached_property
    def present(self) -> forms.Form | None:
        active = self.force is not None and self.force.suspended_at is None
        if not (active and (self.runs or is_member(self.user, self.escalation))):
            return None
        return self._blank("technical-plan", form.TechnicalPlanForm)

    @cached_property
    def review(self) -> forms.Form | None:
        plan = newest_plan(self.force) if self.force and self.force.suspended_at is None else None
        if plan is None or plan.by_id == self.user.pk or not is_expert(self.user, self.escalation):
            return None
        return self._blank("review-plan", form.ReviewForm, initial={"version": plan.version})

    @cached_property
    def related(self) -> list[Ticket]:
        if not self.is_resolved:
            return []
        return list(open_related(self.escalation).filter(pk__in=Ticket.objects.visible_to(self.user).values("pk")))

    @cached_property
    def resolve_related(self) -> forms.Form | None:
        if not (self.related and self.works):
            return None
        found = [(ticket.number, f"#{ticket.number} {ticket.subject}") for ticket in self.related]
        return self._blank("resolve-related", form.RelatedForm, found=found)

    @cached_property
    def request(self) -> forms.Form | None:
        if self.analysis is not None or not self.works or self.escalation.state not in ASKABLE:
            return None
        return self._blank("request-analysis", form.RequestForm)

    @cached_property
    def kudos(self) -> list[Any]:
        return list(self.escalation.kudos.select_related("to", "by"))

    @cached_property
    def praise(self) -> forms.Form | None:
        if not self.works or self.escalation.state not in (State.RESOLVED, State.CLOSED):
            return None
        return self._blank("kudos", form.KudosForm, people=form.people_of(self.escalation))

    def _blank(self, verb: str, kind: type[forms.Form], **more: Any) -> forms.Form:
        found = self.given.get(verb)
        if found is None:
            return kind(auto_id=f"{verb}_%s", **more)
        again = kind(found.data, auto_id=f"{verb}_%s", **{k: v for k, v in more.items() if k != "initial"})
        # What the desk refuses, and not the form: that stands in the other one alone.
        for name, errors in found.errors.as_data().items():
            if name not in again.errors:
                again.add_error(None if name == NON_FIELD_ERRORS else name, errors)
        return again
