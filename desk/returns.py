"""Back to what a setting was: the row as it stood before a change of the audit trail, or after it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from common import audit, identity
from common.configuring import configure, returnable, version_at
from common.errors import InvalidInput, NotAllowedNow
from common.models import ConfigurationChange
from escalation.services import criteria
from people.models import Team, User
from tickets import defining, macros

Put = Callable[[User, Any, Mapping[str, Any]], object]


def _plainly(user: User, row: models.Model, values: Mapping[str, Any]) -> object:
    return configure(row, by=user, **values)


def _criterion(user: User, row: Any, values: Mapping[str, Any]) -> object:
    team = Team.objects.filter(pk=values["team_id"]).first()
    if values["team_id"] and team is None:
        raise InvalidInput.of("team", _("The team that it went to is gone."))
    terms = {name: value for name, value in values.items() if name != "team_id"}
    return criteria.redefine_criterion(user=user, pk=row.pk, **terms, team_slug=team.slug if team else "")


def _own_field(user: User, row: Any, values: Mapping[str, Any]) -> object:
    terms = {name: values[name] for name in (*defining.TERMS, "key")}
    defining.redefine_field(field=row, by=user, **terms)
    return defining.switch_field(field=row, on=values["is_enabled"], by=user)


def _macro(user: User, row: Any, values: Mapping[str, Any]) -> object:
    return configure(row, by=user, **{**values, "actions": macros.checked(values["actions"])})


def _identity(user: User, row: Any, values: Mapping[str, Any]) -> object:
    return identity.change(by=user, **values)


# By the kind of row. What is no more than its columns is put back plainly.
_PUT: Mapping[str, Put] = {
    "escalation.criterion": _criterion,
    "tickets.customfield": _own_field,
    "common.identity": _identity,
    "tickets.macro": _macro,
    **dict.fromkeys(
        (
            "common.retention",
            "escalation.cadence",
            "escalation.customerright",
            "escalation.escalationchannel",
            "escalation.owncause",
            "escalation.plantemplate",
            "escalation.procedure",
            "escalation.stakeholder",
            "escalation.updatetemplate",
            "people.organisation",
            "people.skill",
            "tickets.quickreply",
            "tickets.service",
            "tickets.tag",
        ),
        _plainly,
    ),
}
# What has versions of its own is returned to there.
_ELSEWHERE = {
    "calendars.calendar": "desk:calendar_versions",
    "sla.policy": "desk:policy",
    "tickets.routingrule": "desk:routing_rule",
}


@dataclass(frozen=True, slots=True)
class Return:
    """A way back: `values` is how it would be, `was` and `becomes` what differs from now."""

    side: str
    row: models.Model
    values: Mapping[str, Any]
    was: Mapping[str, Any]
    becomes: Mapping[str, Any]


def ways_back(change: ConfigurationChange) -> list[Return]:
    """To before it and to after it, as far as these differ from how it is now; none for what is gone."""
    row = _row(change)
    if row is None or change.model not in _PUT:
        return []
    # What was only made has no “before”.
    sides = [side for side in ("before", "after") if getattr(change, side)]
    found = [_way(change, row, side) for side in sides]
    return [one for one in found if one.was != one.becomes]


def why_not(change: ConfigurationChange) -> str:
    """The reason why there is no way back, as a sentence; empty where there may be one."""
    if change.model in _ELSEWHERE:
        return _("It has versions of its own, which can be returned to.")
    if change.model not in _PUT:
        return _("This is told, and cannot be returned to from here.")
    if _row(change) is None:
        return _("It is gone, and is not made again from here.")
    return ""


def elsewhere(change: ConfigurationChange) -> str:
    name = _ELSEWHERE.get(change.model)
    return reverse(name, args=[change.key]) if name and _row(change) is not None else ""


def return_to(change: ConfigurationChange, *, side: str, by: User) -> models.Model:
    """Put it back, by the same rules by which it is changed. NotAllowedNow where it is so already, or is gone."""
    way = next((one for one in ways_back(change) if one.side == side), None)
    if way is None:
        raise NotAllowedNow(_("It is like that already, or cannot be returned to."))
    fields = returnable(way.row)
    _PUT[change.model](by, way.row, {name: fields[name].to_python(value) for name, value in way.values.items()})
    return way.row


def _way(change: ConfigurationChange, row: models.Model, side: str) -> Return:
    values, now = version_at(change, row, before=side == "before"), audit.snapshot(row)
    differing = [name for name, value in values.items() if now.get(name) != value]
    return Return(
        side, row, values, {name: now[name] for name in differing}, {name: values[name] for name in differing}
    )


def _row(change: ConfigurationChange) -> models.Model | None:
    try:
        model = apps.get_model(change.model) if change.model else None
    except LookupError:
        return None
    return model._default_manager.filter(pk=change.key).first() if model and change.key else None
