"""By what reports can be narrowed: the keys of `Asked.of`, and which values each of them takes now.

A source names those that it heeds. A team is its short name (slug), a policy, agent or severity its number.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from escalation.enums import Cause
from escalation.enums import Kind as EscalationKind
from escalation.models import OwnCause
from people.enums import Tier
from people.models import Team, User
from sla.enums import Metric
from sla.models import Policy
from tickets.enums import Channel, Priority
from tickets.models import Service

# A value and its name.
Choice = tuple[str, str]
SEVERITIES = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Filter:
    """`all` says that nothing is left out; `choices` takes one query at most."""

    name: Callable[[], str]
    all: Callable[[], str]
    choices: Callable[[User], Iterable[Choice]]


def _teams(user: User) -> Iterable[Choice]:
    return Team.objects.open_to(user).order_by("name").values_list("slug", "name")


def _agents(user: User) -> Iterable[Choice]:
    people = User.objects.get_queryset().staff().order_by("name", "pk").values_list("pk", "name")
    return ((str(pk), name) for pk, name in people)


def _policies(user: User) -> Iterable[Choice]:
    return ((str(pk), name) for pk, name in Policy.objects.order_by("name").values_list("pk", "name"))


def _services(user: User) -> Iterable[Choice]:
    return Service.objects.order_by("name").values_list("slug", "name")


def _causes(user: User) -> Iterable[Choice]:
    return [*_words(Cause.choices), *OwnCause.objects.order_by("name").values_list("key", "name")]


def _words(choices: Iterable[tuple[object, object]]) -> list[Choice]:
    return [(str(value), str(words)) for value, words in choices]


def _severities(user: User) -> Iterable[Choice]:
    return [(str(number), _("Severity %(n)d") % {"n": number}) for number in SEVERITIES]


FILTERS: dict[str, Filter] = {
    "team": Filter(lambda: _("Team"), lambda: _("All teams"), _teams),
    "agent": Filter(lambda: _("Agent"), lambda: _("All agents"), _agents),
    "tier": Filter(lambda: _("Tier"), lambda: _("All tiers"), lambda user: _words(Tier.choices)),
    "priority": Filter(lambda: _("Priority"), lambda: _("All priorities"), lambda user: _words(Priority.choices)),
    "channel": Filter(lambda: _("Channel"), lambda: _("All channels"), lambda user: _words(Channel.choices)),
    "policy": Filter(lambda: _("Policy"), lambda: _("All policies"), _policies),
    "target": Filter(lambda: _("Target"), lambda: _("All targets"), lambda user: _words(Metric.choices)),
    "kind": Filter(lambda: _("Kind"), lambda: _("All kinds"), lambda user: _words(EscalationKind.choices)),
    "severity": Filter(lambda: _("Severity"), lambda: _("All severities"), _severities),
    "cause": Filter(lambda: _("Cause"), lambda: _("All causes"), _causes),
    "service": Filter(lambda: _("Service"), lambda: _("All services"), _services),
}
