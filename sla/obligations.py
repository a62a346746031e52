"""Obligations that are not time (R76): what a policy requires to be known before a ticket leaves a step.

They bind those who work at the desk. A customer who closes his own matter, a merge and the desk's own housekeeping
are not held up: nobody is there to fill anything in.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Condition, InvalidInput, NotAllowedNow
from sla.enums import ObligationStep
from sla.models import PolicyVersion
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
# Leaving the step means reaching one of these.
_REACHED = {
    ObligationStep.WORK: {Status.OPEN, Status.WAITING, Status.ON_HOLD},
    ObligationStep.SOLVE: {Status.SOLVED},
}
_LEFT = {ObligationStep.WORK: {Status.NEW}, ObligationStep.SOLVE: set(Status) - {Status.SOLVED, Status.CLOSED}}


def known_facts() -> dict[str, str]:
    """Every fact that can be required, in words; one query."""
    fields = CustomField.objects.filter(is_enabled=True)
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
        if event.kind == EventKind.STATUS and event.actor is not None and event.actor.is_agent:
            step = _step(event.data["before"], event.data["after"])
            if step and ticket.merged_into_id is None and "takes_back" not in event.data:
                _hold(ticket, step)


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


def _hold(ticket: Ticket, step: str) -> None:
    version = version_over(ticket)
    if version is None or not version.obligations:
        return
    conditions = conditions_for(ticket, step, obligations_of(version))
    if not all(condition.met for condition in conditions):
        missing = "; ".join(condition.sentence for condition in conditions if not condition.met)
        raise NotAllowedNow(
            _("%(policy)s requires this first: %(missing)s.") % {"policy": version.policy.name, "missing": missing},
            conditions,
        )


def version_over(ticket: Ticket) -> PolicyVersion | None:
    """The policy that the ticket's promises were made under; None without promises."""
    clock = ticket.clocks.select_related("policy_version__policy").order_by("-pk").first()
    return clock.policy_version if clock else None


def _step(before: str, after: str) -> str:
    return next((step for step in ObligationStep if before in _LEFT[step] and after in _REACHED[step]), "")


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
