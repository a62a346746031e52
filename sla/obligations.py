"""Obligations that are not time (R76): what a policy requires to be known before a ticket leaves a step.

They bind those who work at the desk. A customer who closes his own matter, a merge and the desk's own housekeeping
are not held up: nobody is there to fill anything in. What became of each obligation is kept (`Duty`), of an attempt
that was refused too, for the report.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import refusals
from common.errors import Condition, InvalidInput, NotAllowedNow
from sla.enums import DutyOutcome, ObligationStep
from sla.models import Duty, PolicyVersion
from tickets.enums import EventKind, Status
from tickets.models import CustomField, Event, Ticket

FIELD = "field:"


@dataclass(frozen=True, slots=True)
class Obligation:
    """`fact` is a key of `FACTS` or `field:<key of a custom field>`."""

    fact: str
    before: str

    def as_json(self) -> dict[str, str]:
        return {"fact": self.fact, "before": self.before}


@dataclass(frozen=True, slots=True)
class Fact:
    words: Any
    is_known: Callable[[Ticket], bool]


FACTS: dict[str, Fact] = {
    "owner": Fact(gettext_lazy("The ticket has an owner"), lambda ticket: ticket.assignee_id is not None),
    "organisation": Fact(
        gettext_lazy("The customer's organisation is recorded"), lambda ticket: ticket.organisation_id is not None
    ),
    "answer": Fact(
        gettext_lazy("The customer has been answered"), lambda ticket: ticket.last_agent_reply_at is not None
    ),
    "tag": Fact(gettext_lazy("A tag is set"), lambda ticket: ticket.tags.exists()),
}
# Leaving the step means reaching one of these. Who solves what nobody has begun leaves both.
_REACHED = {
    ObligationStep.WORK: {Status.OPEN, Status.WAITING, Status.ON_HOLD, Status.SOLVED, Status.CLOSED},
    ObligationStep.SOLVE: {Status.SOLVED, Status.CLOSED},
}
_LEFT = {ObligationStep.WORK: {Status.NEW}, ObligationStep.SOLVE: set(Status) - {Status.SOLVED, Status.CLOSED}}


def known_facts() -> dict[str, str]:
    """Every fact that can be required, in words; one query."""
    fields = CustomField.objects.in_use()
    return {name: str(fact.words) for name, fact in FACTS.items()} | {
        f"{FIELD}{field.key}": _("“%(label)s” is filled in") % {"label": field.label} for field in fields
    }


def check_obligations(given: Any) -> tuple[Obligation, ...]:
    """As given by a person, without doubles; InvalidInput in one sentence."""
    if not isinstance(given, list | tuple):
        raise _wrong(_("Obligations are a list of objects with fact and before."))
    return tuple(dict.fromkeys(_checked(one, known_facts()) for one in given))


def obligations_of(version: PolicyVersion) -> tuple[Obligation, ...]:
    return tuple(Obligation(one["fact"], one["before"]) for one in version.obligations)


def hold(ticket: Ticket, events: Sequence[Event]) -> None:
    """Let no step be left whose obligations are not met. NotAllowedNow with the checklist, and nothing has happened."""
    for event in events:
        if event.kind == EventKind.STATUS and "takes_back" not in event.data:
            steps = _steps(event.data["before"], event.data["after"])
            if steps:
                _leave(ticket, steps, event)


def catch_up(ticket: Ticket, *, now: datetime) -> None:
    """The ticket has come under other promises: of steps that it has left by then, what they require came too late."""
    version = version_over(ticket)
    if version is None or not version.obligations:
        return
    known = set(ticket.duties.values_list("step", "fact"))
    late = [
        Duty(ticket=ticket, version=version, step=one.before, fact=one.fact, outcome=DutyOutcome.LATER, at=now)
        for one in obligations_of(version)
        if ticket.status not in _LEFT[ObligationStep(one.before)] and (one.before, one.fact) not in known
    ]
    Duty.objects.bulk_create(late)


def conditions_for(ticket: Ticket, step: str, obligations: Iterable[Obligation]) -> list[Condition]:
    """The step's checklist for this ticket. What nobody can fill in any more is not asked for."""
    words = known_facts()
    return [
        Condition(name=one.fact, sentence=words[one.fact], met=is_met(one, ticket))
        for one in obligations
        if one.before == step and one.fact in words
    ]


def is_met(obligation: Obligation, ticket: Ticket) -> bool:
    if obligation.fact.startswith(FIELD):
        return bool(ticket.fields.get(obligation.fact.removeprefix(FIELD), "") != "")
    return FACTS[obligation.fact].is_known(ticket)


def _leave(ticket: Ticket, steps: Sequence[str], event: Event) -> None:
    """Keep how each obligation of these steps stands; refuse where somebody of the desk leaves one unmet."""
    version = version_over(ticket)
    asked = [one for one in obligations_of(version) if one.before in steps] if version else []
    if version is None or not asked:
        return
    words = known_facts()
    asked = [one for one in asked if one.fact in words]
    open_ = [one for one in asked if not is_met(one, ticket)]
    if open_ and _is_held(ticket, event):
        refusals.remember(lambda: _keep_held(ticket, version, open_, event))
        conditions = {c.name: c for step in steps for c in conditions_for(ticket, step, asked)}
        missing = "; ".join(words[fact] for fact in dict.fromkeys(one.fact for one in open_))
        raise NotAllowedNow(
            _("%(policy)s requires this first: %(missing)s.") % {"policy": version.policy.name, "missing": missing},
            list(conditions.values()),
        )
    without = DutyOutcome.BY_CUSTOMER if event.actor and not event.actor.is_agent else DutyOutcome.BY_ITSELF
    _keep(ticket, version, asked, event, dict.fromkeys(open_, without))


def _is_held(ticket: Ticket, event: Event) -> bool:
    return event.actor is not None and event.actor.is_agent and ticket.merged_into_id is None


def _keep_held(ticket: Ticket, version: PolicyVersion, open_: Sequence[Obligation], event: Event) -> None:
    """After the refusal; of a ticket that went with it or is gone meanwhile, nothing."""
    if Ticket.objects.filter(pk=ticket.pk).exists():
        _keep(ticket, version, open_, event, dict.fromkeys(open_, DutyOutcome.HELD))


def _keep(
    ticket: Ticket,
    version: PolicyVersion,
    asked: Sequence[Obligation],
    event: Event,
    outcomes: Mapping[Obligation, DutyOutcome],
) -> None:
    """A line for each, met where nothing else is said."""
    Duty.objects.bulk_create(
        Duty(
            ticket=ticket,
            version=version,
            step=one.before,
            fact=one.fact,
            outcome=outcomes.get(one, DutyOutcome.MET),
            at=event.at,
            by=event.actor,
        )
        for one in asked
    )


def version_over(ticket: Ticket) -> PolicyVersion | None:
    """The policy that the ticket's promises were made under; None without promises."""
    clock = ticket.clocks.select_related("policy_version__policy").order_by("-pk").first()
    return clock.policy_version if clock else None


def _steps(before: str, after: str) -> list[str]:
    return [step for step in ObligationStep if before in _LEFT[step] and after in _REACHED[step]]


def _checked(given: Any, known: dict[str, str]) -> Obligation:
    if not isinstance(given, dict) or set(given) != {"fact", "before"}:
        raise _wrong(_("An obligation is an object with fact and before."))
    if given["before"] not in ObligationStep.values:
        raise _wrong(_("An obligation is before one of %(known)s.") % {"known": ", ".join(ObligationStep.values)})
    if given["fact"] not in known:
        raise _wrong(_("There is no fact “%(fact)s”.") % {"fact": str(given["fact"])[:80]})
    return Obligation(given["fact"], given["before"])


def _wrong(sentence: str) -> InvalidInput:
    return InvalidInput.of("obligations", sentence)
